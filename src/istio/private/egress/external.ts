import type { ExternalPlan } from '../../../core/plan';
import type { Port } from '../../../core/port';
import { isIpAddress } from '../../../core/private/check-values';
import { Protocol } from '../../../core/protocol';
import { compareText } from '../../../private/compare';
import { ClientTls, ServerTrust } from '../../client-tls';
import * as crd from '../../crd';
import type { WaypointUse } from '../ambient/lower-ambient';
import { renderHttpRoutes } from '../http-route';
import { renderMatch } from '../match';
import { renderServicePort } from '../service-ports';
import { renderTrafficPolicy } from '../traffic-policy';
import type { EgressHop } from './egress-hop';
import { lowerGatewayHop } from './gateway-hop';

/** By which way calls leave the mesh; neither when they leave it from where they are made. */
export interface WayOut {
  readonly hop?: EgressHop;
  readonly waypoint?: WaypointUse;
}

/** Makes a service outside of the mesh known to the proxies, and says how it is called. */
export function lowerExternal(external: ExternalPlan, way: WayOut): void {
  const { scope, serviceName, namespace, hosts, ports } = external;
  new crd.ServiceEntry(scope, 'ServiceEntry', {
    metadata: { name: serviceName, namespace, labels: way.waypoint && waypointLabels(way.waypoint, namespace) },
    spec: {
      hosts,
      ports: ports.map((port) => renderServicePort(port, undefined, targetPort(external, port))),
      location: crd.ServiceEntryLocation.MESH_EXTERNAL,
      resolution: resolution(external, way),
      addresses: addresses(external),
      endpoints: external.endpoints.length > 0 ? external.endpoints.map((address) => ({ address })) : undefined,
      exportTo: visibility(external, way),
    },
  });
  lowerCalls(external, way);
  if (way.hop) { lowerGatewayHop(external, way.hop, visibility(external, way)); } else { lowerPolicies(external, way); }
}

function waypointLabels({ name, namespace }: WaypointUse, own: string): { [label: string]: string } {
  return { 'istio.io/use-waypoint': name, ...(namespace === own ? {} : { 'istio.io/use-waypoint-namespace': namespace }) };
}

/** Addresses tell best; else DNS; behind a wildcard only the client knows where it goes, and a proxy elsewhere has to ask for each name. */
function resolution({ hosts, endpoints }: ExternalPlan, { hop, waypoint }: WayOut): crd.ServiceEntryResolution {
  if (endpoints.length > 0) {
    return endpoints.every((endpoint) => isIpAddress(endpoint)) ? crd.ServiceEntryResolution.STATIC : crd.ServiceEntryResolution.DNS;
  }
  if (!hosts.some((host) => host.startsWith('*'))) { return crd.ServiceEntryResolution.DNS; }
  return hop ?? waypoint ? crd.ServiceEntryResolution.DYNAMIC_DNS : crd.ServiceEntryResolution.NONE;
}

/** A byte stream tells by its address alone where it goes. Without one a proxy would send every connection to its port there. */
function addresses({ ports, endpoints }: ExternalPlan): string[] | undefined {
  const stream = ports.some((port) => port.protocol === Protocol.TCP);
  return stream && endpoints.length > 0 && endpoints.every((endpoint) => isIpAddress(endpoint)) ? [...endpoints] : undefined;
}

/** Only the namespaces that call it, and the gateway on the way, see it; everybody does when no caller was declared. */
function visibility({ callerNamespaces, namespace }: ExternalPlan, { hop }: WayOut): string[] | undefined {
  if (callerNamespaces.length === 0) { return undefined; }
  const others = new Set([...callerNamespaces, ...hop ? [hop.namespace] : []]);
  return ['.', ...[...others].filter((caller) => caller !== namespace)].sort(compareText);
}

/** An application that speaks plain HTTP to port 80 of a server that speaks TLS means its port 443. */
function targetPort(external: ExternalPlan, port: Port): number | undefined {
  if (port.targetPort !== port.number) { return port.targetPort; }
  return external.originateTls && port.carriesRequests && port.number === 80 ? 443 : undefined;
}

function lowerCalls(external: ExternalPlan, way: WayOut): void {
  const { scope, serviceName, namespace, hosts, ports, policy, originateTls } = external;
  const secured = originateTls ? ports.filter((port) => port.carriesRequests) : [];
  if (Object.keys(renderTrafficPolicy(policy)).length === 0 && !originateTls) { return; }
  const tls = (host: string) => ClientTls.simple(ServerTrust.system(), { serverName: host, certificateNames: [host] });
  hosts.forEach((host, index) => new crd.DestinationRule(scope, `DestinationRule${suffix(index)}`, {
    metadata: { name: `${serviceName}${suffix(index)}`, namespace },
    spec: {
      host,
      trafficPolicy: renderTrafficPolicy({ ...policy, ports: secured.map((port) => ({ servicePort: port.number, tls: tls(host) })) }),
      exportTo: visibility(external, way),
    },
  }));
}

function lowerPolicies(external: ExternalPlan, way: WayOut): void {
  const { scope, serviceName, namespace, hosts, ports, httpRules } = external;
  if (httpRules.length === 0) { return; }
  const http = ports.filter((port) => port.carriesRequests);
  hosts.forEach((host, index) => new crd.VirtualService(scope, `VirtualService${suffix(index)}`, {
    metadata: { name: `${serviceName}${suffix(index)}`, namespace },
    spec: {
      hosts: [host],
      http: httpRules.flatMap(({ policy, clients, matches }) => http.flatMap((port) => renderHttpRoutes(
        { handling: {}, policy, route: [{ destination: { host, port: { number: port.number } } }] },
        matches.flatMap((match) => (clients ?? [undefined]).flatMap((client) => (
          renderMatch(match, client, http.length > 1 ? port.number : undefined)
        ))),
      ))),
      exportTo: visibility(external, way),
    },
  }));
}

function suffix(index: number): string {
  return index === 0 ? '' : `-${index + 1}`;
}
