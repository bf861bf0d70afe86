import type { ExternalPlan } from '../../core/plan';
import type { Port } from '../../core/port';
import { isIpAddress } from '../../core/private/check-values';
import { Protocol } from '../../core/protocol';
import { compareText } from '../../private/compare';
import { ClientTls, ServerTrust } from '../client-tls';
import * as crd from '../crd';
import { renderHttpRoutes } from './http-route';
import { renderMatch } from './match';
import { renderServicePort } from './service-ports';
import { renderTrafficPolicy } from './traffic-policy';

/** Makes a service outside of the mesh known to the proxies, and says how it is called. */
export function lowerExternal(external: ExternalPlan): void {
  const { scope, serviceName, namespace, hosts, ports } = external;
  const metadata = { name: serviceName, namespace };
  new crd.ServiceEntry(scope, 'ServiceEntry', {
    metadata,
    spec: {
      hosts,
      ports: ports.map((port) => renderServicePort(port, undefined, targetPort(external, port))),
      location: crd.ServiceEntryLocation.MESH_EXTERNAL,
      resolution: resolution(external),
      addresses: addresses(external),
      endpoints: external.endpoints.length > 0 ? external.endpoints.map((address) => ({ address })) : undefined,
      exportTo: visibility(external),
    },
  });
  lowerCalls(external);
  lowerPolicies(external);
}

/** Addresses tell best; else DNS; behind a wildcard only the client knows where it goes. */
function resolution({ hosts, endpoints }: ExternalPlan): crd.ServiceEntryResolution {
  if (endpoints.length > 0) {
    return endpoints.every((endpoint) => isIpAddress(endpoint)) ? crd.ServiceEntryResolution.STATIC : crd.ServiceEntryResolution.DNS;
  }
  return hosts.some((host) => host.startsWith('*')) ? crd.ServiceEntryResolution.NONE : crd.ServiceEntryResolution.DNS;
}

/** A byte stream tells by its address alone where it goes. Without one a proxy would send every connection to its port there. */
function addresses({ ports, endpoints }: ExternalPlan): string[] | undefined {
  const stream = ports.some((port) => port.protocol === Protocol.TCP);
  return stream && endpoints.length > 0 && endpoints.every((endpoint) => isIpAddress(endpoint)) ? [...endpoints] : undefined;
}

/** Only the namespaces that call it see it; everybody does when no caller was declared. */
function visibility({ callerNamespaces, namespace }: ExternalPlan): string[] | undefined {
  if (callerNamespaces.length === 0) { return undefined; }
  return ['.', ...callerNamespaces.filter((caller) => caller !== namespace)].sort(compareText);
}

/** An application that speaks plain HTTP to port 80 of a server that speaks TLS means its port 443. */
function targetPort(external: ExternalPlan, port: Port): number | undefined {
  if (port.targetPort !== port.number) { return port.targetPort; }
  return external.originateTls && port.carriesRequests && port.number === 80 ? 443 : undefined;
}

function lowerCalls(external: ExternalPlan): void {
  const { scope, serviceName, namespace, hosts, ports, policy, originateTls } = external;
  const secured = originateTls ? ports.filter((port) => port.carriesRequests) : [];
  if (Object.keys(renderTrafficPolicy(policy)).length === 0 && !originateTls) { return; }
  const tls = (host: string) => ClientTls.simple(ServerTrust.system(), { serverName: host, certificateNames: [host] });
  hosts.forEach((host, index) => new crd.DestinationRule(scope, `DestinationRule${suffix(index)}`, {
    metadata: { name: `${serviceName}${suffix(index)}`, namespace },
    spec: {
      host,
      trafficPolicy: renderTrafficPolicy({ ...policy, ports: secured.map((port) => ({ servicePort: port.number, tls: tls(host) })) }),
      exportTo: visibility(external),
    },
  }));
}

function lowerPolicies(external: ExternalPlan): void {
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
      exportTo: visibility(external),
    },
  }));
}

function suffix(index: number): string {
  return index === 0 ? '' : `-${index + 1}`;
}
