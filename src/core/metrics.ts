import { absolutePath, portNumber } from './private/check-values';

/** How metrics are collected. */
export enum MetricsMode {
  /** The proxy serves the application's metrics together with its own. */
  MERGED = 'merged',
  /** The collector asks the application itself, from outside the mesh. */
  DIRECT = 'direct',
}

/**
 * Where a workload publishes metrics for Prometheus, and how they are collected under mutual TLS.
 */
export class Metrics {
  /**
   * The proxy serves the application's metrics together with its own, on a port that needs no mutual TLS. Where a mesh cannot merge,
   * the application's port is opened as with `direct`.
   *
   * @param containerPort container port that serves the metrics
   * @param path path of the metrics
   */
  public static merged(containerPort: number, path: string = '/metrics'): Metrics {
    return new Metrics(MetricsMode.MERGED, containerPort, path);
  }

  /**
   * A collector outside the mesh asks the application itself. The mesh makes an exception for this one port and path, and for no other.
   *
   * @param containerPort container port that serves the metrics
   * @param path path of the metrics
   */
  public static direct(containerPort: number, path: string = '/metrics'): Metrics {
    return new Metrics(MetricsMode.DIRECT, containerPort, path);
  }

  /** How the metrics are collected. */
  public readonly mode: MetricsMode;
  /** Container port that serves the metrics. */
  public readonly containerPort: number;
  /** Path of the metrics. */
  public readonly path: string;

  private constructor(mode: MetricsMode, containerPort: number, path: string) {
    this.mode = mode;
    this.containerPort = portNumber('metrics port', containerPort);
    this.path = absolutePath(path);
  }
}
