import { Construct } from 'constructs';
import * as crd from './crd';
import { HealthProbe } from './health-probe';
import { checkEndpoint, renderEndpoint } from './private/workload-endpoint';
import { WorkloadEndpoint } from './workload-endpoint';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { labelValue } from '../private/dns';
import { placed } from '../private/errors';

/** A WorkloadGroup: one of this app, or one that is only known by its name. */
export interface IWorkloadGroup extends IMeshResource {
}

/** What the workloads of a group have in common. */
export interface WorkloadGroupProps extends ResourceProps {
  /** What every workload of the group is like; its address is told when it registers. */
  readonly template: WorkloadEndpoint;

  /**
   * Labels of the WorkloadEntries that are made when workloads register.
   *
   * @default - those of the template
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * Annotations of the WorkloadEntries that are made when workloads register.
   *
   * @default - none
   */
  readonly annotations?: { readonly [key: string]: string };

  /**
   * When a workload counts as healthy.
   *
   * @default - as long as it is connected
   */
  readonly probe?: HealthProbe;
}

/**
 * Workloads outside of Kubernetes that are alike and register by themselves, as the pods of a Deployment are.
 *
 * Emits a WorkloadGroup.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/workload-group/
 *
 * @example
 *
 * new istio.WorkloadGroup(this, 'ledger', {
 *   template: { labels: { app: 'ledger' }, serviceAccountName: 'ledger', network: 'vm-network' },
 *   probe: istio.HealthProbe.http(8080, '/healthz', { period: Duration.seconds(5) }),
 * });
 */
export class WorkloadGroup extends CuratedResource implements IWorkloadGroup {
  /**
   * A WorkloadGroup that is not in this app.
   *
   * @param name name of the object
   * @param namespace its namespace
   */
  public static fromWorkloadGroupName(scope: Construct, id: string, name: string, namespace?: string): IWorkloadGroup {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** What every workload of the group is like. */
  public readonly template: WorkloadEndpoint;
  private readonly labels?: { readonly [key: string]: string };
  private readonly annotations?: { readonly [key: string]: string };
  private readonly probe?: HealthProbe;

  public constructor(scope: Construct, id: string, props: WorkloadGroupProps) {
    super(scope, id, crd.WorkloadGroup, props);
    placed(this.node.path, () => checkEndpoint(props.template, false));
    Object.entries(props.labels ?? {}).forEach(([key, value]) => labelValue(key, value, this.node.path));
    this.template = props.template;
    this.labels = props.labels;
    this.annotations = props.annotations;
    this.probe = props.probe;
  }

  /** @internal */
  public _render(): crd.WorkloadGroupSpec {
    const { labels, annotations } = this;
    return {
      metadata: labels || annotations ? { labels: labels && { ...labels }, annotations: annotations && { ...annotations } } : undefined,
      template: renderEndpoint(this.template),
      probe: this.probe?._render(),
    };
  }
}
