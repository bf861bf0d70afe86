import * as crd from './crd';
import { fail } from '../private/errors';

/** How a Vault role is taken on with the ServiceAccount of cert-manager's choice. */
export interface VaultKubernetesOptions {
  /**
   * Where the authentication method is mounted.
   *
   * @default /v1/auth/kubernetes
   */
  readonly mountPath?: string;

  /**
   * Audiences of the token, beside that which names the issuer.
   *
   * @default - none
   */
  readonly audiences?: string[];
}

/**
 * How cert-manager shows Vault who it is.
 *
 * @see https://cert-manager.io/docs/configuration/vault/
 */
export class VaultAuth {
  /**
   * By a short-lived token of a ServiceAccount. Needs no secret.
   *
   * @param role role of Vault
   * @param serviceAccount ServiceAccount in the namespace of the issuer (of cert-manager, for a ClusterIssuer)
   * @param options where the method is mounted
   */
  public static kubernetes(role: string, serviceAccount: string, options: VaultKubernetesOptions = {}): VaultAuth {
    const { mountPath, audiences } = options;
    return new VaultAuth({ kubernetes: { role: said('role', role), mountPath, serviceAccountRef: { name: said('ServiceAccount', serviceAccount), audiences } } });
  }

  /**
   * By a token that a Secret holds.
   *
   * @param secretName name of the Secret
   * @param key entry of the Secret
   */
  public static token(secretName: string, key: string = 'token'): VaultAuth {
    return new VaultAuth({ tokenSecretRef: { name: said('Secret', secretName), key } });
  }

  /**
   * By AppRole.
   *
   * @param roleId id of the role
   * @param secretName name of the Secret that holds its secret id
   * @param key entry of the Secret
   * @param mountPath where the method is mounted
   */
  public static appRole(roleId: string, secretName: string, key: string = 'secretId', mountPath: string = 'approle'): VaultAuth {
    return new VaultAuth({ appRole: { path: mountPath, roleId: said('role id', roleId), secretRef: { name: said('Secret', secretName), key } } });
  }

  /**
   * By a client certificate.
   *
   * @param secretName name of a Secret of type kubernetes.io/tls
   * @param role certificate role of Vault; all are tried when it is empty
   * @param mountPath where the method is mounted
   */
  public static clientCertificate(secretName: string, role: string = '', mountPath: string = '/v1/auth/cert'): VaultAuth {
    return new VaultAuth({ clientCertificate: { secretName: said('Secret', secretName), name: role === '' ? undefined : role, mountPath } });
  }

  /**
   * By any method, in cert-manager's own words (field `auth`).
   *
   * @param auth the field
   */
  public static other(auth: { [field: string]: any }): VaultAuth {
    return new VaultAuth(auth);
  }

  private constructor(private readonly rendered: crd.VaultAuth) {}

  /** @internal */
  public _render(): crd.VaultAuth {
    return this.rendered;
  }
}

function said(what: string, text: string): string {
  return text === '' ? fail('MESH-E030', `authentication at Vault without ${what}`, 'name it') : text;
}
