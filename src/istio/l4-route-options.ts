import { Host } from './host';
import { CallerMatch } from './request-match';
import { RouteTarget } from './route-target';

/** What a connection must look like; all that is given must hold. */
export interface ConnectionMatch extends CallerMatch {
  /**
   * Number of the Service port, or of the gateway's server, that it comes in by.
   *
   * @default - any
   */
  readonly servicePort?: number;

  /**
   * Addresses that it goes to, such as `10.0.0.0/8`.
   *
   * @default - any
   */
  readonly destinationBlocks?: string[];
}

/** What a TLS connection must look like, before anybody has decrypted it. */
export interface TlsMatch extends ConnectionMatch {
  /** Names that the client asks for (SNI); any of these. Each is one of the hosts of the VirtualService, or within a wildcard of them. */
  readonly sniHosts: Host[];
}

/** What a TCP connection must look like. */
export interface TcpMatch extends ConnectionMatch {
  /**
   * Addresses that it comes from, such as `10.0.0.0/8`.
   *
   * @default - any
   */
  readonly sourceBlock?: string;
}

/** Where some TLS connections go that the proxy passes on as they are. */
export interface TlsRouteOptions {
  /** The connections; any of these may hold. */
  readonly matches: TlsMatch[];
  /** Where they go. With several destinations each has a weight. */
  readonly destinations: RouteTarget[];
}

/** Where some TCP connections go. */
export interface TcpRouteOptions {
  /**
   * The connections; any of these may hold.
   *
   * @default - all
   */
  readonly matches?: TcpMatch[];

  /** Where they go. With several destinations each has a weight. */
  readonly destinations: RouteTarget[];
}
