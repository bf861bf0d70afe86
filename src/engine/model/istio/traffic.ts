import { JsonObject, numberOf, objectOf, objectsOf, StringMap, stringMapOf, textOf, textsOf } from '../json';
import { matchLabelsOf } from '../labels';
import { Resource } from '../resource';

/** A VirtualService, as written. */
export interface VirtualService {
  readonly resource: Resource;
  /** Empty for a delegate. */
  readonly hosts: readonly string[];
  readonly gateways: readonly string[];
  readonly exportTo: readonly string[];
  readonly http: readonly JsonObject[];
  readonly tls: readonly JsonObject[];
  readonly tcp: readonly JsonObject[];
}

/** Reads a VirtualService. */
export function virtualServiceOf(resource: Resource): VirtualService {
  const { spec } = resource;
  return {
    resource,
    hosts: textsOf(spec.hosts),
    gateways: textsOf(spec.gateways),
    exportTo: textsOf(spec.exportTo),
    http: objectsOf(spec.http),
    tls: objectsOf(spec.tls),
    tcp: objectsOf(spec.tcp),
  };
}

/** A named set of a host's endpoints. */
export interface Subset {
  readonly name: string;
  readonly labels: StringMap;
  readonly trafficPolicy?: JsonObject;
}

/** A DestinationRule. */
export interface DestinationRule {
  readonly resource: Resource;
  readonly host: string;
  readonly trafficPolicy?: JsonObject;
  readonly subsets: readonly Subset[];
  readonly exportTo: readonly string[];
  /** Clients that the rule is for; absent for all. */
  readonly workloadSelector?: StringMap;
}

/** Reads a DestinationRule. */
export function destinationRuleOf(resource: Resource): DestinationRule {
  const { spec } = resource;
  return {
    resource,
    host: textOf(spec.host) ?? '',
    trafficPolicy: spec.trafficPolicy ? objectOf(spec.trafficPolicy) : undefined,
    subsets: objectsOf(spec.subsets).map(subset => ({
      name: textOf(subset.name) ?? '',
      labels: stringMapOf(subset.labels),
      trafficPolicy: subset.trafficPolicy ? objectOf(subset.trafficPolicy) : undefined,
    })),
    exportTo: textsOf(spec.exportTo),
    workloadSelector: matchLabelsOf(spec.workloadSelector),
  };
}

/** TLS settings of a gateway's server. */
export interface ServerTls {
  readonly mode: string;
  readonly httpsRedirect: boolean;
}

/** A server of a Gateway. */
export interface GatewayServer {
  readonly port: number;
  readonly portName: string;
  readonly protocol: string;
  readonly bind: string;
  /** As written: `host`, `ns/host`, `./host` or `*`. */
  readonly hosts: readonly string[];
  readonly tls?: ServerTls;
}

/** An Istio Gateway. */
export interface Gateway {
  readonly resource: Resource;
  /** `NS/NAME`, as routes refer to it. */
  readonly name: string;
  /** Absent for a Gateway that every proxy takes. */
  readonly selector?: StringMap;
  readonly servers: readonly GatewayServer[];
  /** Services whose pods serve it, where it was made from a Gateway API object: then no selector counts. */
  readonly services?: ReadonlySet<string>;
  /** Whether the control plane runs the proxies of such an object. */
  readonly managed?: boolean;
}

/** Reads an Istio Gateway. */
export function gatewayOf(resource: Resource): Gateway {
  return {
    resource,
    name: `${resource.namespace}/${resource.name}`,
    selector: resource.spec.selector ? stringMapOf(resource.spec.selector) : undefined,
    servers: objectsOf(resource.spec.servers).map(server => {
      const port = objectOf(server.port);
      const tls = server.tls ? objectOf(server.tls) : undefined;
      return {
        port: numberOf(port.number) ?? 0,
        portName: textOf(port.name) ?? '',
        protocol: textOf(port.protocol) ?? '',
        bind: textOf(server.bind) ?? '',
        hosts: textsOf(server.hosts),
        // A TLS section without a mode is pass-through: that is the zero value of Istio's enumeration.
        tls: tls && { mode: textOf(tls.mode) ?? 'PASSTHROUGH', httpsRedirect: tls.httpsRedirect === true },
      };
    }),
  };
}

/** A port of a ServiceEntry. */
export interface EntryPort {
  readonly number: number;
  readonly name: string;
  readonly protocol: string;
  readonly targetPort?: number;
}

/** An endpoint of a ServiceEntry, or the address that a WorkloadEntry stands for. */
export interface EntryEndpoint {
  readonly address: string;
  readonly labels: StringMap;
  /** By name of the service's port. */
  readonly ports: ReadonlyMap<string, number>;
  readonly serviceAccount?: string;
  readonly locality?: string;
  readonly network?: string;
}

/** A ServiceEntry. */
export interface ServiceEntry {
  readonly resource: Resource;
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  readonly ports: readonly EntryPort[];
  readonly external: boolean;
  readonly resolution: 'DNS' | 'DNS_ROUND_ROBIN' | 'DYNAMIC_DNS' | 'NONE' | 'STATIC';
  readonly endpoints: readonly EntryEndpoint[];
  readonly workloadSelector?: StringMap;
  readonly exportTo: readonly string[];
}

const RESOLUTIONS = new Set(['DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS', 'NONE', 'STATIC']);

/** Reads a ServiceEntry. */
export function serviceEntryOf(resource: Resource): ServiceEntry {
  const { spec } = resource;
  const resolution = textOf(spec.resolution) ?? 'NONE';
  return {
    resource,
    hosts: textsOf(spec.hosts),
    addresses: textsOf(spec.addresses),
    ports: objectsOf(spec.ports).map(port => ({
      number: numberOf(port.number) ?? 0,
      name: textOf(port.name) ?? '',
      protocol: textOf(port.protocol) ?? '',
      targetPort: numberOf(port.targetPort),
    })),
    external: spec.location !== 'MESH_INTERNAL',
    resolution: RESOLUTIONS.has(resolution) ? resolution as ServiceEntry['resolution'] : 'NONE',
    endpoints: objectsOf(spec.endpoints).map(entryEndpointOf),
    workloadSelector: spec.workloadSelector ? stringMapOf(objectOf(spec.workloadSelector).labels) : undefined,
    exportTo: textsOf(spec.exportTo),
  };
}

/** Reads an endpoint of a ServiceEntry or the specification of a WorkloadEntry. */
export function entryEndpointOf(entry: JsonObject): EntryEndpoint {
  const ports = new Map<string, number>();
  for (const [name, port] of Object.entries(objectOf(entry.ports))) ports.set(name, numberOf(port) ?? 0);
  return {
    address: textOf(entry.address) ?? '',
    labels: stringMapOf(entry.labels),
    ports,
    serviceAccount: textOf(entry.serviceAccount),
    locality: textOf(entry.locality),
    network: textOf(entry.network),
  };
}

/** A WorkloadEntry; its labels are those of the object and of the specification, the object's first. */
export interface WorkloadEntry {
  readonly resource: Resource;
  readonly endpoint: EntryEndpoint;
}

/** Reads a WorkloadEntry. */
export function workloadEntryOf(resource: Resource): WorkloadEntry {
  const endpoint = entryEndpointOf(resource.spec);
  return { resource, endpoint: { ...endpoint, labels: { ...endpoint.labels, ...resource.labels } } };
}

/** A listener of a Sidecar for outgoing traffic. */
export interface SidecarEgress {
  /** Absent for the listener of all other ports. */
  readonly port?: { readonly number: number; readonly protocol: string };
  readonly bind: string;
  readonly hosts: readonly string[];
}

/** A listener of a Sidecar for incoming traffic. */
export interface SidecarIngress {
  readonly port: number;
  readonly protocol: string;
}

/** A Sidecar. */
export interface Sidecar {
  readonly resource: Resource;
  readonly workloadSelector?: StringMap;
  readonly egress: readonly SidecarEgress[];
  readonly ingress: readonly SidecarIngress[];
  /** Absent to follow the mesh. */
  readonly outboundAllowAny?: boolean;
}

/** Reads a Sidecar. */
export function sidecarOf(resource: Resource): Sidecar {
  const { spec } = resource;
  return {
    resource,
    workloadSelector: spec.workloadSelector ? stringMapOf(objectOf(spec.workloadSelector).labels) : undefined,
    egress: objectsOf(spec.egress).map(listener => {
      const port = listener.port ? objectOf(listener.port) : undefined;
      return {
        port: port && { number: numberOf(port.number) ?? 0, protocol: textOf(port.protocol) ?? '' },
        bind: textOf(listener.bind) ?? '',
        hosts: textsOf(listener.hosts),
      };
    }),
    ingress: objectsOf(spec.ingress).map(listener => {
      const port = objectOf(listener.port);
      return { port: numberOf(port.number) ?? 0, protocol: textOf(port.protocol) ?? '' };
    }),
    // An empty policy reads as REGISTRY_ONLY: that is the zero value of Istio's enumeration.
    outboundAllowAny: spec.outboundTrafficPolicy ? objectOf(spec.outboundTrafficPolicy).mode === 'ALLOW_ANY' : undefined,
  };
}
