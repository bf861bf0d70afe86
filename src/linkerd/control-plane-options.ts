import { Replicas } from '../delivery/replicas';

/** The extension with metrics, taps and the dashboard. */
export interface VizOptions {
  /**
   * Namespace that it runs in.
   *
   * @default linkerd-viz
   */
  readonly namespace?: string;

  /**
   * Whether there is a dashboard.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * Replicas of its parts. They have a fixed number.
   *
   * @default - those of the control plane
   */
  readonly replicas?: Replicas;

  /**
   * Address of a Prometheus that is there already.
   *
   * @default - one is installed along, which keeps 6 hours
   */
  readonly prometheusUrl?: string;

  /**
   * Address of a Grafana that the dashboard leads to.
   *
   * @default - none
   */
  readonly grafanaUrl?: string;

  /**
   * Values of the chart that have no property here. Maps are merged; lists and scalars replace.
   *
   * @default - none
   */
  readonly additionalValues?: { readonly [key: string]: any };
}

/** The extension that connects clusters. */
export interface MulticlusterOptions {
  /**
   * Namespace that it runs in.
   *
   * @default linkerd-multicluster
   */
  readonly namespace?: string;

  /**
   * Whether there is a gateway for other clusters. Without, pods of both clusters must reach each other.
   *
   * @default true
   */
  readonly gateway?: boolean;

  /**
   * Values of the chart that have no property here. Maps are merged; lists and scalars replace.
   *
   * @default - none
   */
  readonly additionalValues?: { readonly [key: string]: any };
}

/** Where the proxies send their traces. */
export interface TracingOptions {
  /** Address of the collector with its port, such as `collector.tracing.svc.cluster.local:4317`. */
  readonly collector: string;

  /**
   * ServiceAccount of the collector; the proxies send traces to nobody else.
   *
   * @default collector
   */
  readonly collectorServiceAccount?: string;

  /**
   * Namespace of that ServiceAccount.
   *
   * @default - the second part of the collector's DNS name
   */
  readonly collectorNamespace?: string;
}
