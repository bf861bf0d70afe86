import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { withoutNamespace } from './cluster-object';
import { MeshApiObject } from '../../l1/mesh-api-object';
import { fail, faultsOf } from '../../private/errors';
import { IMeshResource, ResourceProps } from '../resource';

/** An object that is only known by its name. */
export class ImportedResource extends Construct implements IMeshResource {
  public readonly resourceName: string;
  public readonly resourceNamespace?: string;

  public constructor(scope: Construct, id: string, name: string, namespace: string | undefined) {
    super(scope, id);
    this.resourceName = name;
    this.resourceNamespace = namespace;
  }
}

/** Whether an object belongs to a namespace or to the whole cluster. */
export type ResourceReach = 'namespace' | 'cluster';

/** How a curated resource makes the resource that it stands for. */
export type ResourceClass = new (scope: Construct, id: string, props: {
  readonly metadata?: ResourceProps['metadata'];
  readonly spec: any;
  readonly additionalSpec?: any;
}) => MeshApiObject;

/**
 * Base of curated resources. The object is made at once, under the id `Resource`, and its spec is rendered at synth: whatever is added until
 * then is in it. What the rendering finds wrong is an error of this construct, reported with all others.
 *
 * @internal
 */
export abstract class CuratedResource extends Construct implements IMeshResource {
  private readonly object: ApiObject;
  private readonly reach: ResourceReach;

  protected constructor(scope: Construct, id: string, resource: ResourceClass, props: ResourceProps, reach: ResourceReach = 'namespace') {
    super(scope, id);
    if (reach === 'cluster' && props.metadata?.namespace !== undefined) {
      fail('MESH-E031', `namespace ${props.metadata.namespace} for an object of the whole cluster`, 'leave the namespace out', this.node.path);
    }
    this.object = new resource(this, 'Resource', {
      // Nothing at all would take the place of the name and namespace that the object has by default.
      metadata: Object.fromEntries(Object.entries(props.metadata ?? {}).filter(([, given]) => given !== undefined)),
      spec: Lazy.any({ produce: () => this._render() }),
      additionalSpec: props.additionalSpec,
    });
    this.reach = reach;
    if (reach === 'cluster') { withoutNamespace(this.object); }
    this.node.addValidation({ validate: () => this.problems() });
  }

  /** Name of the object. */
  public get resourceName(): string {
    return this.object.name;
  }

  /** Namespace of the object; undefined when neither it nor its chart names one. */
  public get resourceNamespace(): string | undefined {
    return this.reach === 'cluster' ? undefined : this.object.metadata.namespace;
  }

  /**
   * The spec as it stands now. A pure function of what was declared.
   *
   * @internal
   */
  public abstract _render(): object;

  private problems(): string[] {
    try {
      this._render();
      return [];
    } catch (thrown) {
      const faults = faultsOf(thrown);
      if (!faults) { throw thrown; }
      return faults.map((fault) => fault.at(this.node.path).message);
    }
  }
}
