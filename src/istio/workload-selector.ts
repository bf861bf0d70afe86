import { IMesh } from '../core/mesh';
import { Workload } from '../core/workload';
import { MeshedService } from '../patterns/meshed-service';
import { MeshedWorkload } from '../patterns/meshed-workload';
import { labelValue } from '../private/dns';
import { fail } from '../private/errors';

/**
 * Which pods an object is about, by their labels.
 *
 * @example
 *
 * istio.WorkloadSelector.service(cart);
 * istio.WorkloadSelector.labels({ app: 'legacy' });
 */
export class WorkloadSelector {
  /**
   * The pods of a service of this app.
   *
   * @param service the service
   */
  public static service(service: MeshedService): WorkloadSelector {
    return new WorkloadSelector(() => service.podLabels, service.serviceNamespace, service.mesh, service);
  }

  /**
   * The pods of a workload of this app.
   *
   * @param workload the workload
   */
  public static workload(workload: MeshedWorkload): WorkloadSelector {
    return new WorkloadSelector(() => workload.podLabels, workload.workloadNamespace, workload.mesh);
  }

  /**
   * The pods that a Deployment, StatefulSet or the like makes: those with all the labels of its pod template.
   *
   * @param workload the object that runs the pods
   */
  public static pods(workload: Workload): WorkloadSelector {
    return new WorkloadSelector(() => workload.podLabels, workload.namespace, undefined);
  }

  /**
   * Pods that have all of some labels.
   *
   * @param labels keys and values, at least one
   */
  public static labels(labels: { [key: string]: string }): WorkloadSelector {
    Object.entries(labels).forEach(([key, value]) => labelValue(key, value));
    return new WorkloadSelector(() => labels, undefined, undefined).checked();
  }

  /** Namespace of the pods; undefined when it is not known. */
  public readonly namespace?: string;
  private readonly find: () => { readonly [key: string]: string };
  private readonly mesh?: IMesh;
  private readonly service?: MeshedService;

  private constructor(find: () => { readonly [key: string]: string }, namespace: string | undefined, mesh: IMesh | undefined, service?: MeshedService) {
    this.find = find;
    this.namespace = namespace;
    this.mesh = mesh;
    this.service = service;
  }

  /** The labels, as far as they are known now. */
  public get matchLabels(): { [key: string]: string } {
    return { ...this.find() };
  }

  /**
   * The service whose pods they are, when it is one of this app.
   *
   * @internal
   */
  public get _service(): MeshedService | undefined {
    return this.service;
  }

  /**
   * Throws when the pods have no proxy of their own that an object could be about.
   *
   * @internal
   */
  public _refuseAmbient(kind: string, path: string): void {
    if (this.mesh && 'dataPlane' in this.mesh && this.mesh.dataPlane === 'ambient') {
      fail('MESH-E031', `a ${kind} for pods of an ambient mesh, which have no proxy of their own: it has no effect`,
        'leave it out, or attach what a waypoint can do to the waypoint', path);
    }
  }

  /**
   * The labels for an object of a namespace; throws when it cannot reach the pods from there.
   *
   * @internal
   */
  public _within(namespace: string | undefined): { [key: string]: string } {
    const root = this.mesh && 'rootNamespace' in this.mesh ? this.mesh.rootNamespace : 'istio-system';
    if (this.namespace !== undefined && namespace !== undefined && namespace !== this.namespace && namespace !== root) {
      fail('MESH-E031', `an object of namespace ${namespace} selects pods of namespace ${this.namespace}, where it has no effect`,
        `put the object into namespace ${this.namespace}`);
    }
    return this.checked().matchLabels;
  }

  private checked(): WorkloadSelector {
    if (Object.keys(this.find()).length === 0) {
      fail('MESH-E030', 'a selector without labels, which selects every pod', 'name at least one label, or leave the selector out');
    }
    return this;
  }
}
