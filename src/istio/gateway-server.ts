import * as crd from './crd';
import { Host } from './host';
import { ServerTls } from './server-tls';
import { WireProtocol } from './wire-protocol';
import { isIpAddress, portNumber } from '../core/private/check-values';
import { Protocol } from '../core/protocol';
import { dnsLabel } from '../private/dns';
import { fail } from '../private/errors';

/** What a gateway listens for. */
export interface GatewayServerOptions {
  /** Names that clients ask for. `Host.any()` stands for all. */
  readonly hosts: Host[];

  /**
   * Number of the port that clients connect to, as the Service of the gateway names it.
   *
   * @default - 80 for HTTP, 443 for HTTPS and TLS; every other protocol must name one
   */
  readonly portNumber?: number;

  /**
   * Name of the port; every server of a Gateway has its own.
   *
   * @default - the protocol and the number, with a counter where that is not enough
   */
  readonly portName?: string;

  /**
   * Name of the server.
   *
   * @default - none
   */
  readonly serverName?: string;

  /**
   * Namespaces whose VirtualServices may answer for the hosts. `.` is the namespace of the Gateway.
   *
   * @default - every namespace
   */
  readonly routesFrom?: string[];

  /**
   * Address that the gateway listens at: an IP address, or `unix:///path` of a socket.
   *
   * @default - all addresses
   */
  readonly bind?: string;

  /**
   * Where connections go that no route takes, such as `127.0.0.1:8080` or `unix:///path`.
   *
   * @default - nowhere
   */
  readonly defaultEndpoint?: string;
}

/** What a gateway listens for without TLS. */
export interface PlainServerOptions extends GatewayServerOptions {
  /**
   * Whether clients are sent to the same address over HTTPS (status 301).
   *
   * @default false
   */
  readonly redirectToHttps?: boolean;
}

/**
 * One port of a gateway, and the hosts that are asked for there.
 */
export class GatewayServer {
  /** HTTP without TLS. */
  public static http(options: PlainServerOptions): GatewayServer {
    return new GatewayServer('HTTP', 80, options, options.redirectToHttps ? { httpsRedirect: true } : undefined);
  }

  /**
   * HTTP over TLS.
   *
   * @param tls how TLS is spoken
   */
  public static https(tls: ServerTls, options: GatewayServerOptions): GatewayServer {
    return new GatewayServer('HTTPS', 443, options, tls._render(), tls);
  }

  /**
   * Any protocol over TLS.
   *
   * @param tls how TLS is spoken
   */
  public static tls(tls: ServerTls, options: GatewayServerOptions): GatewayServer {
    return new GatewayServer('TLS', 443, options, tls._render(), tls);
  }

  /** A plain byte stream. */
  public static tcp(options: GatewayServerOptions): GatewayServer {
    return new GatewayServer('TCP', undefined, options);
  }

  /**
   * A protocol without TLS: HTTP/2, gRPC, or one that only Istio knows.
   *
   * @param protocol `Protocol.HTTP2` or `Protocol.GRPC`
   */
  public static plain(protocol: Protocol, options: GatewayServerOptions): GatewayServer {
    if (protocol === Protocol.HTTPS || protocol === Protocol.TLS) {
      fail('MESH-E031', `${protocol} without TLS settings`, 'use GatewayServer.https() or GatewayServer.tls()');
    }
    return new GatewayServer(protocol.toUpperCase(), protocol === Protocol.TCP ? undefined : 80, options);
  }

  /**
   * A protocol that only Istio knows.
   *
   * @param protocol such as `WireProtocol.MONGO`
   */
  public static wire(protocol: WireProtocol, options: GatewayServerOptions): GatewayServer {
    if (protocol === WireProtocol.UDP) {
      fail('MESH-E003', 'a gateway for UDP, which no proxy of Istio takes', 'use a Service of type LoadBalancer');
    }
    return new GatewayServer(protocol, undefined, options);
  }

  /** What is spoken, in Istio's words. */
  public readonly protocolName: string;
  /** Number of the port; 0 for a socket. */
  public readonly portNumber: number;
  /** Name of the port, if it was said. */
  public readonly portName?: string;
  /** How TLS is spoken, if it is. */
  public readonly serverTls?: ServerTls;
  private readonly options: GatewayServerOptions;
  private readonly tlsFields?: crd.ServerTLSSettings;

  private constructor(protocol: string, usual: number | undefined, options: GatewayServerOptions, fields?: crd.ServerTLSSettings, tls?: ServerTls) {
    const { hosts, bind, portName, routesFrom } = options;
    const socket = bind?.startsWith('unix://') ?? false;
    this.protocolName = protocol;
    this.portNumber = checkedPort(protocol, options.portNumber ?? (socket ? 0 : usual), socket);
    this.portName = portName;
    this.serverTls = tls;
    this.options = options;
    this.tlsFields = fields;
    if (hosts.length === 0) { fail('MESH-E030', 'a server without hosts', 'name at least one host, or Host.any()'); }
    if (bind !== undefined && !socket && !isIpAddress(bind)) {
      fail('MESH-E032', `invalid address to listen at, got "${bind}"`, 'use an IP address, or unix:// and the absolute path of a socket');
    }
    if (bind !== undefined && socket && !/^unix:\/\/[/@].*[^/]$/.test(bind)) {
      fail('MESH-E032', `invalid socket, got "${bind}"`, 'write unix:// and an absolute path, such as "unix:///var/run/gateway.sock"');
    }
    routesFrom?.filter((namespace) => namespace !== '.').forEach((namespace) => dnsLabel('namespace', namespace));
  }

  /** Names that clients ask for. */
  public get hosts(): Host[] {
    return [...this.options.hosts];
  }

  /** Address that is listened at, if it was said. */
  public get bind(): string | undefined {
    return this.options.bind;
  }

  /** Namespaces whose VirtualServices may answer; empty for all. */
  public get routesFrom(): string[] {
    return [...this.options.routesFrom ?? []];
  }

  /**
   * The server with a name that none of `taken` has.
   *
   * @internal
   */
  public _render(taken: Set<string>): crd.Server {
    const { hosts, routesFrom, serverName, bind, defaultEndpoint } = this.options;
    return {
      name: serverName,
      port: { number: this.portNumber, name: this.nameBeside(taken), protocol: this.protocolName },
      hosts: hosts.flatMap(({ hostName }) => routesFrom?.map((namespace) => `${namespace}/${hostName}`) ?? hostName),
      tls: this.tlsFields,
      bind,
      defaultEndpoint,
    };
  }

  private nameBeside(taken: Set<string>): string {
    if (this.portName !== undefined) { return this.portName; }
    const base = `${this.protocolName.toLowerCase().replace(/_/g, '-')}-${this.portNumber}`;
    let name = base;
    for (let count = 2; taken.has(name); count++) { name = `${base}-${count}`; }
    taken.add(name);
    return name;
  }
}

function checkedPort(protocol: string, number: number | undefined, socket: boolean): number {
  if (number === undefined) { fail('MESH-E030', `a server for ${protocol} without port`, 'name it with portNumber'); }
  if (!socket) { return portNumber('port', number); }
  if (number !== 0) { fail('MESH-E031', `a server at a socket and at port ${number}`, 'leave out bind or portNumber'); }
  return 0;
}
