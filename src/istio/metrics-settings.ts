import { Duration } from 'cdk8s';
import { ExtensionProvider } from './extension-provider';
import { TelemetryMode } from './telemetry-mode';

/** A metric that Istio defines. */
export enum StandardMetric {
  /** All of them. */
  ALL_METRICS = 'ALL_METRICS',
  /** Requests. */
  REQUEST_COUNT = 'REQUEST_COUNT',
  /** How long requests take. */
  REQUEST_DURATION = 'REQUEST_DURATION',
  /** Size of requests. */
  REQUEST_SIZE = 'REQUEST_SIZE',
  /** Size of answers. */
  RESPONSE_SIZE = 'RESPONSE_SIZE',
  /** Connections that were opened. */
  TCP_OPENED_CONNECTIONS = 'TCP_OPENED_CONNECTIONS',
  /** Connections that were closed. */
  TCP_CLOSED_CONNECTIONS = 'TCP_CLOSED_CONNECTIONS',
  /** Bytes of answers on connections. */
  TCP_SENT_BYTES = 'TCP_SENT_BYTES',
  /** Bytes of requests on connections. */
  TCP_RECEIVED_BYTES = 'TCP_RECEIVED_BYTES',
  /** gRPC messages of clients. */
  GRPC_REQUEST_MESSAGES = 'GRPC_REQUEST_MESSAGES',
  /** gRPC messages of servers. */
  GRPC_RESPONSE_MESSAGES = 'GRPC_RESPONSE_MESSAGES',
}

/** What is different about some metrics. */
export interface MetricOverride {
  /**
   * The metric.
   *
   * @default StandardMetric.ALL_METRICS, unless there is a customMetric
   */
  readonly metric?: StandardMetric;

  /**
   * A metric that Istio does not define, by its name.
   *
   * @default - the one that `metric` names
   */
  readonly customMetric?: string;

  /**
   * For which calls.
   *
   * @default TelemetryMode.CLIENT_AND_SERVER
   */
  readonly mode?: TelemetryMode;

  /**
   * Whether the metric is not measured.
   *
   * @default - as the next wider resource says, else false
   */
  readonly disabled?: boolean;

  /**
   * Labels to set, each with an expression in CEL such as `request.host` or `"text"`.
   *
   * @default - none
   */
  readonly setTags?: { readonly [name: string]: string };

  /**
   * Labels to leave out. Fewer labels are fewer time series.
   *
   * @default - none
   */
  readonly removeTags?: string[];
}

/** How calls are measured. */
export interface MetricsSettings {
  /**
   * The collectors.
   *
   * @default - those of the next wider resource, else those that the mesh has by default
   */
  readonly providers?: ExtensionProvider[];

  /**
   * What is different about some metrics; later ones win over earlier ones.
   *
   * @default - nothing
   */
  readonly overrides?: MetricOverride[];

  /**
   * How often connections that stay open are reported.
   *
   * @default - 5 s
   */
  readonly reportingInterval?: Duration;
}
