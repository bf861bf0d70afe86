import { Construct } from 'constructs';
import { BundleSource } from './bundle-source';
import { BundleTarget } from './bundle-target';
import * as crd from './crd';
import { CuratedBundle } from './private/curated-bundle';
import { IMeshResource, ResourceProps } from '../core/resource';

/** Roots that trust-manager hands out, in either of its kinds. */
export interface ICertificateBundle extends IMeshResource {
  /** Where the roots come from. */
  readonly sources: BundleSource[];
}

/** Which roots go where. */
export interface BundleProps extends ResourceProps {
  /** Where the roots come from; at least one. */
  readonly sources: BundleSource[];

  /**
   * Where they are put.
   *
   * @default BundleTarget.configMap('ca.crt')
   */
  readonly target?: BundleTarget;
}

/**
 * Roots that trust-manager hands out to namespaces.
 *
 * Emits a Bundle of trust-manager. Its target is named like it. Sources by labels, and key stores, are set with `additionalSpec`.
 *
 * @see https://cert-manager.io/docs/trust/trust-manager/
 *
 * @example
 *
 * new certmanager.Bundle(this, 'mesh-roots', { sources: [certmanager.BundleSource.secret('mesh-root', 'tls.crt')] });
 */
export class Bundle extends CuratedBundle {
  public constructor(scope: Construct, id: string, props: BundleProps) {
    super(scope, id, crd.Bundle, props);
  }

  /** @internal */
  public _with(scope: Construct, sources: BundleSource[]): ICertificateBundle {
    return new Bundle(scope, this.resourceName, { metadata: { name: this.resourceName }, sources, target: this._target });
  }

  /** @internal */
  public _render(): crd.BundleSpec {
    const { _kind, _key, _namespaces } = this._checkedTarget;
    const target = _kind === 'ConfigMap' ? { configMap: { key: _key } } : { secret: { key: _key } };
    return { sources: this.sources.map((source) => source._bundle()), target: { ...target, namespaceSelector: _namespaces } };
  }
}

/**
 * Roots that trust-manager hands out to namespaces, in the kind that is to follow Bundle.
 *
 * Emits a ClusterBundle of trust-manager. Only versions with the API trust-manager.io/v1alpha2 know it. Key stores are set with `additionalSpec`.
 *
 * @see https://cert-manager.io/docs/trust/trust-manager/
 *
 * @example
 *
 * new certmanager.ClusterBundle(this, 'mesh-roots', { sources: [certmanager.BundleSource.secret('mesh-root', 'tls.crt')] });
 */
export class ClusterBundle extends CuratedBundle {
  public constructor(scope: Construct, id: string, props: BundleProps) {
    super(scope, id, crd.ClusterBundle, props);
  }

  /** @internal */
  public _with(scope: Construct, sources: BundleSource[]): ICertificateBundle {
    return new ClusterBundle(scope, this.resourceName, { metadata: { name: this.resourceName }, sources, target: this._target });
  }

  /** @internal */
  public _render(): crd.ClusterBundleSpec {
    const { _kind, _key, _namespaces } = this._checkedTarget;
    const parts = this.sources.map((source) => source._clusterBundle());
    const sourceRefs = parts.flatMap((part) => part.sourceRefs ?? []);
    const texts = parts.flatMap(({ inLineCAs }) => inLineCAs ?? []);
    const data = [{ key: _key, format: crd.BundleFormat.PEM }];
    return {
      sourceRefs: sourceRefs.length > 0 ? sourceRefs : undefined,
      inLineCAs: texts.length > 0 ? texts.join('') : undefined,
      defaultCAs: parts.find(({ defaultCAs }) => defaultCAs)?.defaultCAs,
      target: { ...(_kind === 'ConfigMap' ? { configMap: { data } } : { secret: { data } }), namespaceSelector: _namespaces },
    };
  }
}
