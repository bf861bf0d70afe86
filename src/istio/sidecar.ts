import { Construct } from 'constructs';
import * as crd from './crd';
import { PoolTuning } from './pool-tuning';
import { ConnectionPool } from '../core/circuit-breaker';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';
import { renderPool } from './private/connection-pool';
import { renderEgress, renderIngress } from './private/sidecar-listeners';
import { EgressListener, IngressListener } from './sidecar-listener';
import { WorkloadSelector } from './workload-selector';

/** What becomes of calls to hosts that the mesh does not know. */
export enum OutboundTraffic {
  /** They fail. */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
  /** They go where the application sends them. */
  ALLOW_ANY = 'ALLOW_ANY',
}

/** A Sidecar: one of this app, or one that is only known by its name. */
export interface ISidecar extends IMeshResource {
}

/** What the proxies beside some pods learn and take. */
export interface SidecarProps extends ResourceProps {
  /**
   * The pods whose proxies are meant.
   *
   * @default - all pods of the namespace that no other Sidecar selects; of the whole mesh in its root namespace
   */
  readonly workloads?: WorkloadSelector;

  /**
   * What the pods call. An empty list says that they call nothing.
   *
   * @default - every service that their namespace sees
   */
  readonly egress?: EgressListener[];

  /**
   * What the pods are called for.
   *
   * @default - the ports of the Services that select the pods
   */
  readonly ingress?: IngressListener[];

  /**
   * What becomes of calls to hosts that the mesh does not know.
   *
   * @default - as the mesh says
   */
  readonly outbound?: OutboundTraffic;

  /**
   * How much may come in at a time.
   *
   * @default - no limit
   */
  readonly inboundPool?: ConnectionPool;

  /**
   * What only Istio knows of connections that come in.
   *
   * @default - nothing
   */
  readonly inboundPoolTuning?: PoolTuning;
}

/**
 * What the proxies beside some pods learn of the mesh. It makes proxies small and pushes quick. It is no security boundary: an application can
 * go around its proxy.
 *
 * Emits a Sidecar. A namespace has one without `workloads` at most, and every pod is selected by one at most. In ambient mode it has no
 * effect. `MeshedService.egressScope` writes one from declared edges. `outboundTrafficPolicy.egressProxy` is deprecated and is set with
 * additionalSpec.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/sidecar/
 *
 * @example
 *
 * new istio.Sidecar(this, 'scope', {
 *   egress: [{ hosts: [istio.EgressHost.ownNamespace(), istio.EgressHost.namespace('istio-system')] }],
 *   outbound: istio.OutboundTraffic.REGISTRY_ONLY,
 * });
 */
export class Sidecar extends CuratedResource implements ISidecar {
  /**
   * A Sidecar that is not in this app.
   *
   * @param name name of the object
   * @param namespace its namespace
   */
  public static fromSidecarName(scope: Construct, id: string, name: string, namespace?: string): ISidecar {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** The pods whose proxies are meant; undefined for all. */
  public readonly workloads?: WorkloadSelector;
  private readonly props: SidecarProps;
  private readonly _egress: EgressListener[];
  private readonly _ingress: IngressListener[];
  private scoped: boolean;

  public constructor(scope: Construct, id: string, props: SidecarProps = {}) {
    super(scope, id, crd.Sidecar, props);
    this.workloads = props.workloads;
    this.workloads?._refuseAmbient('Sidecar', this.node.path);
    this.props = props;
    this._egress = [];
    this._ingress = [];
    this.scoped = props.egress !== undefined;
    props.egress?.forEach((listener) => this.addEgress(listener));
    props.ingress?.forEach((listener) => this.addIngress(listener));
  }

  /** What the pods call. */
  public get egress(): EgressListener[] {
    return [...this._egress];
  }

  /** What the pods are called for. */
  public get ingress(): IngressListener[] {
    return [...this._ingress];
  }

  /**
   * Adds something that the pods call.
   *
   * @param listener port and services
   */
  public addEgress(listener: EgressListener): void {
    const { port, bind } = listener;
    const place = (other: EgressListener) => (other.bind?.startsWith('unix://') ? other.bind : String(other.port?.number ?? ''));
    if (this._egress.some((other) => place(other) === place(listener))) {
      fail('MESH-E004', port ? `two egress listeners at ${bind ?? `port ${port.number}`}` : 'two egress listeners without port', 'join their hosts', this.node.path);
    }
    this._egress.push(listener);
    this.scoped = true;
  }

  /**
   * Adds something that the pods are called for.
   *
   * @param listener port and protocol
   */
  public addIngress(listener: IngressListener): void {
    if (this._ingress.some(({ port }) => port.targetPort === listener.port.targetPort)) {
      fail('MESH-E004', `two ingress listeners for port ${listener.port.targetPort}`, 'keep one of them', this.node.path);
    }
    this._ingress.push(listener);
  }

  /** @internal */
  public _render(): crd.SidecarSpec {
    const { outbound, inboundPool, inboundPoolTuning } = this.props;
    const inboundConnectionPool = renderPool(inboundPool, inboundPoolTuning);
    if (!this.scoped && this._ingress.length === 0 && outbound === undefined && inboundConnectionPool === undefined) {
      fail('MESH-E030', 'a Sidecar that says nothing', 'give egress, ingress, outbound or inboundPool');
    }
    // The listener for all other ports stands last.
    const egress = [...this._egress.filter(({ port }) => port), ...this._egress.filter(({ port }) => !port)].map(renderEgress);
    return {
      workloadSelector: this.workloads && { labels: this.workloads._within(this.resourceNamespace) },
      egress: !this.scoped ? undefined : egress.length > 0 ? egress : [{ hosts: ['~/*'] }],
      ingress: this._ingress.length > 0 ? this._ingress.map(renderIngress) : undefined,
      outboundTrafficPolicy: outbound && { mode: crd.OutboundTrafficPolicyMode[outbound] },
      inboundConnectionPool,
    };
  }
}
