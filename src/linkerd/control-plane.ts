import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { MulticlusterOptions, TracingOptions, VizOptions } from './control-plane-options';
import { IdentitySource } from './identity-source';
import { LinkerdMesh } from './linkerd-mesh';
import { ChartDelivery, DeliveredChart } from '../delivery/chart-delivery';
import { ComputeResources } from '../delivery/compute';
import { Replicas } from '../delivery/replicas';
import { dnsLabel } from '../private/dns';
import { sorted } from '../private/plain';
import { chartsOf, ControlPlaneFacts, controlPlaneFacts, INSTALL_PARTS } from './private/control-plane/charts';

/** A control plane of this app, or one that runs already. */
export interface IControlPlane extends IConstruct {
  /** Version of Linkerd's charts. */
  readonly version: string;
  /** Namespace that it runs in. */
  readonly namespace: string;
}

/** A control plane that runs already. */
export interface ControlPlaneAttributes {
  /** Version of Linkerd's charts. */
  readonly version: string;

  /**
   * Namespace that it runs in.
   *
   * @default linkerd
   */
  readonly namespace?: string;
}

/** Which control plane is installed, and how. */
export interface ControlPlaneProps {
  /** The mesh, whose settings the control plane is installed with. */
  readonly mesh: LinkerdMesh;

  /** Version of Linkerd's charts, such as `2026.8.3` of the edge releases. */
  readonly version: string;

  /** How the charts get into the cluster. */
  readonly delivery: ChartDelivery;

  /** Where it has its roots of trust and its issuer. */
  readonly identity: IdentitySource;

  /**
   * Namespace that it runs in.
   *
   * @default linkerd
   */
  readonly namespace?: string;

  /**
   * Replicas of each of its parts; a fixed number. From two on they are kept apart, have a PodDisruptionBudget, and pods without proxy are refused.
   *
   * @default - three
   */
  readonly replicas?: Replicas;

  /**
   * What each of its parts is promised, and what it may use.
   *
   * @default - as Linkerd recommends for several replicas
   */
  readonly resources?: ComputeResources;

  /**
   * Whether the node agent (CNI plugin) leads traffic to the proxies, so that pods need no privileged init container. Its chart is installed along.
   *
   * @default false
   */
  readonly cni?: boolean;

  /**
   * Networks of the cluster: what is in none of them is outside.
   *
   * @default - 10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12, 192.168.0.0/16 and fd00::/8
   */
  readonly clusterNetworks?: string[];

  /**
   * Networks that the kubelet probes from.
   *
   * @default - all
   */
  readonly probeNetworks?: string[];

  /**
   * Where the proxies send their traces.
   *
   * @default - nowhere
   */
  readonly tracing?: TracingOptions;

  /**
   * The extension with metrics, taps and the dashboard.
   *
   * @default - it is not installed
   */
  readonly viz?: VizOptions;

  /**
   * The extension that connects clusters.
   *
   * @default - it is not installed
   */
  readonly multicluster?: MulticlusterOptions;

  /**
   * Whether the definitions of the Gateway API are installed along. Best somebody else does: other controllers need them too.
   *
   * @default false
   */
  readonly installGatewayApi?: boolean;

  /**
   * Address of the Helm repository that has the charts.
   *
   * @default - that of the edge releases
   */
  readonly chartRepository?: string;

  /**
   * Whether the namespaces that it is installed into are written, too. Flux and Argo CD make them by themselves.
   *
   * @default false
   */
  readonly createNamespaces?: boolean;

  /**
   * Values of the chart `linkerd-control-plane` that have no property here. Maps are merged; lists and scalars replace.
   *
   * @default - none
   */
  readonly additionalValues?: { readonly [key: string]: any };
}

/**
 * An installation of Linkerd: definitions, control plane and extensions. By default every part has three replicas that are kept apart.
 *
 * Emits what the chosen delivery needs: HelmReleases, Applications, or values for `helm`.
 *
 * @see https://linkerd.io/2/tasks/install-helm/
 *
 * @example
 *
 * new linkerd.ControlPlane(this, 'linkerd', {
 *   mesh,
 *   version: '2026.8.3',
 *   delivery: delivery.ChartDelivery.argoCdApplication(),
 *   identity: linkerd.IdentitySource.existing(),
 *   viz: {},
 * });
 */
export class ControlPlane extends Construct implements IControlPlane {
  /**
   * A control plane that runs already.
   */
  public static fromControlPlaneAttributes(scope: Construct, id: string, attributes: ControlPlaneAttributes): IControlPlane {
    return new ImportedControlPlane(scope, id, attributes);
  }

  /** The mesh, whose settings it is installed with. */
  public readonly mesh: LinkerdMesh;
  private readonly facts: ControlPlaneFacts;
  private readonly installed: DeliveredChart[];

  public constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    this.mesh = props.mesh;
    this.facts = controlPlaneFacts(props, this.node.path);
    if (props.createNamespaces) {
      this.namespaces.forEach((name) => new ApiObject(this, `Namespace-${name}`, {
        apiVersion: 'v1',
        kind: 'Namespace',
        // The control plane itself gets no proxies by the injector, and trust-manager finds its namespace by this label.
        metadata: { name, labels: name === this.namespace ? { 'linkerd.io/is-control-plane': 'true', 'config.linkerd.io/admission-webhooks': 'disabled' } : undefined },
      }));
    }
    this.installed = props.delivery.deliverCharts(this, chartsOf(this.facts, INSTALL_PARTS));
  }

  /** Version of Linkerd's charts. */
  public get version(): string {
    return this.facts.version;
  }

  /** Namespace that it runs in. */
  public get namespace(): string {
    return this.facts.namespace;
  }

  /** Namespaces that something is installed into. */
  public get namespaces(): string[] {
    return [...new Set(chartsOf(this.facts, INSTALL_PARTS).map(({ namespace }) => namespace))];
  }

  /** What a person types around each part, beside applying the objects. */
  public get delivered(): DeliveredChart[] {
    return [...this.installed];
  }

  /**
   * Values of the chart `linkerd-control-plane`, for whoever installs it in yet another way.
   *
   * @see https://artifacthub.io/packages/helm/linkerd2-edge/linkerd-control-plane
   */
  public helmValues(): { [key: string]: any } {
    const [chart] = chartsOf(this.facts, ['control-plane']);
    return sorted(chart.values) as { [key: string]: any };
  }
}

class ImportedControlPlane extends Construct implements IControlPlane {
  public readonly version: string;
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, attributes: ControlPlaneAttributes) {
    super(scope, id);
    this.version = attributes.version;
    this.namespace = dnsLabel('namespace', attributes.namespace ?? 'linkerd', this.node.path);
  }
}
