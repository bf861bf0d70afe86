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

/** Writes who may call a service: a Server for each of its ports, which lets nobody in by itself, and policies for the declared callers. */
export function lowerInbound(service: ServicePlan): void {
  if (service.access === AccessMode.OPEN) { return; }
  service.ports.forEach((port) => lowerPort(service, port));
  lowerMetrics(service);
}

function lowerPort(service: ServicePlan, port: Port): void {
  const { scope, namespace } = service;
  const name = emitServer(service, port.name!, port.targetPort, PROXY_PROTOCOL[port.protocol]);
  const edges = service.inbound.filter((edge) => concerns(edge, port));
  const whole = edges.filter((edge) => !looksIntoRequests(edge));
  if (whole.length > 0) {
    admit(scope, namespace, name, { group: 'policy.linkerd.io', kind: 'Server', name }, whole.map(({ caller }) => caller));
  }
  if (whole.length < edges.length) {
    lowerInboundRoutes(service, port, name, edges);
  }
}

function emitServer({ scope, namespace, serviceName, podLabels, access }: ServicePlan, suffix: string, port: number, proxyProtocol: string): string {
  const name = `${serviceName}-${suffix}`;
  new crd.Server(scope, `Server-${suffix}`, {
    metadata: { name, namespace },
    spec: { podSelector: { matchLabels: { ...podLabels } }, port, proxyProtocol, accessPolicy: access === AccessMode.AUDIT ? 'audit' : 'deny' },
  });
  return name;
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
  const name = emitServer(service, 'metrics', metrics.containerPort, 'HTTP/1');
  admit(scope, namespace, name, { group: 'policy.linkerd.io', kind: 'Server', name }, anyone);
}
