import * as crd from './crd';
import { fail } from '../private/errors';

/** Roots that a bundle takes in. ConfigMaps and Secrets are read in the trust namespace of trust-manager only, which is that of cert-manager unless it is told otherwise. */
export class BundleSource {
  /**
   * An entry of a Secret.
   *
   * @param secretName name of the Secret
   * @param key its entry; never one that holds a private key
   */
  public static secret(secretName: string, key: string = 'ca.crt'): BundleSource {
    if (key === 'tls.key') { fail('MESH-E059', 'a bundle that takes in tls.key', 'name the entry that holds the certificate, such as ca.crt or tls.crt'); }
    return new BundleSource(crd.BundleSourceKind.SECRET, secretName, key);
  }

  /**
   * An entry of a ConfigMap.
   *
   * @param configMapName name of the ConfigMap
   * @param key its entry
   */
  public static configMap(configMapName: string, key: string = 'ca.crt'): BundleSource {
    return new BundleSource(crd.BundleSourceKind.CONFIG_MAP, configMapName, key);
  }

  /**
   * Certificates themselves.
   *
   * @param pem PEM text
   */
  public static inline(pem: string): BundleSource {
    if (!pem.includes('-----BEGIN CERTIFICATE-----')) { fail('MESH-E050', 'a bundle source without certificate', 'give PEM text'); }
    if (pem.includes('PRIVATE KEY-----')) { fail('MESH-E059', 'a bundle source with a private key', 'give the certificate only'); }
    return new BundleSource(undefined, undefined, undefined, pem);
  }

  /** The roots that browsers trust, as trust-manager brings them. */
  public static publicRoots(): BundleSource {
    return new BundleSource();
  }

  private constructor(
    private readonly kind?: crd.BundleSourceKind,
    private readonly name?: string,
    private readonly key?: string,
    private readonly pem?: string,
  ) {}

  /** @internal */
  public _bundle(): crd.BundleSource {
    const { kind, name, key, pem } = this;
    if (kind === undefined) { return pem === undefined ? { useDefaultCAs: true } : { inLine: pem }; }
    return kind === crd.BundleSourceKind.SECRET ? { secret: { name, key } } : { configMap: { name, key } };
  }

  /** @internal */
  public _clusterBundle(): Partial<crd.ClusterBundleSpec> {
    const { kind, name, key, pem } = this;
    if (kind === undefined) { return pem === undefined ? { defaultCAs: { provider: crd.ClusterBundleDefaultCAsProvider.SYSTEM } } : { inLineCAs: pem }; }
    return { sourceRefs: [{ kind, name, key: key! }] };
  }

  /** @internal */
  public _same(other: BundleSource): boolean {
    return this.kind === other.kind && this.name === other.name && this.key === other.key && this.pem === other.pem;
  }

  /** @internal */
  public _is(kind: 'ConfigMap' | 'Secret', name: string): boolean {
    return this.kind === (kind as string) && this.name === name;
  }
}
