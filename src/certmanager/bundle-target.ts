import { LabelSelector } from './crd';
import { labelValue } from '../private/dns';

/** Which namespaces get a copy of a bundle. */
export interface BundleTargetOptions {
  /**
   * Labels of the namespaces.
   *
   * @default - all namespaces
   */
  readonly namespaceLabels?: { readonly [key: string]: string };
}

/** Where the roots of a bundle are put: an object of the bundle's own name in every chosen namespace. */
export class BundleTarget {
  /**
   * A ConfigMap.
   *
   * @param key its entry
   * @param options which namespaces
   */
  public static configMap(key: string = 'ca.crt', options: BundleTargetOptions = {}): BundleTarget {
    return new BundleTarget('ConfigMap', key, options);
  }

  /**
   * A Secret. trust-manager must be installed with `secretTargets.enabled` and be allowed to write it.
   *
   * @param key its entry
   * @param options which namespaces
   */
  public static secret(key: string = 'ca.crt', options: BundleTargetOptions = {}): BundleTarget {
    return new BundleTarget('Secret', key, options);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'ConfigMap' | 'Secret',
    /** @internal */
    public readonly _key: string,
    private readonly options: BundleTargetOptions,
  ) {
    Object.entries(options.namespaceLabels ?? {}).forEach(([key, value]) => labelValue(key, value));
  }

  /** @internal */
  public get _namespaces(): LabelSelector {
    const { namespaceLabels } = this.options;
    return namespaceLabels ? { matchLabels: { ...namespaceLabels } } : {};
  }
}
