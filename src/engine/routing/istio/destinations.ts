import { MergedRule, trafficPolicyFor } from './destination-rules';
import { Endpoint } from './endpoints';
import { RouteDestination } from './http-action';
import { MeshPort, MeshService, portOf } from './registry';
import type { IstioRouting } from './routing';
import { JsonObject, StringMap } from '../../model/json';
import { selects } from '../../model/labels';

/** A destination of a route as the proxy's cluster names it, with what is behind it. */
export interface Destination {
  /** Name in the data plane's cluster; `UnknownService` for a refused backend. */
  readonly host: string;
  readonly subset?: string;
  readonly port: number;
  readonly weight: number;
  /** Whether the proxy has such a cluster. */
  readonly exists: boolean;
  /** Whether some endpoint can serve; undefined where the manifests name no workloads. */
  readonly healthy?: boolean;
  readonly service?: MeshService;
  readonly servicePort?: MeshPort;
  readonly endpoints: readonly Endpoint[];
  readonly rule?: MergedRule;
  readonly policy: JsonObject;
  /** Why it cannot serve. */
  readonly fault?: string;
}

/** What the resolution of destinations depends on: a proxy and the services it knows. */
export interface DestinationContext {
  readonly routing: IstioRouting;
  readonly namespace: string;
  readonly labels: StringMap;
  /** The service that a route names, with the ports that count when the route names none. */
  lookUp(host: string): MeshService | undefined;
  /** The service that the proxy has a cluster for. */
  cluster(host: string): MeshService | undefined;
}

/**
 * Resolves a destination as istiod names its cluster.
 *
 * @param defaultPort port for destinations without one
 */
export function resolveDestination(context: DestinationContext, destination: RouteDestination, defaultPort: number): Destination {
  const { host, subset, weight } = destination;
  if (host === '') {
    const port = destination.port ?? defaultPort;
    return { host: 'UnknownService', port, weight, exists: false, healthy: false, endpoints: [], policy: {}, fault: 'the backend was refused' };
  }
  const named = context.lookUp(host);
  const target = named?.aliasOf ?? host;
  const port = destination.port ?? (named?.ports.length === 1 ? named.ports[0].number : defaultPort);
  return clusterOf(context, target, port, subset, weight);
}

/** The cluster of a host, port and subset. */
export function clusterOf(context: DestinationContext, host: string, port: number, subset: string | undefined, weight: number): Destination {
  const service = context.cluster(host);
  const base = { host, subset, port, weight };
  if (!service) return { ...base, exists: false, healthy: false, endpoints: [], policy: {}, fault: `no service ${host} is known to the proxy` };
  const servicePort = portOf(service, port);
  if (!servicePort || servicePort.protocol === 'UDP') {
    return { ...base, exists: false, healthy: false, service, endpoints: [], policy: {}, fault: `service ${host} has no port ${port}` };
  }
  const rule = context.routing.ruleFor(context, service);
  const found = subset === undefined ? undefined : rule?.subsets.find(item => item.name === subset);
  if (subset !== undefined && !found) {
    const fault = `no DestinationRule that the proxy uses for ${host} defines the subset ${subset}`;
    return { ...base, exists: false, healthy: false, service, servicePort, endpoints: [], rule, policy: {}, fault };
  }
  const { endpoints, known } = context.routing.endpoints.of(service, servicePort);
  const chosen = found ? endpoints.filter(endpoint => selects(found.labels, endpoint.labels)) : endpoints;
  const healthy = service.resolution === 'Passthrough' && !service.kubernetes ? true : known ? chosen.some(endpoint => endpoint.healthy) : undefined;
  return {
    ...base,
    exists: true,
    healthy,
    service,
    servicePort,
    endpoints: chosen,
    rule,
    policy: trafficPolicyFor(rule, port, found),
    fault: healthy === false ? `no pod serves ${found ? `subset ${subset} of ` : ''}${host}` : undefined,
  };
}
