import { Construct } from 'constructs';
import { AccessLogSettings } from './access-log-settings';
import * as crd from './crd';
import { ExtensionProvider, ProviderPurpose } from './extension-provider';
import { MetricsSettings } from './metrics-settings';
import { PolicyTarget } from './policy-target';
import { TargetedResource } from './private/targeted-resource';
import { renderAccessLog, renderMetrics, renderTracing } from './private/telemetry';
import { TracingSettings } from './tracing-settings';
import { WorkloadSelector } from './workload-selector';
import { ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';

/** A Telemetry of this app, or one that is only known by its name. */
export interface ITelemetry extends IMeshResource {
}

/** Whose calls are observed, and how. */
export interface TelemetryProps extends ResourceProps {
  /**
   * The pods whose proxies observe. One resource for each workload.
   *
   * @default - whatever `targets` names; all pods of the namespace (in the root namespace: of the mesh) when nothing is named
   */
  readonly selector?: WorkloadSelector;

  /**
   * Services at a waypoint, waypoints and gateways of the Gateway API; at most 16.
   *
   * @default - pods, as `selector` says
   */
  readonly targets?: PolicyTarget[];

  /**
   * How calls are traced.
   *
   * @default - as the next wider resource says
   */
  readonly tracing?: TracingSettings;

  /**
   * How calls are measured.
   *
   * @default - as the next wider resource says, or as added with addMetrics
   */
  readonly metrics?: MetricsSettings[];

  /**
   * Which calls are logged.
   *
   * @default - as the next wider resource says, or as added with addAccessLog
   */
  readonly accessLogs?: AccessLogSettings[];
}

/**
 * What proxies tell of the calls that they see: traces, metrics and access logs.
 *
 * Emits a Telemetry. Its providers belong into the configuration of the mesh: `ExtensionProvider.usedIn(scope)` lists those that are used.
 * A resource for a workload wins over the one of its namespace, and that one over the one of the root namespace; there is one at each
 * level. `targetRef`, which `targetRefs` has replaced, is set with additionalSpec.
 *
 * @see https://istio.io/latest/docs/reference/config/telemetry/
 *
 * @example
 *
 * new istio.Telemetry(this, 'observe', {
 *   tracing: { provider: collector, sampling: Percent.of(5), tags: { tenant: istio.SpanTag.header('x-tenant') } },
 *   accessLogs: [{ filter: istio.AccessLogFilter.statusAtLeast(400) }],
 * });
 */
export class Telemetry extends TargetedResource implements ITelemetry {
  /**
   * A resource that is only known by its name.
   *
   * @param name name of the Telemetry
   * @param namespace its namespace; any unless given
   */
  public static fromTelemetryName(scope: Construct, id: string, name: string, namespace?: string): ITelemetry {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly props: TelemetryProps;
  private readonly ownMetrics: MetricsSettings[] = [];
  private readonly ownAccessLogs: AccessLogSettings[] = [];

  public constructor(scope: Construct, id: string, props: TelemetryProps = {}) {
    super(scope, id, crd.Telemetry, props);
    this.props = props;
    if (props.tracing) {
      renderTracing(props.tracing, this.node.path);
      this.use(props.tracing.provider ? [props.tracing.provider] : [], ProviderPurpose.TRACING);
    }
    props.metrics?.forEach((settings) => this.addMetrics(settings));
    props.accessLogs?.forEach((settings) => this.addAccessLog(settings));
  }

  /** How calls are traced; undefined for what the next wider resource says. */
  public get tracing(): TracingSettings | undefined {
    return this.props.tracing;
  }

  /** How calls are measured, so far. */
  public get metrics(): MetricsSettings[] {
    return [...this.ownMetrics];
  }

  /** Which calls are logged, so far. */
  public get accessLogs(): AccessLogSettings[] {
    return [...this.ownAccessLogs];
  }

  /**
   * Says how calls are measured.
   *
   * @param settings how
   */
  public addMetrics(settings: MetricsSettings): void {
    renderMetrics(settings, this.node.path);
    this.use(settings.providers, ProviderPurpose.METRICS);
    this.ownMetrics.push(settings);
  }

  /**
   * Says which calls are logged.
   *
   * @param settings which, and where
   */
  public addAccessLog(settings: AccessLogSettings): void {
    renderAccessLog(settings, this.node.path);
    this.use(settings.providers, ProviderPurpose.ACCESS_LOGGING);
    this.ownAccessLogs.push(settings);
  }

  /** @internal */
  public _render(): crd.TelemetrySpec {
    const path = this.node.path;
    const { withoutSidecar, withoutWaypoint } = this._guarded;
    if (withoutSidecar !== undefined) {
      fail('MESH-E037', `what is observed of pods of ${withoutSidecar}, whose node proxy heeds no such resource`,
        'observe at the waypoint: targets: [PolicyTarget.service(…)] in place of the selector', path);
    }
    if (withoutWaypoint !== undefined) {
      fail('MESH-E037', `what is observed of ${withoutWaypoint} at its waypoint, and its mesh has sidecars instead`,
        'use selector: WorkloadSelector.service(…) in place of targets', path);
    }
    if (!this.props.tracing && this.ownMetrics.length === 0 && this.ownAccessLogs.length === 0) {
      fail('MESH-E037', 'a resource that says nothing', 'give tracing, metrics or accessLogs, or leave it out', path);
    }
    return {
      ...this._renderScope(),
      tracing: this.props.tracing && [renderTracing(this.props.tracing, path)],
      metrics: this.ownMetrics.length > 0 ? this.ownMetrics.map((settings) => renderMetrics(settings, path)) : undefined,
      accessLogging: this.ownAccessLogs.length > 0 ? this.ownAccessLogs.map((settings) => renderAccessLog(settings, path)) : undefined,
    };
  }

  private use(providers: readonly ExtensionProvider[] | undefined, purpose: ProviderPurpose): void {
    providers?.forEach((provider) => provider._usedBy(this, purpose));
  }
}
