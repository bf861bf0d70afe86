import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { proxyAnnotations } from './private/proxy-annotations';
import { ProxyOptions } from './proxy-options';
import { Workload } from '../core/workload';
import { MeshedService } from '../patterns/meshed-service';
import { MeshedWorkload } from '../patterns/meshed-workload';
import { fail } from '../private/errors';

/**
 * How the proxies of some pods run, in Linkerd's annotations. Values that Linkerd would log and ignore are errors.
 *
 * @see https://linkerd.io/2/reference/proxy-configuration/
 *
 * @example
 *
 * linkerd.ProxySettings.of({
 *   resources: { requests: { cpu: delivery.Cpu.millis(100) } }, telemetry: { accessLog: linkerd.AccessLogFormat.JSON }, nativeSidecar: true,
 * }).applyToService(cart);
 */
export class ProxySettings {
  /**
   * Settings.
   *
   * @param options what is said; anything else is as the installation has it
   */
  public static of(options: ProxyOptions): ProxySettings {
    return new ProxySettings(proxyAnnotations(options));
  }

  private readonly said: { readonly [key: string]: string };

  private constructor(said: { readonly [key: string]: string }) {
    this.said = said;
  }

  /** The annotations, for pods and namespaces that are made elsewhere. */
  public get annotations(): { [key: string]: string } {
    return { ...this.said };
  }

  /**
   * Gives the pods of a service of this app these settings.
   *
   * @param service the service
   */
  public applyToService(service: MeshedService): void {
    service.workload.addPodAnnotations(this.annotations);
  }

  /**
   * Gives the pods of a workload of this app these settings.
   *
   * @param workload the workload
   */
  public applyToWorkload(workload: MeshedWorkload): void {
    workload.workload.addPodAnnotations(this.annotations);
  }

  /**
   * Gives the pods that a Deployment, StatefulSet or the like makes these settings.
   *
   * @param construct the object, or a construct with one such object in it
   */
  public applyToPods(construct: IConstruct): void {
    Workload.adopt(construct).addPodAnnotations(this.annotations);
  }

  /**
   * Gives all pods of a namespace these settings, as far as they say nothing else themselves.
   *
   * @param namespace the Namespace object, or a construct with one in it
   */
  public applyToNamespace(namespace: IConstruct): void {
    const object = [namespace, namespace.node.defaultChild].find((candidate): candidate is ApiObject => ApiObject.isApiObject(candidate) && (candidate as ApiObject).kind === 'Namespace');
    if (!object) {
      fail('MESH-E012', `expected a Namespace at "${namespace.node.path}"`, 'give the object of kind Namespace', namespace.node.path);
    }
    Object.entries(this.said).forEach(([key, value]) => object.metadata.addAnnotation(key, value));
  }
}
