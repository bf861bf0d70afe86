import { Destination } from './destination';

/** What happens to connections to a service. */
export interface TcpRule {
  /**
   * Number of the Service port that they came in by.
   *
   * @default - the only port of the service that carries no requests
   */
  readonly servicePort?: number;

  /**
   * Names that a client asks for when it begins TLS (SNI). Only for ports that carry TLS of the application's own.
   *
   * @default - any
   */
  readonly serverNames?: string[];

  /** Where connections go. With several destinations each has a weight, and the weights sum to 100. */
  readonly destinations: Destination[];
}
