import { GroupVersionKind } from 'cdk8s';
import { Construct } from 'constructs';
import { wholeNumber } from '../core/private/check-values';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { MeshApiObject } from '../l1/mesh-api-object';
import { dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/** A TrafficSplit of this app, or one that is only known by its name. */
export interface ITrafficSplit extends IMeshResource {
}

/** A share of a split. */
export interface TrafficSplitBackend {
  /** Name of the Service. */
  readonly serviceName: string;
  /** Its share, as a whole number that only means something beside the others. */
  readonly weight: number;
}

/** How calls are split. */
export interface TrafficSplitProps extends ResourceProps {
  /** Name of the Service that clients call. */
  readonly serviceName: string;

  /**
   * Where the calls go.
   *
   * @default - those added with addBackend
   */
  readonly backends?: TrafficSplitBackend[];
}

const GVK: GroupVersionKind = { apiVersion: 'split.smi-spec.io/v1alpha2', kind: 'TrafficSplit' };

class TrafficSplitObject extends MeshApiObject {
  public constructor(scope: Construct, id: string, props: object) {
    super(scope, id, GVK, props);
  }
}

/**
 * A split by the interface of the Service Mesh Interface (SMI), which was given up in 2023. Linkerd follows it with the extension `smi` only.
 *
 * Emits a TrafficSplit of version v1alpha2, whose definition `linkerd-smi` installs.
 *
 * @deprecated use a route: `MeshedService.splitTo()`, or `gatewayapi.HttpRoute` with weights
 * @see https://linkerd.io/2/tasks/linkerd-smi/
 *
 * @example
 *
 * new linkerd.TrafficSplit(this, 'split', {
 *   serviceName: 'cart', backends: [{ serviceName: 'cart-v1', weight: 90 }, { serviceName: 'cart-v2', weight: 10 }],
 * });
 */
export class TrafficSplit extends CuratedResource implements ITrafficSplit {
  /**
   * A TrafficSplit that is only known by its name.
   *
   * @param name name of the object
   * @param namespace its namespace; any unless given
   */
  public static fromTrafficSplitName(scope: Construct, id: string, name: string, namespace?: string): ITrafficSplit {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** Name of the Service that clients call. */
  public readonly serviceName: string;
  private readonly ownBackends: TrafficSplitBackend[] = [];

  public constructor(scope: Construct, id: string, props: TrafficSplitProps) {
    super(scope, id, TrafficSplitObject, props);
    this.serviceName = dnsSubdomain('service name', props.serviceName, this.node.path);
    props.backends?.forEach((backend) => this.addBackend(backend));
  }

  /** Where the calls go, so far. */
  public get backends(): TrafficSplitBackend[] {
    return this.ownBackends.map((backend) => ({ ...backend }));
  }

  /**
   * Gives a Service a share.
   *
   * @param backend the Service and its share
   */
  public addBackend(backend: TrafficSplitBackend): void {
    dnsSubdomain('service name', backend.serviceName, this.node.path);
    wholeNumber('weight', backend.weight, 0, undefined, this.node.path);
    if (this.ownBackends.some(({ serviceName }) => serviceName === backend.serviceName)) {
      fail('MESH-E026', `${backend.serviceName} has two shares of a split`, 'name it once, with the sum', this.node.path);
    }
    this.ownBackends.push({ ...backend });
  }

  /** @internal */
  public _render(): object {
    if (!this.ownBackends.some(({ weight }) => weight > 0)) {
      fail('MESH-E020', 'a split without destinations', 'name at least one backend with a weight above 0', this.node.path);
    }
    return { service: this.serviceName, backends: this.ownBackends.map(({ serviceName: service, weight }) => ({ service, weight })) };
  }
}
