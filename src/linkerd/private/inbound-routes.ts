import { coverRequests, CoveredRequests } from './access-cover';
import { admit } from './authentication';
import { probesOn } from './probes';
import { withWholePatterns } from './whole-patterns';
import { Access } from '../../core/access';
import { MethodMatch } from '../../core/method-match';
import { PathMatch } from '../../core/path-match';
import { PeerKind } from '../../core/peer';
import type { InboundEdgePlan, PeerPlan, ServicePlan } from '../../core/plan';
import type { Port } from '../../core/port';
import { Protocol } from '../../core/protocol';
import * as gateway from '../../gatewayapi/crd';
import { renderGrpcMatches } from '../../gatewayapi/private/grpc-match';
import { renderMatches } from '../../gatewayapi/private/http-route';

const GATEWAY = 'gateway.networking.k8s.io';

/**
 * Writes which caller may make which requests on a port: a route for every set of requests that belongs to the same callers, and a policy for
 * each. A Server with routes no longer knows the kubelet's probes by itself, so they get a route too.
 */
export function lowerInboundRoutes(service: ServicePlan, port: Port, server: string, edges: readonly InboundEdgePlan[]): void {
  const path = service.scope.node.scope?.node.path ?? '';
  const routes = coverRequests([...edges, ...probeEdges(service, port)], path);
  routes.forEach((route, index) => {
    const name = `${server}-${index + 1}`;
    const kind = port.protocol === Protocol.GRPC ? 'GRPCRoute' : 'HTTPRoute';
    emitRoute(service, kind, name, server, route, path);
    admit(service.scope, service.namespace, name, { group: GATEWAY, kind, name }, route.callers);
  });
}

/** The kubelet, as a caller that is known by nothing but what it asks. */
function probeEdges(service: ServicePlan, port: Port): { readonly caller: PeerPlan; readonly access: Access }[] {
  const { paths, grpc } = probesOn(service, port);
  const caller: PeerPlan = { kind: PeerKind.ANYONE };
  return [
    ...(paths.length > 0 ? [{ caller, access: Access.http({ paths: paths.map((probe) => PathMatch.exact(probe.split('?')[0])), methods: [MethodMatch.GET] }) }] : []),
    ...(grpc ? [{ caller, access: Access.grpc('grpc.health.v1.Health', 'Check') }] : []),
  ];
}

function emitRoute({ scope, namespace }: ServicePlan, kind: 'HTTPRoute' | 'GRPCRoute', name: string, server: string, { matches }: CoveredRequests, path: string): void {
  const metadata = { name, namespace };
  const parentRefs = [{ group: 'policy.linkerd.io', kind: 'Server', name: server }];
  if (kind === 'GRPCRoute') {
    new gateway.GRPCRoute(scope, `Route-${name}`, { metadata, spec: { parentRefs, rules: [{ matches: renderGrpcMatches(matches, path) }] } });
  } else {
    new gateway.HTTPRoute(scope, `Route-${name}`, { metadata, spec: { parentRefs, rules: [{ matches: renderMatches(matches.map(withWholePatterns), path) }] } });
  }
}
