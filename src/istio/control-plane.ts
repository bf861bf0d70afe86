import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { ControlPlaneDelivery } from './control-plane-delivery';
import { CniOptions, GatewayInstall, InstallPlatform, ZtunnelOptions } from './control-plane-options';
import { IstioMesh } from './istio-mesh';
import { DeliveredChart } from '../delivery/chart-delivery';
import { ComputeResources } from '../delivery/compute';
import { resolveLazy } from '../delivery/private/resolve-lazy';
import { Replicas } from '../delivery/replicas';
import { dnsLabel } from '../private/dns';
import { sorted } from '../private/plain';
import { chartsOf, cniNamespace, INSTALL_PARTS, ztunnelNamespace } from './private/control-plane/charts';
import { deliver } from './private/control-plane/deliver';
import { ControlPlaneFacts, controlPlaneFacts } from './private/control-plane/facts';
import { checkMeshConfig } from './private/control-plane/mesh-config-version';

/** A control plane of this app, or one that runs already. */
export interface IControlPlane extends IConstruct {
  /** Name of its revision; `default` for the one without a name. */
  readonly revisionName: string;
  /** Version of Istio. */
  readonly version: string;
  /** Namespace that it runs in. */
  readonly namespace: string;
  /** Whether the Sail operator runs it. */
  readonly managedBySail: boolean;
}

/** A control plane that runs already. */
export interface ControlPlaneAttributes {
  /** Version of Istio. */
  readonly version: string;

  /**
   * Name of its revision.
   *
   * @default default
   */
  readonly revisionName?: string;

  /**
   * Namespace that it runs in.
   *
   * @default istio-system
   */
  readonly namespace?: string;

  /**
   * Whether the Sail operator runs it.
   *
   * @default false
   */
  readonly managedBySail?: boolean;
}

/** Which control plane is installed, and how. */
export interface ControlPlaneProps {
  /** The mesh, whose settings the control plane is installed with. */
  readonly mesh: IstioMesh;
  /** Version of Istio, such as `1.31.1`. */
  readonly version: string;
  /** How it gets into the cluster. */
  readonly delivery: ControlPlaneDelivery;

  /**
   * Name of its revision: several run beside each other when each has its own. Best made of the version, such as `1-31-1`.
   *
   * @default - the one that the mesh names; the Sail operator names it where it updates revision by revision; else the default revision
   */
  readonly revision?: string;

  /**
   * Namespace that it runs in.
   *
   * @default istio-system
   */
  readonly namespace?: string;

  /**
   * How many replicas istiod has.
   *
   * @default - two
   */
  readonly replicas?: Replicas;

  /**
   * What istiod is promised, and what it may use.
   *
   * @default - as its chart has it: 500m CPU and 2048Mi memory are promised
   */
  readonly resources?: ComputeResources;

  /**
   * Whether a PodDisruptionBudget keeps one replica running while nodes are drained; there has to be more than one.
   *
   * @default true
   */
  readonly disruptionBudget?: boolean;

  /**
   * Whether replicas are kept apart, over nodes and zones, as far as there is room.
   *
   * @default true
   */
  readonly spread?: boolean;

  /**
   * Environment variables of istiod, which turn features on and off.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };

  /**
   * Minor release whose behaviour is kept where a later one changed it, such as `1.30`.
   *
   * @default - that of the version
   */
  readonly compatibilityVersion?: string;

  /**
   * The Kubernetes distribution, where it needs a way of its own.
   *
   * @default - nothing special
   */
  readonly platform?: InstallPlatform;

  /**
   * The agent on every node. Pods then need no privileged init container.
   *
   * @default - none for sidecars; always there in an ambient mesh
   */
  readonly cni?: CniOptions;

  /**
   * The proxy on every node of an ambient mesh.
   *
   * @default - as its chart has it; always there in an ambient mesh
   */
  readonly ztunnel?: ZtunnelOptions;

  /**
   * Gateways that are installed along.
   *
   * @default - none
   */
  readonly gateways?: GatewayInstall[];

  /**
   * Whether the definitions of Istio's resources are installed along. They are shared by all revisions. The Sail operator has them anyway.
   *
   * @default true
   */
  readonly definitions?: boolean;

  /**
   * Revision that checks resources when they are applied.
   *
   * @default - this one
   */
  readonly defaultRevision?: string;

  /**
   * Address of the Helm repository that has Istio's charts.
   *
   * @default - that of the project
   */
  readonly chartRepository?: string;

  /**
   * Whether the namespaces that it is installed into are written, too. Flux and Argo CD make them by themselves.
   *
   * @default false
   */
  readonly createNamespaces?: boolean;

  /**
   * Values for istiod that have no property here. Maps are merged; lists and scalars replace.
   *
   * @default - none
   */
  readonly additionalValues?: { readonly [key: string]: any };
}

/**
 * An installation of Istio: definitions, istiod, the agents and proxies of the nodes, and gateways. By default istiod has two replicas that are
 * kept apart, with a PodDisruptionBudget.
 *
 * Emits what the chosen delivery needs: objects of the Sail operator, HelmReleases, Applications, or values for `helm`.
 *
 * @see https://istio.io/latest/docs/setup/install/helm/
 *
 * @example
 *
 * new istio.ControlPlane(this, 'istio', {
 *   mesh,
 *   version: '1.31.1',
 *   delivery: istio.ControlPlaneDelivery.fluxHelmRelease({ source: delivery.FluxChartSource.helmRepository('istio') }),
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
  public readonly mesh: IstioMesh;
  private readonly facts: ControlPlaneFacts;
  private readonly installed: DeliveredChart[];

  public constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    this.mesh = props.mesh;
    this.facts = controlPlaneFacts(props, this.node.path);
    if (props.createNamespaces) {
      this.namespaces.forEach((name) => new ApiObject(this, `Namespace-${name}`, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    }
    this.installed = deliver(this, this.facts, INSTALL_PARTS);
    this.node.addValidation({ validate: () => checkMeshConfig(this.facts, this.node.path) });
  }

  /** Name of its revision; `default` for the one without a name. */
  public get revisionName(): string {
    return this.facts.revisionName;
  }

  /** Version of Istio. */
  public get version(): string {
    return this.facts.version;
  }

  /** Namespace that it runs in. */
  public get namespace(): string {
    return this.facts.namespace;
  }

  /** Whether the Sail operator runs it. */
  public get managedBySail(): boolean {
    return this.facts.props.delivery.managedBySail;
  }

  /** Namespaces that something is installed into. */
  public get namespaces(): string[] {
    const { facts } = this;
    const { props, ambient, namespace } = facts;
    return [...new Set([
      namespace,
      ...(props.cni || ambient ? [cniNamespace(facts)] : []),
      ...(ambient ? [ztunnelNamespace(facts)] : []),
      ...(props.gateways ?? []).map((gateway) => gateway.namespace ?? namespace),
    ])];
  }

  /** What a person types around each part, beside applying the objects. */
  public get delivered(): DeliveredChart[] {
    return [...this.installed];
  }

  /**
   * Values of the chart `istiod` as they stand now, for whoever installs it in yet another way.
   *
   * @see https://artifacthub.io/packages/helm/istio-official/istiod
   */
  public istiodValues(): { [key: string]: any } {
    const [istiod] = chartsOf(this.facts, ['istiod']);
    return sorted(resolveLazy(istiod.values)) as { [key: string]: any };
  }
}

class ImportedControlPlane extends Construct implements IControlPlane {
  public readonly revisionName: string;
  public readonly version: string;
  public readonly namespace: string;
  public readonly managedBySail: boolean;

  public constructor(scope: Construct, id: string, attributes: ControlPlaneAttributes) {
    super(scope, id);
    this.version = attributes.version;
    this.revisionName = dnsLabel('revision', attributes.revisionName ?? 'default', this.node.path);
    this.namespace = dnsLabel('namespace', attributes.namespace ?? 'istio-system', this.node.path);
    this.managedBySail = attributes.managedBySail ?? false;
  }
}
