import { ExtensionProvider } from './extension-provider';
import { SpanTag } from './span-tag';
import { TelemetryMode } from './telemetry-mode';
import { Percent } from '../core/percent';

/** How calls are traced. */
export interface TracingSettings {
  /**
   * For which calls.
   *
   * @default - all; in the settings of waypoints and gateways, too
   */
  readonly mode?: TelemetryMode;

  /**
   * The collector.
   *
   * @default - that of the next wider resource, else the one that the mesh has by default
   */
  readonly provider?: ExtensionProvider;

  /**
   * How many of the calls for which nobody has decided yet are traced.
   *
   * @default - as the next wider resource says, else as the mesh says (1 %)
   */
  readonly sampling?: Percent;

  /**
   * Tags of every span, by name.
   *
   * @default - those of the next wider resource
   */
  readonly tags?: { readonly [name: string]: SpanTag };

  /**
   * Whether spans are reported at all. Contexts are passed on in any case.
   *
   * @default - as the next wider resource says, else true
   */
  readonly reporting?: boolean;

  /**
   * Whether the headers that carry the context of a trace are passed on.
   *
   * @default true
   */
  readonly propagation?: boolean;

  /**
   * Whether spans have the tags of Istio, such as the name of the mesh and of the workload.
   *
   * @default true
   */
  readonly istioTags?: boolean;

  /**
   * Whether the id of a request decides about tracing, so that all proxies decide alike.
   *
   * @default true
   */
  readonly requestIdSampling?: boolean;
}
