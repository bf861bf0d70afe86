import { Host } from './host';
import { PoolTuning } from './pool-tuning';
import { ServerTls } from './server-tls';
import { WireProtocol } from './wire-protocol';
import { ConnectionPool } from '../core/circuit-breaker';
import { IMeshService } from '../core/mesh-service';
import { Port } from '../core/port';
import { dnsLabel } from '../private/dns';

/**
 * Services that proxies learn of, by namespace and host.
 */
export class EgressHost {
  /**
   * A service of this app.
   *
   * @param service the service
   */
  public static service(service: IMeshService): EgressHost {
    return EgressHost.host(service.serviceNamespace, Host.service(service));
  }

  /**
   * A host, where one namespace declares it.
   *
   * @param namespace namespace of the Service or ServiceEntry
   * @param host the host
   */
  public static host(namespace: string, host: Host): EgressHost {
    return new EgressHost(dnsLabel('namespace', namespace), host);
  }

  /**
   * All services of a namespace.
   *
   * @param name name of the namespace
   */
  public static namespace(name: string): EgressHost {
    return new EgressHost(dnsLabel('namespace', name), Host.any());
  }

  /**
   * Services of the namespace in which the Sidecar stands.
   *
   * @param host which ones; all unless given
   */
  public static ownNamespace(host: Host = Host.any()): EgressHost {
    return new EgressHost('.', host);
  }

  /**
   * A host, in whatever namespace it is declared.
   *
   * @param host the host; all unless given
   */
  public static everywhere(host: Host = Host.any()): EgressHost {
    return new EgressHost('*', host);
  }

  /**
   * Services that are left out of what the other entries say.
   *
   * @param namespace namespace of the services
   * @param host which ones; all unless given
   */
  public static except(namespace: string, host: Host = Host.any()): EgressHost {
    return new EgressHost(`~${dnsLabel('namespace', namespace)}`, host);
  }

  private constructor(private readonly namespaceName: string, private readonly hosts: Host) {}

  /** The entry as Istio writes it, such as `shop/cart.shop.svc.cluster.local`. */
  public toString(): string {
    return `${this.namespaceName}/${this.hosts.hostName}`;
  }
}

/** Whether and how connections reach a listener. */
export enum CaptureMode {
  /** As the pod was set up. */
  DEFAULT = 'DEFAULT',
  /** They are redirected to it by the rules of the pod. */
  IPTABLES = 'IPTABLES',
  /** The application calls it by its own address. */
  NONE = 'NONE',
}

/** What proxies listen for on behalf of their application. */
export interface EgressListener {
  /** Services that can be called. */
  readonly hosts: EgressHost[];

  /**
   * The port that the application calls; its number counts.
   *
   * @default - the ports of the services; there can be one such listener
   */
  readonly port?: Port;

  /**
   * What is spoken on the port, when only Istio knows it.
   *
   * @default - as the port says
   */
  readonly wireProtocol?: WireProtocol;

  /**
   * Address that is listened at: an IP address, or `unix:///path` of a socket. Only with a port.
   *
   * @default - as Istio finds right
   */
  readonly bind?: string;

  /**
   * Whether and how connections reach the listener.
   *
   * @default CaptureMode.DEFAULT
   */
  readonly captureMode?: CaptureMode;
}

/** What proxies listen for on behalf of the callers of their application. */
export interface IngressListener {
  /** The port that callers reach; its target port counts, for it is the pod's own. */
  readonly port: Port;

  /**
   * What is spoken on the port, when only Istio knows it.
   *
   * @default - as the port says
   */
  readonly wireProtocol?: WireProtocol;

  /**
   * IP address that is listened at.
   *
   * @default - the address of the pod
   */
  readonly bind?: string;

  /**
   * Whether and how connections reach the listener.
   *
   * @default CaptureMode.DEFAULT
   */
  readonly captureMode?: CaptureMode;

  /**
   * Where the application listens: `127.0.0.1:PORT`, `0.0.0.0:PORT`, `[::1]:PORT`, `:PORT` or `unix:///path`.
   *
   * @default - at the same port
   */
  readonly defaultEndpoint?: string;

  /**
   * How TLS is spoken that does not come from the mesh. The certificate lies in files; the port is declared with `Port.tls()` or `Port.https()`.
   *
   * @default - only the mutual TLS of the mesh
   */
  readonly tls?: ServerTls;

  /**
   * How much may come in by this port at a time.
   *
   * @default - as the Sidecar says
   */
  readonly pool?: ConnectionPool;

  /**
   * What only Istio knows of connections.
   *
   * @default - nothing
   */
  readonly poolTuning?: PoolTuning;
}
