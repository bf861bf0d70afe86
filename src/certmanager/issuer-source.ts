import * as crd from './crd';
import { VaultAuth } from './vault-auth';
import { dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/** Where clients learn what a certificate authority has revoked, and who it is. */
export interface CaIssuerOptions {
  /**
   * Addresses of revocation lists, which certificates name.
   *
   * @default - none
   */
  readonly crlDistributionPoints?: string[];

  /**
   * Addresses of the issuer's own certificate.
   *
   * @default - none
   */
  readonly issuingCertificateUrls?: string[];

  /**
   * Addresses of OCSP responders.
   *
   * @default - none
   */
  readonly ocspServers?: string[];
}

/** A Vault that signs. */
export interface VaultIssuerOptions {
  /** Address, such as `https://vault.example.com:8200`. */
  readonly server: string;

  /** Path that signs, such as `pki_int/sign/mesh`. */
  readonly path: string;

  /** How cert-manager shows who it is. */
  readonly auth: VaultAuth;

  /**
   * Namespace of Vault Enterprise.
   *
   * @default - none
   */
  readonly vaultNamespace?: string;

  /**
   * Certificate that the server's is checked against, as PEM text.
   *
   * @default - the roots of cert-manager's image
   */
  readonly caBundle?: string;

  /**
   * Name that the server's certificate must have.
   *
   * @default - that of the address
   */
  readonly serverName?: string;
}

/** A public authority that speaks ACME, such as Let's Encrypt. */
export interface AcmeIssuerOptions {
  /** Address of its directory. */
  readonly server: string;

  /** Secret that the key of the account is kept in. */
  readonly accountSecretName: string;

  /** How control over hosts is proved, in cert-manager's own words; at least one. */
  readonly solvers: crd.ACMEChallengeSolver[];

  /**
   * Address for warnings.
   *
   * @default - none
   */
  readonly email?: string;
}

/**
 * What an issuer signs with.
 *
 * @see https://cert-manager.io/docs/configuration/
 */
export class IssuerSource {
  /**
   * Each certificate signs itself: for roots only.
   *
   * @param crlDistributionPoints addresses of revocation lists, which certificates name
   */
  public static selfSigned(crlDistributionPoints?: string[]): IssuerSource {
    return new IssuerSource({ selfSigned: { crlDistributionPoints } });
  }

  /**
   * A certificate authority whose certificate and key stand in a Secret: of the issuer's namespace, or for a ClusterIssuer of the namespace that cert-manager
   * keeps cluster resources in, which is its own unless it is told otherwise.
   *
   * @param secretName name of the Secret
   * @param options what its certificates name
   */
  public static ca(secretName: string, options: CaIssuerOptions = {}): IssuerSource {
    const { crlDistributionPoints, issuingCertificateUrls: issuingCertificateURLs, ocspServers } = options;
    return new IssuerSource({ ca: { secretName: dnsSubdomain('Secret name', secretName), crlDistributionPoints, issuingCertificateURLs, ocspServers } });
  }

  /**
   * A Vault.
   *
   * @param options which, and how to get in
   */
  public static vault(options: VaultIssuerOptions): IssuerSource {
    const { server, path, auth, vaultNamespace: namespace, caBundle, serverName } = options;
    if (!/^https?:\/\//.test(server)) { fail('MESH-E030', `invalid address of a Vault, got "${server}"`, 'use the form https://vault.example.com:8200'); }
    if (!/\/(sign|sign-intermediate|issue)\/?/.test(path) && !/^sign\//.test(path)) {
      fail('MESH-E030', `invalid path of a Vault, got "${path}"`, 'use a path that signs, such as pki_int/sign/mesh');
    }
    return new IssuerSource({ vault: { server, path, auth: auth._render(), namespace, caBundle: caBundle && Buffer.from(caBundle).toString('base64'), serverName } });
  }

  /**
   * A public authority. It knows hosts of the internet only: no identities of workloads, no authorities of meshes.
   *
   * @param options which, and how control over hosts is proved
   */
  public static acme(options: AcmeIssuerOptions): IssuerSource {
    const { server, accountSecretName, solvers, email } = options;
    if (solvers.length === 0) { fail('MESH-E030', 'an ACME issuer without solver', 'say how control over hosts is proved'); }
    return new IssuerSource({ acme: { server, privateKeySecretRef: { name: dnsSubdomain('Secret name', accountSecretName) }, solvers: [...solvers], email } });
  }

  /**
   * Anything, in cert-manager's own words: the fields of the spec, such as `venafi`.
   *
   * @param spec the fields
   */
  public static other(spec: { [field: string]: any }): IssuerSource {
    return new IssuerSource(spec);
  }

  private constructor(private readonly rendered: crd.IssuerSpec) {}

  /** @internal */
  public _render(): crd.IssuerSpec {
    return this.rendered;
  }
}
