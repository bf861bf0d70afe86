import { Duration } from 'cdk8s';
import { ArgoDeliveryOptions, ChartDelivery, FluxDeliveryOptions } from '../delivery/chart-delivery';

/** What the Sail operator does when the version of a control plane changes. */
export enum SailUpdateStrategy {
  /** It replaces the control plane. Proxies connect to the new one at once. */
  IN_PLACE = 'InPlace',
  /** It runs the new one beside the old one, until nothing uses the old one any more. */
  REVISION_BASED = 'RevisionBased',
}

/** Which object tells the Sail operator about a control plane. */
export enum SailResource {
  /** `Istio`: the operator makes revisions of it. */
  ISTIO = 'Istio',
  /** `IstioRevision`: exactly one revision, which this app keeps by itself. */
  ISTIO_REVISION = 'IstioRevision',
}

/** How the Sail operator runs a control plane. */
export interface SailOptions {
  /**
   * Which object tells the operator.
   *
   * @default SailResource.ISTIO
   */
  readonly resource?: SailResource;

  /**
   * What happens when the version changes.
   *
   * @default SailUpdateStrategy.IN_PLACE
   */
  readonly updateStrategy?: SailUpdateStrategy;

  /**
   * Name of the object `Istio` whose revisions come and go.
   *
   * @default default
   */
  readonly istioName?: string;

  /**
   * How long a revision that nothing uses any more is kept.
   *
   * @default - 30 seconds
   */
  readonly inactiveRevisionGracePeriod?: Duration;

  /**
   * Whether versions may be named that the operator's definitions, as this library knows them, do not list. A newer operator knows more.
   *
   * @default false
   */
  readonly allowUnknownVersion?: boolean;
}

/**
 * How a control plane gets into a cluster.
 *
 * @example
 *
 * istio.ControlPlaneDelivery.sail();
 * istio.ControlPlaneDelivery.fluxHelmRelease({ source: delivery.FluxChartSource.helmRepository('istio') });
 * istio.ControlPlaneDelivery.argoCdApplication({ project: 'platform' });
 * istio.ControlPlaneDelivery.helmValues();
 */
export class ControlPlaneDelivery {
  /**
   * The Sail operator runs it. It must be in the cluster already, and the namespaces too.
   *
   * @see https://github.com/istio-ecosystem/sail-operator
   */
  public static sail(options: SailOptions = {}): ControlPlaneDelivery {
    return new ControlPlaneDelivery(options, undefined);
  }

  /** Flux installs the Helm charts: one HelmRelease each. */
  public static fluxHelmRelease(options: FluxDeliveryOptions): ControlPlaneDelivery {
    return ControlPlaneDelivery.charts(ChartDelivery.fluxHelmRelease(options));
  }

  /** Argo CD installs the Helm charts: one Application each. */
  public static argoCdApplication(options: ArgoDeliveryOptions = {}): ControlPlaneDelivery {
    return ControlPlaneDelivery.charts(ChartDelivery.argoCdApplication(options));
  }

  /** A person installs the Helm charts with `helm`, by values that stand in ConfigMaps. */
  public static helmValues(): ControlPlaneDelivery {
    return ControlPlaneDelivery.charts(ChartDelivery.helmValues());
  }

  /**
   * The Helm charts are installed in another way.
   *
   * @param delivery the way
   */
  public static charts(delivery: ChartDelivery): ControlPlaneDelivery {
    return new ControlPlaneDelivery(undefined, delivery);
  }

  /** @internal */
  public readonly _sail?: SailOptions;
  /** @internal */
  public readonly _charts?: ChartDelivery;

  private constructor(sail: SailOptions | undefined, charts: ChartDelivery | undefined) {
    this._sail = sail;
    this._charts = charts;
  }

  /** Whether the Sail operator runs it. */
  public get managedBySail(): boolean {
    return this._sail !== undefined;
  }
}
