import type { Construct } from 'constructs';
import type { ExternalPlan, MeshPlan } from '../../core/plan';
import type { Port } from '../../core/port';
import { Protocol } from '../../core/protocol';
import * as gateway from '../../gatewayapi/crd';
import { byText, compareText } from '../../private/compare';
import { renderDuration } from '../../private/duration-grammar';
import { fail } from '../../private/errors';
import * as crd from '../crd';

/** Name of the network outside of the mesh, in every namespace that calls it. */
const NETWORK = 'external';

/**
 * Writes which services outside of the mesh may be called: in every namespace that calls one a network, and a route for every service and
 * port. With `denyAll`, and in zero trust namespaces, the network refuses whatever has no route.
 */
export function lowerEgress(plan: MeshPlan, denyAll: boolean): void {
  const closed = new Set(plan.services.filter((service) => service.denyUndeclaredCalls).map((service) => service.namespace));
  const namespaces = denyAll
    ? [...plan.services.map((service) => service.namespace), ...plan.externals.flatMap((external) => external.callerNamespaces)]
    : [...closed, ...plan.externals.flatMap(callersOf)];
  for (const namespace of [...new Set(namespaces)].sort(compareText)) {
    new crd.EgressNetwork(plan.scope, `EgressNetwork-${namespace}`, {
      metadata: { name: NETWORK, namespace },
      spec: { trafficPolicy: denyAll || closed.has(namespace) ? crd.EgressNetworkTrafficPolicy.DENY : crd.EgressNetworkTrafficPolicy.ALLOW },
    });
  }
  for (const external of plan.externals) {
    for (const namespace of callersOf(external)) {
      external.ports.forEach((port) => emitRoute(external, namespace, port));
    }
  }
  refuseSharedTcp(plan);
}

function callersOf({ callerNamespaces, namespace }: ExternalPlan): string[] {
  return callerNamespaces.length > 0 ? callerNamespaces : [namespace];
}

function emitRoute(external: ExternalPlan, namespace: string, port: Port): void {
  const { scope, serviceName, hosts, policy } = external;
  const metadata = { name: `${serviceName}-${port.name}`, namespace };
  const id = `${namespace}-${port.name}`;
  const parentRefs = [{ group: 'policy.linkerd.io', kind: 'EgressNetwork', name: NETWORK, namespace, port: port.number }];
  const backendRefs = [{ group: 'policy.linkerd.io', kind: 'EgressNetwork', name: NETWORK, namespace, port: port.number }];
  if (port.carriesRequests) {
    const timeouts = policy.timeout && { request: renderDuration(policy.timeout.toMilliseconds(), 'gateway-api') };
    new gateway.HTTPRoute(scope, `HTTPRoute-${id}`, { metadata, spec: { parentRefs, hostnames: hosts, rules: [{ backendRefs, timeouts }] } });
  } else if (port.protocol === Protocol.TCP) {
    new gateway.TCPRoute(scope, `TCPRoute-${id}`, { metadata, spec: { parentRefs, rules: [{ backendRefs }] } });
  } else {
    new gateway.TLSRoute(scope, `TLSRoute-${id}`, { metadata, spec: { parentRefs, hostnames: hosts, rules: [{ backendRefs }] } });
  }
}

/** A byte stream names no host: all that are called on one port are one route. */
function refuseSharedTcp({ externals }: MeshPlan): void {
  const streams = externals.flatMap((external) => external.ports.filter((port) => port.protocol === Protocol.TCP)
    .flatMap((port) => callersOf(external).map((namespace) => ({ key: `${namespace} ${port.number}`, path: pathOf(external.scope) }))));
  streams.sort(byText(({ key }) => key));
  streams.forEach((stream, index) => {
    if (index === 0 || streams[index - 1].key !== stream.key) { return; }
    fail('MESH-E019', `${streams[index - 1].path} and ${stream.path} are both called by a byte stream on one port, which linkerd cannot tell apart`,
      'declare one of them with Port.tls(), or on another port', stream.path);
  });
}

function pathOf(scope: Construct): string {
  return scope.node.scope?.node.path ?? '';
}
