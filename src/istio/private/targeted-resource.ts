import type { Construct } from 'constructs';
import { CuratedResource, ResourceClass } from '../../core/private/curated-resource';
import { ResourceProps } from '../../core/resource';
import { PolicyTarget } from '../policy-target';
import { WorkloadSelector } from '../workload-selector';
import { Guarded } from './guarded';
import { PolicyScope, renderScope, ScopeFields } from './policy-scope';

/** What resources for pods or targets have in common. */
interface TargetedProps extends ResourceProps {
  readonly selector?: WorkloadSelector;
  readonly targets?: PolicyTarget[];
}

/**
 * Base of resources that are about pods, or about targets at waypoints and gateways.
 *
 * @internal
 */
export abstract class TargetedResource extends CuratedResource {
  private readonly selector?: WorkloadSelector;
  private readonly ownTargets: PolicyTarget[];

  protected constructor(scope: Construct, id: string, resource: ResourceClass, props: TargetedProps) {
    super(scope, id, resource, props);
    this.selector = props.selector;
    this.ownTargets = [...props.targets ?? []];
    this._renderScope();
  }

  /** Services, waypoints and gateways that it is about. */
  public get targets(): PolicyTarget[] {
    return [...this.ownTargets];
  }

  /**
   * Makes it about something else too.
   *
   * @param target a service, waypoint or gateway
   */
  public addTarget(target: PolicyTarget): void {
    this.ownTargets.push(target);
  }

  /** @internal */
  public get _scope(): PolicyScope {
    return { selector: this.selector, targets: this.targets };
  }

  /** @internal */
  public get _guarded(): Guarded {
    return Guarded.of(this._scope, this);
  }

  /** @internal */
  public _renderScope(): ScopeFields {
    return renderScope(this._scope, this.resourceNamespace, this.node.path);
  }
}
