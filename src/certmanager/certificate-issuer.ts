import { IMeshResource } from '../core/resource';

/** Whoever signs certificates for cert-manager: an Issuer or ClusterIssuer of this app, one that is only known by its name, or one of another project. */
export interface ICertificateIssuer extends IMeshResource {
  /** Kind of the object, such as `ClusterIssuer`. */
  readonly issuerKind: string;

  /** API group of the object, such as `cert-manager.io`. */
  readonly issuerGroup: string;
}
