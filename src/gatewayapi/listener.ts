import { AllowedRoutes } from './allowed-routes';
import { CertificateRef } from './certificate-ref';
import * as crd from './crd';
import { checkedHostname } from './private/hostname';
import { portNumber } from '../core/private/check-values';
import { dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/** What can be said of every listener. */
export interface ListenerOptions {
  /**
   * Name of the listener; routes attach to it by its name.
   *
   * @default - the protocol in lower case, with the port when it is not the usual one
   */
  readonly listenerName?: string;

  /**
   * Which routes may attach.
   *
   * @default - those in the namespace of the Gateway
   */
  readonly routes?: AllowedRoutes;
}

/** What can be said of a listener that knows host names. */
export interface HostListenerOptions extends ListenerOptions {
  /**
   * Number of the port.
   *
   * @default - 80 for HTTP, 443 with TLS
   */
  readonly port?: number;

  /**
   * Host name that is answered for; the first label may be a wildcard.
   *
   * @default - any
   */
  readonly hostname?: string;
}

/** What can be said of a listener that ends TLS. */
export interface TlsListenerOptions extends HostListenerOptions {
  /**
   * Settings that the controller of the gateway knows, such as `gateway.istio.io/tls-terminate-mode`.
   *
   * @default - none
   */
  readonly tlsOptions?: { readonly [name: string]: string };
}

interface ListenerFacts {
  readonly protocol: string;
  readonly port: number;
  readonly usualPort?: number;
  readonly label?: string;
  readonly tls?: crd.ListenerTLSConfig;
  readonly certificates?: readonly CertificateRef[];
}

/**
 * A port of a gateway, and what is spoken on it.
 */
export class Listener {
  /** HTTP without TLS. */
  public static http(options: HostListenerOptions = {}): Listener {
    return new Listener({ protocol: 'HTTP', port: options.port ?? 80, usualPort: 80 }, options);
  }

  /**
   * HTTP with TLS, which the gateway ends.
   *
   * @param certificates certificates of the server; there may be none only when `tlsOptions` says how to get one
   */
  public static https(certificates: CertificateRef[], options: TlsListenerOptions = {}): Listener {
    const tls = terminate(certificates, options);
    return new Listener({ protocol: 'HTTPS', port: options.port ?? 443, usualPort: 443, tls, certificates }, options);
  }

  /** Any protocol with TLS, which the server behind the gateway ends. TLSRoutes say which server that is, by the name asked for (SNI). */
  public static tlsPassthrough(options: HostListenerOptions = {}): Listener {
    return new Listener({ protocol: 'TLS', port: options.port ?? 443, usualPort: 443, tls: { mode: crd.TLSMode.PASSTHROUGH } }, options);
  }

  /**
   * Any protocol with TLS, which the gateway ends.
   *
   * @param certificates certificates of the server; there may be none only when `tlsOptions` says how to get one
   */
  public static tlsTerminate(certificates: CertificateRef[], options: TlsListenerOptions = {}): Listener {
    const tls = terminate(certificates, options);
    return new Listener({ protocol: 'TLS', port: options.port ?? 443, usualPort: 443, tls, certificates }, options);
  }

  /**
   * A plain byte stream.
   *
   * @param port number of the port
   */
  public static tcp(port: number, options: ListenerOptions = {}): Listener {
    return new Listener({ protocol: 'TCP', port }, options);
  }

  /**
   * Datagrams.
   *
   * @param port number of the port
   */
  public static udp(port: number, options: ListenerOptions = {}): Listener {
    return new Listener({ protocol: 'UDP', port }, options);
  }

  /**
   * A protocol that only some controllers know, such as `HBONE` of Istio's waypoints.
   *
   * @param protocol name of the protocol
   * @param port number of the port
   */
  public static of(protocol: string, port: number, options: ListenerOptions = {}): Listener {
    return new Listener({ protocol, port, label: 'listener' }, options);
  }

  /** Name of the listener. */
  public readonly listenerName: string;
  /** What is spoken, as the API spells it. */
  public readonly protocol: string;
  /** Number of the port. */
  public readonly port: number;
  /** Host name that is answered for; undefined for any. */
  public readonly hostname?: string;
  private readonly routes?: AllowedRoutes;
  private readonly facts: ListenerFacts;

  private constructor(facts: ListenerFacts, options: HostListenerOptions) {
    portNumber('port', facts.port);
    const base = facts.label ?? facts.protocol.toLowerCase();
    const { hostname } = options;
    this.listenerName = dnsSubdomain('listener name', options.listenerName ?? (facts.port === facts.usualPort ? base : `${base}-${facts.port}`));
    this.protocol = facts.protocol;
    this.port = facts.port;
    this.hostname = hostname === undefined ? undefined : checkedHostname(hostname);
    this.routes = options.routes;
    this.facts = facts;
  }

  /** Whether requests are seen here: HTTP, with TLS or without. */
  public get carriesRequests(): boolean {
    return this.protocol === 'HTTP' || this.protocol === 'HTTPS';
  }

  /** @internal */
  public get _certificates(): readonly CertificateRef[] {
    return this.facts.certificates ?? [];
  }

  /** @internal */
  public get _routes(): AllowedRoutes {
    return this.routes ?? AllowedRoutes.sameNamespace();
  }

  /** @internal */
  public _render(): crd.Listener {
    return {
      name: this.listenerName,
      protocol: this.protocol,
      port: this.port,
      hostname: this.hostname,
      tls: this.facts.tls,
      allowedRoutes: this.routes?._render(),
    };
  }
}

function terminate(certificates: readonly CertificateRef[], { tlsOptions }: TlsListenerOptions): crd.ListenerTLSConfig {
  if (certificates.length === 0 && Object.keys(tlsOptions ?? {}).length === 0) {
    fail('MESH-E030', 'a listener with TLS and no certificate', 'name one, such as CertificateRef.secret("shop-cert")');
  }
  if (certificates.length > 64) {
    fail('MESH-E038', `${certificates.length} certificates`, 'use at most 64, and another listener for the others');
  }
  return {
    mode: crd.TLSMode.TERMINATE,
    certificateRefs: certificates.length > 0 ? certificates.map(({ reference }) => ({ ...reference })) : undefined,
    options: tlsOptions && { ...tlsOptions },
  };
}
