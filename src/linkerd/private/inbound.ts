import type { Construct } from 'constructs';
import { AccessMode } from '../../core/mesh';
import { MetricsMode } from '../../core/metrics';
import { PeerKind } from '../../core/peer';
import type { InboundEdgePlan, ServicePlan } from '../../core/plan';
import type { Port } from '../../core/port';
import { Protocol } from '../../core/protocol';
import * as crd from '../crd';
import { admit } from './authentication';
import { lowerInboundRoutes } from './inbound-routes';

/** What the proxies are told to expect on a port. */
const PROXY_PROTOCOL: { readonly [protocol in Protocol]: string } = {
  [Protocol.HTTP]: 'HTTP/1',
  [Protocol.HTTP2]: 'HTTP/2',
  [Protocol.GRPC]: 'gRPC',
  [Protocol.HTTPS]: 'TLS',
  [Protocol.TLS]: 'TLS',
  [Protocol.TCP]: 'opaque',
};

/**
 * Writes who may call a service: a Server for each of its ports, which lets nobody in by itself, and policies for the declared callers.
 *
 * @param serversInPhases whether the Servers of its ports are written by a migration
 */
export function lowerInbound(service: ServicePlan, serversInPhases: boolean): void {
  if (service.access === AccessMode.OPEN) { return; }
  service.ports.forEach((port) => lowerPort(service, port, serversInPhases));
  lowerMetrics(service);
}

function lowerPort(service: ServicePlan, port: Port, serversInPhases: boolean): void {
  const { scope, namespace } = service;
  const name = serversInPhases ? `${service.serviceName}-${port.name}` : emitPortServer(scope, `Server-${port.name}`, service, port, accessPolicy(service));
  const edges = service.inbound.filter((edge) => concerns(edge, port));
  const whole = edges.filter((edge) => !looksIntoRequests(edge));
  if (whole.length > 0) {
    admit(scope, namespace, name, { group: 'policy.linkerd.io', kind: 'Server', name }, whole.map(({ caller }) => caller));
  }
  if (whole.length < edges.length) {
    lowerInboundRoutes(service, port, name, edges);
  }
}

/** Writes the Server of one port of a service, and returns its name. */
export function emitPortServer(scope: Construct, id: string, service: ServicePlan, port: Port, access: string): string {
  return emitServer(scope, id, service, port.name!, { port: port.targetPort, proxyProtocol: PROXY_PROTOCOL[port.protocol], accessPolicy: access });
}

function emitServer(scope: Construct, id: string, { namespace, serviceName, podLabels }: ServicePlan, suffix: string, spec: Omit<crd.ServerSpec, 'podSelector'>): string {
  const name = `${serviceName}-${suffix}`;
  new crd.Server(scope, id, { metadata: { name, namespace }, spec: { podSelector: { matchLabels: { ...podLabels } }, ...spec } });
  return name;
}

/** What a Server does with calls that no policy speaks of. */
export function accessPolicy({ access }: ServicePlan): string {
  return access === AccessMode.AUDIT ? 'audit' : 'deny';
}

function concerns({ access }: InboundEdgePlan, port: Port): boolean {
  return (access.servicePorts.length === 0 || access.servicePorts.includes(port.number)) && (!access.requestsOnly || port.carriesRequests);
}

/** Whether an edge is about requests rather than connections. */
export function looksIntoRequests({ access }: InboundEdgePlan): boolean {
  return access.methods.length > 0 || access.paths.length > 0 || access.headers.length > 0;
}

/** Linkerd cannot serve an application's metrics together with its own: the collector asks the application, from wherever it is. */
function lowerMetrics(service: ServicePlan): void {
  const { metrics, ports, scope, namespace } = service;
  if (metrics === undefined || (metrics.mode !== MetricsMode.DIRECT && metrics.mode !== MetricsMode.MERGED)) { return; }
  const anyone = [{ kind: PeerKind.ANYONE }];
  const port = ports.find((candidate) => candidate.targetPort === metrics.containerPort);
  if (port) { return; }
  const name = emitServer(scope, 'Server-metrics', service, 'metrics', { port: metrics.containerPort, proxyProtocol: 'HTTP/1', accessPolicy: accessPolicy(service) });
  admit(scope, namespace, name, { group: 'policy.linkerd.io', kind: 'Server', name }, anyone);
}
