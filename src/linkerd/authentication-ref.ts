import * as crd from './crd';
import { IMeshTlsAuthentication } from './mesh-tls-authentication';
import { INetworkAuthentication } from './network-authentication';
import { Identity } from '../core/identity';

const GROUP = 'policy.linkerd.io';

/**
 * Something that a client must be able to show.
 */
export class AuthenticationRef {
  /**
   * To be one of some clients of the mesh.
   *
   * @param authentication the clients
   */
  public static meshTls(authentication: IMeshTlsAuthentication): AuthenticationRef {
    const { resourceName: name, resourceNamespace: namespace } = authentication;
    return new AuthenticationRef({ group: GROUP, kind: 'MeshTLSAuthentication', name, namespace });
  }

  /**
   * To call from some addresses.
   *
   * @param authentication the addresses
   */
  public static network(authentication: INetworkAuthentication): AuthenticationRef {
    const { resourceName: name, resourceNamespace: namespace } = authentication;
    return new AuthenticationRef({ group: GROUP, kind: 'NetworkAuthentication', name, namespace });
  }

  /**
   * To run under a ServiceAccount.
   *
   * @param identity its identity
   */
  public static serviceAccount(identity: Identity): AuthenticationRef {
    return new AuthenticationRef({ group: '', kind: 'ServiceAccount', name: identity.serviceAccountName, namespace: identity.namespace });
  }

  private constructor(private readonly reference: crd.NamespacedTargetReference) {}

  /** Kind of what is referred to. */
  public get referenceKind(): string {
    return this.reference.kind;
  }

  /** @internal */
  public _render(): crd.NamespacedTargetReference {
    return this.reference;
  }
}
