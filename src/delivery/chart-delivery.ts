import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { ArgoDestination, IgnoredDifference } from './argo-application';
import { FluxChartSource } from './flux-chart-source';
import { deliverByArgo } from './private/deliver-by-argo';
import { deliverByFlux } from './private/deliver-by-flux';
import { deliverByHelm } from './private/deliver-by-helm';

/** A Helm chart that is to be installed, whoever does it. */
export interface ChartInstall {
  /** What the chart is among those that are installed together; ids of constructs come from it. */
  readonly installId: string;
  /** Address of the Helm repository that has the chart. */
  readonly repository: string;
  /** Name of the chart. */
  readonly chart: string;
  /** Version of the chart. */
  readonly version: string;
  /** Name of the release. */
  readonly releaseName: string;
  /** Namespace that it is installed into. */
  readonly namespace: string;

  /**
   * Values of the chart.
   *
   * @default - those of the chart
   */
  readonly values?: { readonly [key: string]: any };

  /**
   * `installId` of what must be ready first. What is not installed at the same time is taken to be there.
   *
   * @default - nothing
   */
  readonly needs?: string[];

  /**
   * Fields that what the chart installs changes by itself.
   *
   * @default - none
   */
  readonly ownFields?: IgnoredDifference[];

  /**
   * Whether the chart brings definitions of custom resources along.
   *
   * @default false
   */
  readonly bringsDefinitions?: boolean;
}

/** What a person types around a chart, beside applying the objects that were written for it. */
export interface DeliveredChart {
  /** What the chart is among those that are installed together. */
  readonly installId: string;
  /** Commands that install or upgrade it once its objects were applied; none when a controller does that. */
  readonly installCommands: string[];
  /** Commands that end when it is ready, and fail when it does not get so. */
  readonly waitCommands: string[];
  /** Commands that remove it. */
  readonly removeCommands: string[];
}

/** How Flux installs charts. */
export interface FluxDeliveryOptions {
  /** Where the charts come from. */
  readonly source: FluxChartSource;

  /**
   * Namespace of the HelmRelease objects.
   *
   * @default flux-system
   */
  readonly namespace?: string;

  /**
   * How often Flux compares.
   *
   * @default - 10 minutes
   */
  readonly interval?: Duration;

  /**
   * How long one action of Helm may take.
   *
   * @default - 5 minutes
   */
  readonly timeout?: Duration;

  /**
   * ServiceAccount that Flux acts as.
   *
   * @default - that of helm-controller
   */
  readonly serviceAccountName?: string;
}

/** How Argo CD installs charts. */
export interface ArgoDeliveryOptions {
  /**
   * Namespace of the Application objects.
   *
   * @default argocd
   */
  readonly namespace?: string;

  /**
   * Project of Argo CD.
   *
   * @default default
   */
  readonly project?: string;

  /**
   * Cluster that the charts are installed into; its namespace is that of each chart.
   *
   * @default - the cluster that Argo CD runs in
   */
  readonly destination?: ArgoDestination;

  /**
   * Whether changes are applied without being asked for.
   *
   * @default true
   */
  readonly automated?: boolean;
}

/**
 * How the Helm charts of a control plane get into a cluster. It is the same for every mesh.
 *
 * Anybody can add a way, by extending this class.
 */
export abstract class ChartDelivery {
  /** One HelmRelease for every chart, in their order by `dependsOn`. */
  public static fluxHelmRelease(options: FluxDeliveryOptions): ChartDelivery {
    return new WrittenDelivery((scope, charts) => deliverByFlux(scope, charts, options));
  }

  /** One Application for every chart, in their order by sync waves. */
  public static argoCdApplication(options: ArgoDeliveryOptions = {}): ChartDelivery {
    return new WrittenDelivery((scope, charts) => deliverByArgo(scope, charts, options));
  }

  /** One ConfigMap with the values for every chart, and the `helm` commands that install from it. */
  public static helmValues(): ChartDelivery {
    return new WrittenDelivery(deliverByHelm);
  }

  /**
   * Writes what brings charts into a cluster.
   *
   * @param scope where the objects belong
   * @param charts the charts, those first that others need
   */
  public abstract deliverCharts(scope: Construct, charts: ChartInstall[]): DeliveredChart[];
}

class WrittenDelivery extends ChartDelivery {
  public constructor(private readonly write: (scope: Construct, charts: readonly ChartInstall[]) => DeliveredChart[]) {
    super();
  }

  public deliverCharts(scope: Construct, charts: ChartInstall[]): DeliveredChart[] {
    return this.write(scope, charts);
  }
}
