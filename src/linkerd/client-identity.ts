import * as crd from './crd';
import { Identity } from '../core/identity';
import { dnsLabel, dnsSubdomain, isDnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/**
 * Whom a client must be, by the certificate that the mesh gave it.
 */
export class ClientIdentity {
  /** Anybody in the mesh. */
  public static any(): ClientIdentity {
    return new ClientIdentity('*');
  }

  /**
   * The identity of a ServiceAccount, in whatever trust domain the mesh has.
   *
   * @param identity the identity
   */
  public static serviceAccount(identity: Identity): ClientIdentity {
    const { serviceAccountName: name, namespace } = identity;
    return new ClientIdentity(undefined, { kind: 'ServiceAccount', name, namespace });
  }

  /**
   * Every ServiceAccount of a namespace.
   *
   * @param name name of the namespace
   */
  public static namespace(name: string): ClientIdentity {
    return new ClientIdentity(undefined, { kind: 'Namespace', name: dnsLabel('namespace', name) });
  }

  /**
   * An identity by its name in certificates.
   *
   * @param name such as `web.shop.serviceaccount.identity.linkerd.cluster.local`; `*.` at its beginning stands for one label or more
   */
  public static named(name: string): ClientIdentity {
    if (!isDnsSubdomain(name.startsWith('*.') ? name.slice(2) : name)) {
      fail('MESH-E011', `invalid identity, got "${name}"`, 'use a DNS name, whose first label may be "*", or ClientIdentity.spiffe()');
    }
    return new ClientIdentity(name);
  }

  /**
   * An identity that SPIRE gave out, such as that of an external workload.
   *
   * @param id such as `spiffe://root.linkerd.cluster.local/vm`
   */
  public static spiffe(id: string): ClientIdentity {
    const match = /^spiffe:\/\/([^/\s]+)(\/[^/\s?#]+)*$/.exec(id);
    if (!match) { fail('MESH-E011', `invalid SPIFFE ID, got "${id}"`, 'use spiffe://TRUST-DOMAIN/PATH'); }
    dnsSubdomain('trust domain', match[1]);
    return new ClientIdentity(id);
  }

  private constructor(private readonly name: string | undefined, private readonly reference?: crd.IdentityReference) {}

  /** The identity as people write it. */
  public toString(): string {
    return this.name ?? `${this.reference!.kind} ${this.reference!.namespace === undefined ? '' : `${this.reference!.namespace}/`}${this.reference!.name}`;
  }

  /** @internal */
  public get _name(): string | undefined {
    return this.name;
  }

  /** @internal */
  public get _reference(): crd.IdentityReference | undefined {
    return this.reference;
  }
}
