import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import * as crd from './crd';
import { EnvoyPatch } from './envoy-patch';
import { Host } from './host';
import { PolicyTarget } from './policy-target';
import { isRelative } from './private/envoy-patch';
import { proxyVersionPattern } from './private/proxy-version';
import { WorkloadSelector } from './workload-selector';
import { wholeNumber } from '../core/private/check-values';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';

/** An EnvoyFilter: one of this app, or one that is only known by its name. */
export interface IEnvoyFilter extends IMeshResource {
}

/** What is changed of Envoy's configuration, for whom, and how surely. */
export interface EnvoyFilterProps extends ResourceProps {
  /**
   * Place among all EnvoyFilters of a proxy: smaller numbers come first, negative ones before those that Istio installs. Without it the order
   * is the one in which they were created.
   */
  readonly priority: number;

  /**
   * Minor versions of Istio, such as `1.31`, that the changes were checked with. Proxies of other versions are left alone: what Envoy is told is
   * no stable interface.
   */
  readonly reviewedFor: string[];

  /**
   * The pods whose proxies are changed.
   *
   * @default - all pods of the namespace; of the whole mesh in its root namespace
   */
  readonly workloads?: WorkloadSelector;

  /**
   * Waypoints and gateways of the Gateway API that are changed, at most 16. They are not changed without being named here.
   *
   * @default - none
   */
  readonly targets?: PolicyTarget[];

  /**
   * What is changed.
   *
   * @default - nothing yet
   */
  readonly patches?: EnvoyPatch[];

  /**
   * Hosts that the changes refer to, so that waypoints and gateways learn of them.
   *
   * @default - none
   */
  readonly references?: Host[];
}

/**
 * Changes of what Istio tells Envoy. Nothing of it is a stable interface: whatever Istio offers by other means is better done there.
 *
 * Emits an EnvoyFilter. The order among several and the versions that were reviewed must be said. Istio 1.31 accepts the context `WAYPOINT` and
 * targets of kind Service and ignores both, so they cannot be written: waypoints take the patches of `EnvoyContext.SIDECAR_INBOUND` by
 * `targets`. `match.waypoint` is set with additionalSpec.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/envoy-filter/
 *
 * @example
 *
 * new istio.EnvoyFilter(this, 'headers', {
 *   priority: 10,
 *   reviewedFor: ['1.31'],
 *   workloads: istio.WorkloadSelector.labels({ app: 'legacy' }),
 *   patches: [istio.EnvoyPatch.networkFilter({
 *     operation: istio.EnvoyOperation.MERGE,
 *     context: istio.EnvoyContext.SIDECAR_INBOUND,
 *     filterName: 'envoy.filters.network.http_connection_manager',
 *     config: {
 *       typed_config: {
 *         '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
 *         'max_request_headers_kb': 96,
 *       },
 *     },
 *   })],
 * });
 */
export class EnvoyFilter extends CuratedResource implements IEnvoyFilter {
  /**
   * An EnvoyFilter that is not in this app.
   *
   * @param name name of the object
   * @param namespace its namespace
   */
  public static fromEnvoyFilterName(scope: Construct, id: string, name: string, namespace?: string): IEnvoyFilter {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** Place among all EnvoyFilters of a proxy. */
  public readonly priority: number;
  /** The pods whose proxies are changed; undefined for all. */
  public readonly workloads?: WorkloadSelector;
  private readonly version: string;
  private readonly reviewed: string[];
  private readonly _targets: PolicyTarget[];
  private readonly _patches: EnvoyPatch[] = [];

  public constructor(scope: Construct, id: string, props: EnvoyFilterProps) {
    super(scope, id, crd.EnvoyFilter, props);
    const path = this.node.path;
    wholeNumber('priority', props.priority, -2_147_483_648, 2_147_483_647, path);
    this.priority = props.priority;
    this.reviewed = [...props.reviewedFor];
    this.version = proxyVersionPattern(this.reviewed, path);
    this.workloads = props.workloads;
    this.workloads?._refuseAmbient('EnvoyFilter', this.node.path);
    this._targets = [...props.targets ?? []];
    this.checkTargets();
    props.patches?.forEach((patch) => this.addPatch(patch));
    if (props.references && props.references.length > 0) {
      const hosts = [...new Set(props.references.map((host) => host.hostName))];
      ApiObject.of(this).metadata.addAnnotation('envoyfilter.istio.io/referenced-services', hosts.join(','));
    }
  }

  /** Minor versions of Istio that the changes were checked with. */
  public get reviewedFor(): string[] {
    return [...this.reviewed];
  }

  /** Waypoints and gateways that are changed. */
  public get targets(): PolicyTarget[] {
    return [...this._targets];
  }

  /** What is changed. */
  public get patches(): EnvoyPatch[] {
    return [...this._patches];
  }

  /**
   * Adds a change.
   *
   * @param patch what is changed
   */
  public addPatch(patch: EnvoyPatch): void {
    if (this.priority === 0 && isRelative(patch.operation)) {
      fail('MESH-E031', `${patch.operation} at priority 0, where the order of EnvoyFilters is the one in which they were created`,
        'give another priority, such as 10', this.node.path);
    }
    this._patches.push(patch);
  }

  /** @internal */
  public _render(): crd.EnvoyFilterSpec {
    if (this._patches.length === 0) {
      fail('MESH-E030', 'an EnvoyFilter without patches', 'add one with addPatch()');
    }
    return {
      priority: this.priority,
      workloadSelector: this.workloads && { labels: this.workloads._within(this.resourceNamespace) },
      targetRefs: this._targets.length > 0 ? this._targets.map((target) => target._within(this.resourceNamespace)) : undefined,
      configPatches: this._patches.map((patch) => patch._render(this.version)),
    };
  }

  private checkTargets(): void {
    const path = this.node.path;
    if (this._targets.length > 0 && this.workloads) {
      fail('MESH-E031', 'an EnvoyFilter with workloads and with targets', 'give one of them', path);
    }
    if (this._targets.length > 16) {
      fail('MESH-E028', `${this._targets.length} targets`, 'name at most 16', path);
    }
    const ignored = this._targets.find(({ kind }) => kind === 'Service' || kind === 'ServiceEntry');
    if (ignored) {
      fail('MESH-E031', `an EnvoyFilter attached to ${ignored.kind} "${ignored.name}", which Istio 1.31 ignores`,
        'attach it to the waypoint with PolicyTarget.waypoint()', path);
    }
  }
}
