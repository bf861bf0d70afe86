import type { ExternalPlan } from '../../../core/plan';
import type { Port } from '../../../core/port';
import { Protocol } from '../../../core/protocol';
import { isDnsLabel } from '../../../private/dns';
import { fail } from '../../../private/errors';
import * as crd from '../../crd';
import { renderHttpRoutes } from '../http-route';
import { renderMatch } from '../match';
import type { EgressHop } from './egress-hop';
import { guardWayOut } from './guard-way-out';

/** Calls of one sort on their way through a gateway. Proxies and gateway tell them from others by the server name of the mutual TLS between them. */
interface Lane {
  /** Hosts that the calls are for. */
  readonly hosts: readonly string[];
  readonly port: Port;
  /** Server name by which they arrive at the gateway. */
  readonly sni: string;
  /** Name of the subset of the gateway that they are sent to. */
  readonly subset: string;
}

/** Sends the calls for a service outside of the mesh to a gateway, within mutual TLS of the mesh, and from there on. */
export function lowerGatewayHop(external: ExternalPlan, hop: EgressHop, exportTo: string[] | undefined): void {
  const { scope, serviceName, namespace } = external;
  const lanes = lanesOf(external);
  lanes.forEach((lane) => claim(lane, external, hop));
  const gateway = `${serviceName}-egress`;
  new crd.Gateway(scope, 'Gateway', {
    metadata: { name: gateway, namespace },
    spec: { selector: { ...hop.selector }, servers: lanes.map((lane) => renderServer(lane, hop)) },
  });
  // Where the gateway is, every caller finds them, and Istio joins them with those of other services.
  new crd.DestinationRule(scope, 'DestinationRule-Gateway', {
    metadata: { name: `${namespace}-${gateway}`, namespace: hop.namespace },
    spec: { host: hop.host, subsets: lanes.map((lane) => renderSubset(lane, hop)) },
  });
  const names = { hop, exportTo, gateway: `${namespace}/${gateway}` };
  external.hosts.forEach((host, index) => new crd.VirtualService(scope, `VirtualService${suffix(index)}`, {
    metadata: { name: `${serviceName}${suffix(index)}`, namespace },
    spec: renderHostRoutes(external, host, lanes.filter((lane) => lane.hosts.includes(host)), names),
  }));
  lanes.filter((lane) => !lane.port.carriesRequests).forEach((lane) => new crd.VirtualService(scope, `VirtualService-${lane.subset}`, {
    metadata: { name: `${lane.subset}-egress`, namespace },
    spec: {
      hosts: [lane.sni],
      gateways: [names.gateway],
      tcp: [{ match: [{ port: hop.port }], route: [{ destination: { host: lane.hosts[0], port: { number: lane.port.number } } }] }],
      exportTo,
    },
  }));
  guardWayOut(external, hop, lanes.map((lane) => lane.sni));
}

function lanesOf({ scope, serviceName, namespace, hosts, ports, endpoints }: ExternalPlan): Lane[] {
  const path = scope.node.scope?.node.path;
  const requests = ports.filter((port) => port.carriesRequests);
  if (requests.length > 1) {
    fail('MESH-E031', `requests to ${requests.length} ports (${requests.map((port) => port.number).join(', ')}) through one gateway, which tells them apart by host only`,
      'keep one of them, or let the calls leave without egressGateway', path);
  }
  const base = `${namespace}-${serviceName}`;
  const subset = (name: string): string => (isDnsLabel(name) ? name
    : fail('MESH-E001', `names for the way out that are too long, such as "${name}"`, 'give the external service a shorter serviceName', path));
  const name = (host: string) => host.replace(/^\*/, 'any');
  const streams = ports.filter((port) => !port.carriesRequests).flatMap((port) => hosts.map((host, index): Lane => {
    if (host.startsWith('*') && endpoints.length === 0) {
      fail('MESH-E031', `connections to port ${port.toString()} of ${host} through a gateway, which cannot ask DNS for the names in them`,
        'name the hosts one by one, give endpoints, or declare the port with Port.http() and originateTls', path);
    }
    return { hosts: [host], port, sni: `${port.name}-${port.number}.${name(host)}`, subset: subset(`${base}-${port.name}${suffix(index)}`) };
  }));
  return [...requests.map((port): Lane => ({ hosts, port, sni: name(hosts[0]), subset: subset(base) })), ...streams];
}

/** Two sorts of calls that arrive at a gateway by one name would be one to it. */
function claim({ hosts, port, sni }: Lane, { scope }: ExternalPlan, { host, claimed }: EgressHop): void {
  const path = scope.node.scope?.node.path ?? '';
  for (const name of port.carriesRequests ? hosts : [sni]) {
    const key = `${host} ${name}`;
    const owner = claimed.get(key);
    if (owner !== undefined) {
      fail('MESH-E031', `calls to ${name} through one gateway are declared by ${owner} and by ${path}, and the gateway cannot tell them apart`,
        'declare the host once', path);
    }
    claimed.set(key, path);
  }
}

function renderServer({ hosts, port, sni, subset }: Lane, hop: EgressHop): crd.Server {
  const protocol = port.carriesRequests ? 'HTTPS' : 'TLS';
  return {
    port: { number: hop.port, name: subset, protocol },
    hosts: port.carriesRequests ? [...hosts] : [sni],
    tls: { mode: crd.ServerTLSMode.ISTIO_MUTUAL },
  };
}

function renderSubset({ subset, sni }: Lane, hop: EgressHop): crd.Subset {
  return { name: subset, trafficPolicy: { portLevelSettings: [{ port: { number: hop.port }, tls: { mode: crd.ClientTLSMode.ISTIO_MUTUAL, sni } }] } };
}

interface Names {
  readonly hop: EgressHop;
  /** The Gateway as routes name it. */
  readonly gateway: string;
  readonly exportTo?: string[];
}

/** Where calls for one host go: from proxies to the gateway, and from the gateway on. */
function renderHostRoutes(external: ExternalPlan, host: string, lanes: readonly Lane[], { hop, gateway, exportTo }: Names): crd.VirtualServiceSpec {
  const to = (lane: Lane) => [{ destination: { host: hop.host, subset: lane.subset, port: { number: hop.port } } }];
  const [requests] = lanes.filter((lane) => lane.port.carriesRequests);
  const secured = lanes.filter((lane) => !lane.port.carriesRequests && lane.port.protocol !== Protocol.TCP);
  const plain = lanes.filter((lane) => lane.port.protocol === Protocol.TCP);
  const http = requests ? [...renderCalls(external, requests, to(requests)), {
    match: [{ gateways: [gateway], port: hop.port }],
    route: [{ destination: { host, port: { number: requests.port.number } } }],
    // The proxies of the callers try again: what both try multiplies.
    retries: { attempts: 0 },
  }] : [];
  const tls = secured.map((lane) => ({ match: [{ gateways: ['mesh'], port: lane.port.number, sniHosts: [host] }], route: to(lane) }));
  const tcp = plain.map((lane) => ({ match: [{ gateways: ['mesh'], port: lane.port.number }], route: to(lane) }));
  return {
    hosts: [host],
    gateways: requests ? ['mesh', gateway] : ['mesh'],
    http: http.length > 0 ? http : undefined,
    tls: tls.length > 0 ? tls : undefined,
    tcp: tcp.length > 0 ? tcp : undefined,
    exportTo,
  };
}

/** What the proxies of callers do with requests. */
function renderCalls({ httpRules }: ExternalPlan, { port }: Lane, route: crd.HTTPRouteDestination[]): crd.HTTPRoute[] {
  const rules = httpRules.length > 0 ? httpRules : [{ policy: {}, matches: [{}], clients: undefined }];
  return rules.flatMap(({ policy, clients, matches }) => renderHttpRoutes(
    { handling: {}, policy, route },
    matches.flatMap((match) => (clients ?? [undefined]).flatMap((client) => renderMatch(match, client, port.number)))
      .map(({ match, part }) => ({ match: { ...match, gateways: ['mesh'] }, part })),
  ));
}

function suffix(index: number): string {
  return index === 0 ? '' : `-${index + 1}`;
}
