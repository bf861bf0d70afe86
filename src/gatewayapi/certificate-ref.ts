import { ObjectReference } from './object-reference';
import { dnsLabel, dnsSubdomain } from '../private/dns';

/**
 * Where a certificate and its key are kept.
 */
export class CertificateRef {
  /**
   * A Secret of type kubernetes.io/tls.
   *
   * @param name name of the Secret
   * @param namespace its namespace; that of the Gateway unless given. From another one the Gateway needs a ReferenceGrant, which it emits
   */
  public static secret(name: string, namespace?: string): CertificateRef {
    return CertificateRef.of({ group: '', kind: 'Secret', name, namespace });
  }

  /**
   * An object of another kind that the controller of the gateway knows.
   *
   * @param reference the object
   */
  public static of(reference: ObjectReference): CertificateRef {
    dnsSubdomain(`name of a ${reference.kind}`, reference.name);
    if (reference.namespace !== undefined) { dnsLabel('namespace', reference.namespace); }
    return new CertificateRef(reference);
  }

  /** The object. */
  public readonly reference: ObjectReference;

  private constructor(reference: ObjectReference) {
    this.reference = reference;
  }
}

/**
 * Where the certificates of authorities are kept, by which others are checked.
 */
export class AuthorityRef {
  /**
   * A ConfigMap with certificates under the key `ca.crt`.
   *
   * @param name name of the ConfigMap
   * @param namespace its namespace; that of whatever refers to it unless given
   */
  public static configMap(name: string, namespace?: string): AuthorityRef {
    return AuthorityRef.of({ group: '', kind: 'ConfigMap', name, namespace });
  }

  /**
   * An object of another kind that the controller of the gateway knows.
   *
   * @param reference the object
   */
  public static of(reference: ObjectReference): AuthorityRef {
    dnsSubdomain(`name of a ${reference.kind}`, reference.name);
    if (reference.namespace !== undefined) { dnsLabel('namespace', reference.namespace); }
    return new AuthorityRef(reference);
  }

  /** The object. */
  public readonly reference: ObjectReference;

  private constructor(reference: ObjectReference) {
    this.reference = reference;
  }
}
