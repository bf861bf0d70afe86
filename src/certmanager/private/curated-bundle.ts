import { Construct } from 'constructs';
import { CuratedResource, ResourceClass } from '../../core/private/curated-resource';
import { fail } from '../../private/errors';
import type { BundleProps, ICertificateBundle } from '../bundle';
import { BundleSource } from '../bundle-source';
import { BundleTarget } from '../bundle-target';

/**
 * Base of both kinds of bundles.
 *
 * @internal
 */
export abstract class CuratedBundle extends CuratedResource implements ICertificateBundle {
  private readonly given: BundleSource[];
  /** @internal */
  public readonly _target: BundleTarget;

  protected constructor(scope: Construct, id: string, resource: ResourceClass, props: BundleProps) {
    super(scope, id, resource, { ...props, metadata: { name: id, ...props.metadata } }, 'cluster');
    this.given = [...props.sources];
    this._target = props.target ?? BundleTarget.configMap();
  }

  /** Where the roots come from. */
  public get sources(): BundleSource[] {
    return [...this.given];
  }

  /**
   * Takes in more roots.
   *
   * @param sources where they come from
   */
  public addSources(...sources: BundleSource[]): void {
    this.given.push(...sources);
  }

  /**
   * The same bundle with other sources.
   *
   * @internal
   */
  public abstract _with(scope: Construct, sources: BundleSource[]): ICertificateBundle;

  /**
   * Where the roots are put, once everything about the bundle is right.
   *
   * @internal
   */
  public get _checkedTarget(): BundleTarget {
    const { path } = this.node;
    const { given, _target: target } = this;
    if (given.length === 0) { fail('MESH-E030', 'a bundle without source', 'say where its roots come from', path); }
    if (given.filter((source) => source._bundle().useDefaultCAs).length > 1) { fail('MESH-E034', 'a bundle that takes in the public roots twice', 'name them once', path); }
    if (given.some((source) => source._is(target._kind, this.resourceName))) {
      fail('MESH-E031', `bundle ${this.resourceName} reads the ${target._kind} that it writes`, 'give it another name than its source', path);
    }
    return target;
  }
}
