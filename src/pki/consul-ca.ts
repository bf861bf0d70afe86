import { Duration } from 'cdk8s';
import { renderDuration } from '../private/duration-grammar';
import { fail } from '../private/errors';

/** How certificates of Consul's proxies are made. */
export interface ConsulCaOptions {
  /**
   * How long certificates of proxies are valid.
   *
   * @default Duration.hours(72)
   */
  readonly proxyLifetime?: Duration;
}

/** A Vault that signs for Consul. */
export interface ConsulVaultOptions extends ConsulCaOptions {
  /** Address, such as `https://vault.example.com:8200`. */
  readonly address: string;

  /** Role of Vault that Consul's servers take on with their ServiceAccount. */
  readonly role: string;

  /**
   * Path of the root.
   *
   * @default connect-root
   */
  readonly rootPath?: string;

  /**
   * Path of the intermediate, one for each datacenter.
   *
   * @default connect-intermediate
   */
  readonly intermediatePath?: string;

  /**
   * Where the Kubernetes authentication is mounted.
   *
   * @default kubernetes
   */
  readonly authMountPath?: string;
}

/**
 * Whoever signs the certificates of Consul's proxies. It is Consul itself, a Vault or AWS Private CA: Consul takes neither a certificate and key of
 * yours nor cert-manager's, so that a mesh of Consul cannot name an authority. cert-manager may issue what Consul's servers show by TLS
 * (Helm values `global.tls.caCert` and `server.serverCert`) and what gateways show to clients outside.
 *
 * Emits nothing; Consul is installed with `helmValues`. Consul changes roots by itself: proxies trust old and new, until nothing under the old is left.
 *
 * @see https://developer.hashicorp.com/consul/docs/secure-mesh/certificate
 *
 * @example
 *
 * pki.ConsulCa.vault({ address: 'https://vault.example.com:8200', role: 'consul-server' }).helmValues;
 */
export class ConsulCa {
  /**
   * Consul's own authority.
   *
   * @param options how certificates are made
   */
  public static builtIn(options: ConsulCaOptions = {}): ConsulCa {
    return new ConsulCa('consul', {}, options);
  }

  /**
   * A Vault: keys of root and intermediate never leave it.
   *
   * @param options which
   */
  public static vault(options: ConsulVaultOptions): ConsulCa {
    const { address, role, rootPath = 'connect-root', intermediatePath = 'connect-intermediate', authMountPath = 'kubernetes' } = options;
    if (!/^https?:\/\//.test(address)) { fail('MESH-E030', `invalid address of a Vault, got "${address}"`, 'use the form https://vault.example.com:8200'); }
    if (role === '') { fail('MESH-E030', 'authentication at Vault without role', 'name it'); }
    if (rootPath === intermediatePath) { fail('MESH-E031', `root and intermediate at one path, ${rootPath}`, 'give each a path of its own'); }
    return new ConsulCa('vault', {
      address,
      root_pki_path: rootPath,
      intermediate_pki_path: intermediatePath,
      auth_method: { type: 'kubernetes', mount_path: authMountPath, params: { role } },
    }, options);
  }

  /**
   * AWS Private Certificate Authority.
   *
   * @param arn the authority, which signs certificates of authorities
   * @param options how certificates are made
   */
  public static awsPca(arn: string, options: ConsulCaOptions = {}): ConsulCa {
    if (!/^arn:aws[a-z-]*:acm-pca:[a-z0-9-]+:\d{12}:certificate-authority\/[0-9a-f-]+$/.test(arn)) {
      fail('MESH-E030', `invalid ARN of a certificate authority, got "${arn}"`, 'use the form arn:aws:acm-pca:REGION:ACCOUNT:certificate-authority/ID');
    }
    return new ConsulCa('aws-pca', { existing_arn: arn }, options);
  }

  /** Values of Consul's chart. */
  public readonly helmValues: { [key: string]: any };

  private constructor(provider: string, config: { [field: string]: any }, { proxyLifetime = Duration.hours(72) }: ConsulCaOptions) {
    const hours = proxyLifetime.toHours({ integral: false });
    if (hours < 1 || hours > 365 * 24) { fail('MESH-E050', `certificates of proxies of ${hours} hours`, 'use an hour to a year: Consul takes no others'); }
    const caConfig = { ...config, leaf_cert_ttl: renderDuration(proxyLifetime.toMilliseconds(), 'consul') };
    // The chart takes Consul's own configuration as a text.
    this.helmValues = { connectInject: { enabled: true }, server: { extraConfig: JSON.stringify({ connect: [{ enabled: true, ca_provider: provider, ca_config: [caConfig] }] }) } };
  }
}
