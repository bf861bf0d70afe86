import { checkPeerAuthentication, checkRequestAuthentication } from './authentication';
import { checkAuthorizationPolicy } from './authorization-policy';
import { checkDestinationRule } from './destination-rule';
import { checkEnvoyFilter } from './envoy-filter';
import { checkProxyConfig, checkTrafficExtension, checkWasmPlugin } from './extensions';
import { checkGateway } from './gateway';
import { checkServiceEntry } from './service-entry';
import { checkSidecar } from './sidecar';
import { checkTelemetry } from './telemetry';
import { checkVirtualService } from './virtual-service';
import { WebhookCheck, WebhookObject } from '../webhook-object';
import { checkWorkloadEntry, checkWorkloadGroup } from './workloads';

const CHECKS: Readonly<Record<string, WebhookCheck>> = {
  AuthorizationPolicy: checkAuthorizationPolicy,
  DestinationRule: checkDestinationRule,
  EnvoyFilter: checkEnvoyFilter,
  Gateway: checkGateway,
  PeerAuthentication: checkPeerAuthentication,
  ProxyConfig: checkProxyConfig,
  RequestAuthentication: checkRequestAuthentication,
  ServiceEntry: checkServiceEntry,
  Sidecar: checkSidecar,
  Telemetry: checkTelemetry,
  TrafficExtension: checkTrafficExtension,
  VirtualService: checkVirtualService,
  WasmPlugin: checkWasmPlugin,
  WorkloadEntry: checkWorkloadEntry,
  WorkloadGroup: checkWorkloadGroup,
};

/** Annotations that only Istio itself writes. */
const INTERNAL = ['internal.istio.io/webhook-always-reject', 'internal.istio.io/parents', 'internal.istio.io/parent-namespace'];

/** What Istio's validation webhook checks of its kinds. */
export function checkIstio(object: WebhookObject, kind: string): void {
  for (const name of INTERNAL) {
    if (Object.hasOwn(object.annotations, name)) object.metadata.at('annotations').entry(name).forbidden('only Istio itself may write it');
  }
  const dryRun = object.metadata.at('annotations').entry('istio.io/dry-run');
  if (kind !== 'AuthorizationPolicy' && dryRun.value !== undefined) dryRun.forbidden('only an AuthorizationPolicy can be tried out');
  CHECKS[kind]?.(object);
}
