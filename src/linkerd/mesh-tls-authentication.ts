import { Construct } from 'constructs';
import { ClientIdentity } from './client-identity';
import * as crd from './crd';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';

/** A MeshTLSAuthentication of this app, or one that is only known by its name. */
export interface IMeshTlsAuthentication extends IMeshResource {
}

/** Who counts as known. */
export interface MeshTlsAuthenticationProps extends ResourceProps {
  /**
   * The clients, any of which. Either all of them by reference (ServiceAccounts and namespaces) or all by name.
   *
   * @default - those added with addClient
   */
  readonly clients?: ClientIdentity[];
}

/**
 * Clients that are known by the certificate that the mesh gave them.
 *
 * Emits a MeshTLSAuthentication.
 *
 * @see https://linkerd.io/2/reference/authorization-policy/#meshtlsauthentication
 *
 * @example
 *
 * new linkerd.MeshTlsAuthentication(this, 'tools', { clients: [linkerd.ClientIdentity.namespace('tools')] });
 */
export class MeshTlsAuthentication extends CuratedResource implements IMeshTlsAuthentication {
  /**
   * A MeshTLSAuthentication that is only known by its name.
   *
   * @param name name of the object
   * @param namespace its namespace; that of whatever refers to it unless given
   */
  public static fromMeshTlsAuthenticationName(scope: Construct, id: string, name: string, namespace?: string): IMeshTlsAuthentication {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly ownClients: ClientIdentity[] = [];

  public constructor(scope: Construct, id: string, props: MeshTlsAuthenticationProps = {}) {
    super(scope, id, crd.MeshTLSAuthentication, props);
    props.clients?.forEach((client) => this.addClient(client));
  }

  /** The clients, so far. */
  public get clients(): ClientIdentity[] {
    return [...this.ownClients];
  }

  /**
   * Counts another client as known.
   *
   * @param client the client
   */
  public addClient(client: ClientIdentity): void {
    const [first] = this.ownClients;
    if (first && (first._name === undefined) !== (client._name === undefined)) {
      fail('MESH-E031', `${first.toString()} and ${client.toString()} in one authentication, which takes either names or references`,
        'make another MeshTlsAuthentication, and a policy for each', this.node.path);
    }
    this.ownClients.push(client);
  }

  /** @internal */
  public _render(): crd.MeshTLSAuthenticationSpec {
    if (this.ownClients.length === 0) {
      fail('MESH-E030', 'an authentication of nobody', 'name a client, such as ClientIdentity.serviceAccount(identity)', this.node.path);
    }
    const names = this.ownClients.flatMap(({ _name }) => _name ?? []);
    return names.length > 0 ? { identities: names } : { identityRefs: this.ownClients.map(({ _reference }) => ({ ..._reference! })) };
  }
}
