import { AuthorityRef } from './certificate-ref';

/** How the certificates of clients are checked. */
export interface ClientValidation {
  /** Authorities, any of which may have signed them; 1 to 16. */
  readonly authorities: AuthorityRef[];

  /**
   * Whether clients without a good certificate are let in all the same, for the server behind to decide.
   *
   * @default false
   */
  readonly optional?: boolean;
}

/** How the certificates of the clients of one port are checked. */
export interface PortClientValidation {
  /** Number of the port. */
  readonly port: number;

  /**
   * How they are checked.
   *
   * @default - they are not
   */
  readonly validation?: ClientValidation;
}

/** What a gateway does about the certificates of its clients, and which one it shows itself. */
export interface GatewayTls {
  /**
   * How the certificates of clients are checked, on ports for which nothing else is said.
   *
   * @default - they are not
   */
  readonly clientValidation?: ClientValidation;

  /**
   * How the certificates of the clients of some ports are checked.
   *
   * @default - as `clientValidation` says
   */
  readonly portValidations?: PortClientValidation[];
}
