import { PolicyPort } from './policy-port';
import { PolicyTarget } from './policy-target';
import { TelemetryMode } from './telemetry-mode';
import { WorkloadSelector } from './workload-selector';
import { ResourceProps } from '../core/resource';

/** At which point of its work the proxy calls an extension. */
export enum ExtensionPhase {
  /** Before Istio checks who calls. */
  AUTHN = 'AUTHN',
  /** After Istio checked who calls, before it checks what they may do. */
  AUTHZ = 'AUTHZ',
  /** After Istio checked what they may do, before it counts. */
  STATS = 'STATS',
}

/** Some of the calls that a proxy handles. */
export interface TrafficMatch {
  /**
   * Whether calls are meant that the workload makes, or gets.
   *
   * @default TelemetryMode.CLIENT_AND_SERVER
   */
  readonly mode?: TelemetryMode;

  /**
   * Ports that are called. For calls that the workload makes they are those of other services: give the number that is called with
   * `PolicyPort.container`.
   *
   * @default - all
   */
  readonly ports?: PolicyPort[];
}

/** Where and when an extension of the proxies runs. */
export interface ExtensionScope extends ResourceProps {
  /**
   * The pods whose proxies run it.
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
   * For which calls it runs; any of these.
   *
   * @default - all
   */
  readonly matches?: TrafficMatch[];

  /**
   * At which point of its work the proxy calls it.
   *
   * @default - at the end, right before the call is sent on
   */
  readonly phase?: ExtensionPhase;

  /**
   * Which of several extensions of one phase comes first: the one with the higher number.
   *
   * @default 0
   */
  readonly priority?: number;
}
