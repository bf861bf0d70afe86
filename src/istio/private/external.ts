import type { ExternalPlan } from '../../core/plan';
import type { Port } from '../../core/port';
import { compareText } from '../../private/compare';
import * as crd from '../crd';
import { renderHttpRoutes } from './http-route';
import { renderMatch } from './match';
import { renderTrafficPolicy } from './traffic-policy';

/** Where the proxy image keeps the certificates of public authorities. */
const SYSTEM_AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

/** Makes a service outside of the mesh known to the proxies, and says how it is called. */
export function lowerExternal(external: ExternalPlan): void {
  const { scope, serviceName, namespace, hosts, ports } = external;
  const metadata = { name: serviceName, namespace };
  new crd.ServiceEntry(scope, 'ServiceEntry', {
    metadata,
    spec: {
      hosts,
      ports: ports.map((port) => ({
        name: port.name!, number: port.number, protocol: port.protocol.toUpperCase(), targetPort: targetPort(external, port),
      })),
      location: crd.ServiceEntryLocation.MESH_EXTERNAL,
      resolution: resolution(external),
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
    return endpoints.every((endpoint) => /^[0-9a-fA-F.:]+$/.test(endpoint)) ? crd.ServiceEntryResolution.STATIC : crd.ServiceEntryResolution.DNS;
  }
  return hosts.some((host) => host.startsWith('*')) ? crd.ServiceEntryResolution.NONE : crd.ServiceEntryResolution.DNS;
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

function lowerCalls({ scope, serviceName, namespace, hosts, ports, policy, originateTls }: ExternalPlan): void {
  const base = renderTrafficPolicy(policy);
  const plain = ports.filter((port) => port.carriesRequests);
  if (Object.keys(base).length === 0 && !originateTls) { return; }
  hosts.forEach((host, index) => new crd.DestinationRule(scope, `DestinationRule${suffix(index)}`, {
    metadata: { name: `${serviceName}${suffix(index)}`, namespace },
    spec: {
      host,
      trafficPolicy: {
        ...base,
        portLevelSettings: originateTls ? plain.map((port) => ({
          // Settings of a port replace those of the host as a whole.
          ...base,
          port: { number: port.number },
          tls: { mode: crd.ClientTLSMode.SIMPLE, sni: host, caCertificates: SYSTEM_AUTHORITIES, subjectAltNames: [host] },
        })) : undefined,
      },
    },
  }));
}

function lowerPolicies({ scope, serviceName, namespace, hosts, ports, policy }: ExternalPlan): void {
  const http = ports.filter((port) => port.carriesRequests);
  if (http.length === 0 || (policy.timeout === undefined && policy.retries === undefined)) { return; }
  hosts.filter((host) => !host.startsWith('*')).forEach((host, index) => new crd.VirtualService(scope, `VirtualService${suffix(index)}`, {
    metadata: { name: `${serviceName}${suffix(index)}`, namespace },
    spec: {
      hosts: [host],
      http: http.flatMap((port) => renderHttpRoutes(
        { handling: {}, policy, route: [{ destination: { host, port: { number: port.number } } }] },
        renderMatch({}, undefined, http.length > 1 ? port.number : undefined),
      )),
    },
  }));
}

function suffix(index: number): string {
  return index === 0 ? '' : `-${index + 1}`;
}
