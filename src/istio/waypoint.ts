import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Identity } from '../core/identity';
import { dnsLabel } from '../private/dns';
import { emitWaypoint } from './private/ambient/waypoint';
import { IRevisionTag } from './revision-tag';

/** What kind of traffic a waypoint takes. */
export enum WaypointTraffic {
  /** Calls to Services. */
  SERVICE = 'service',
  /** Calls to the addresses of pods. */
  WORKLOAD = 'workload',
  /** Both. */
  ALL = 'all',
}

/** A waypoint of this app, or one that is only known by its name. */
export interface IWaypoint extends IConstruct {
  /** Name of the waypoint. */
  readonly waypointName: string;
  /** Namespace that it runs in. */
  readonly waypointNamespace: string;
  /** Identity of its pods: what services see as their caller. */
  readonly waypointIdentity: Identity;
}

/** What a waypoint takes, and for whom. */
export interface WaypointProps {
  /**
   * Name of the waypoint.
   *
   * @default waypoint
   */
  readonly waypointName?: string;

  /**
   * Namespace that it runs in.
   *
   * @default - the namespace of the chart; `default` when it has none
   */
  readonly namespace?: string;

  /**
   * What kind of traffic it takes.
   *
   * @default WaypointTraffic.SERVICE
   */
  readonly traffic?: WaypointTraffic;

  /**
   * Whether services of other namespaces may use it too.
   *
   * @default false
   */
  readonly sharedAcrossNamespaces?: boolean;

  /**
   * Trust domain of its identity.
   *
   * @default cluster.local
   */
  readonly trustDomain?: string;

  /**
   * Revision tag of the control plane that runs it: it gets the proxies of the next revision when the tag moves.
   *
   * @default - the default revision
   */
  readonly revisionTag?: IRevisionTag;
}

/**
 * A proxy for a namespace of an ambient mesh, which does for its services what needs a look into requests.
 *
 * Emits a Gateway of class `istio-waypoint`, from which Istio makes Deployment, Service and ServiceAccount of the same name.
 *
 * @see https://istio.io/latest/docs/ambient/usage/waypoint/
 *
 * @example
 *
 * const waypoint = new istio.Waypoint(this, 'waypoint', { namespace: 'shop' });
 */
export class Waypoint extends Construct implements IWaypoint {
  /**
   * A waypoint that runs already.
   *
   * @param name name of the waypoint
   * @param namespace namespace that it runs in
   * @param trustDomain trust domain of its identity
   */
  public static fromWaypointName(scope: Construct, id: string, name: string, namespace: string, trustDomain: string = 'cluster.local'): IWaypoint {
    return new ImportedWaypoint(scope, id, name, namespace, trustDomain);
  }

  /** Name of the waypoint. */
  public readonly waypointName: string;
  /** Namespace that it runs in. */
  public readonly waypointNamespace: string;
  /** Identity of its pods. */
  public readonly waypointIdentity: Identity;

  public constructor(scope: Construct, id: string, props: WaypointProps = {}) {
    super(scope, id);
    const path = this.node.path;
    this.waypointName = dnsLabel('waypoint name', props.waypointName ?? 'waypoint', path);
    this.waypointNamespace = dnsLabel('namespace', props.namespace ?? Chart.of(this).namespace ?? 'default', path);
    this.waypointIdentity = Identity.serviceAccount(this.waypointNamespace, this.waypointName, props.trustDomain);
    emitWaypoint(this, 'Resource', {
      name: this.waypointName,
      namespace: this.waypointNamespace,
      traffic: props.traffic ?? WaypointTraffic.SERVICE,
      shared: props.sharedAcrossNamespaces ?? false,
      revision: props.revisionTag?.tagName,
    });
  }
}

class ImportedWaypoint extends Construct implements IWaypoint {
  public readonly waypointName: string;
  public readonly waypointNamespace: string;
  public readonly waypointIdentity: Identity;

  public constructor(scope: Construct, id: string, name: string, namespace: string, trustDomain: string) {
    super(scope, id);
    this.waypointName = dnsLabel('waypoint name', name, this.node.path);
    this.waypointNamespace = dnsLabel('namespace', namespace, this.node.path);
    this.waypointIdentity = Identity.serviceAccount(namespace, name, trustDomain);
  }
}
