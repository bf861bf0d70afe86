import { dnsLabel, dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/**
 * Who a workload is: a ServiceAccount of a namespace within a trust domain, written as a SPIFFE ID.
 *
 * @see https://spiffe.io/docs/latest/spiffe-about/spiffe-concepts/
 */
export class Identity {
  /**
   * The identity of a Kubernetes ServiceAccount.
   *
   * @param namespace namespace of the ServiceAccount
   * @param name name of the ServiceAccount
   * @param trustDomain trust domain that vouches for it; `cluster.local` unless given
   */
  public static serviceAccount(namespace: string, name: string, trustDomain: string = 'cluster.local'): Identity {
    dnsLabel('namespace', namespace);
    dnsSubdomain('ServiceAccount name', name);
    dnsSubdomain('trust domain', trustDomain);
    return new Identity(trustDomain, namespace, name);
  }

  /**
   * An identity read from its SPIFFE ID.
   *
   * @param id such as `spiffe://cluster.local/ns/shop/sa/cart`
   */
  public static spiffe(id: string): Identity {
    const match = /^spiffe:\/\/([^/]+)\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(id);
    if (!match) {
      fail('MESH-E011', `invalid SPIFFE ID, got "${id}"`, 'use spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT');
    }
    return Identity.serviceAccount(match[2], match[3], match[1]);
  }

  /** Name of the trust domain. */
  public readonly trustDomain: string;
  /** Namespace of the ServiceAccount. */
  public readonly namespace: string;
  /** Name of the ServiceAccount. */
  public readonly serviceAccountName: string;

  private constructor(trustDomain: string, namespace: string, serviceAccountName: string) {
    this.trustDomain = trustDomain;
    this.namespace = namespace;
    this.serviceAccountName = serviceAccountName;
  }

  /** The SPIFFE ID, such as `spiffe://cluster.local/ns/shop/sa/cart`. */
  public get spiffeId(): string {
    return `spiffe://${this.trustDomain}/ns/${this.namespace}/sa/${this.serviceAccountName}`;
  }

  /** The SPIFFE ID without its scheme, as Istio's policies write it. */
  public get principal(): string {
    return this.spiffeId.slice('spiffe://'.length);
  }

  /**
   * Whether both stand for the same workload.
   *
   * @param other the identity to compare with
   */
  public sameAs(other: Identity): boolean {
    return this.spiffeId === other.spiffeId;
  }
}
