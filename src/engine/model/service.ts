import { JsonObject, numberOf, objectsOf, StringMap, stringMapOf, textOf, textsOf } from './json';
import { Resource } from './resource';
import { ContainerPort } from './workload';

/** A port of a Kubernetes Service. */
export interface ServicePort {
  /** Empty for the only port of a Service. */
  readonly name: string;
  readonly number: number;
  /** Number or name of the pods' port; the port's own number where the manifest has none. */
  readonly targetPort: number | string;
  readonly protocol: string;
  readonly appProtocol?: string;
}

/** A Kubernetes Service. */
export interface Service {
  readonly resource: Resource;
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  /** Absent for Services whose endpoints somebody else writes. */
  readonly selector?: StringMap;
  readonly ports: readonly ServicePort[];
  /** Virtual addresses, where the manifest has them; a cluster assigns one to all but headless Services. */
  readonly clusterIPs: readonly string[];
  readonly headless: boolean;
  readonly externalName?: string;
}

/** Reads a Service. */
export function serviceOf(resource: Resource): Service {
  const { spec } = resource;
  const type = textOf(spec.type) ?? 'ClusterIP';
  const single = textOf(spec.clusterIP);
  const listed = textsOf(spec.clusterIPs);
  const addresses = (listed.length > 0 ? listed : single ? [single] : []).filter(ip => ip !== 'None' && ip !== '');
  return {
    resource,
    name: resource.name,
    namespace: resource.namespace,
    type,
    selector: spec.selector === undefined || spec.selector === null ? undefined : stringMapOf(spec.selector),
    ports: objectsOf(spec.ports).map(servicePort),
    clusterIPs: addresses,
    headless: single === 'None' || listed[0] === 'None',
    externalName: type === 'ExternalName' ? textOf(spec.externalName) : undefined,
  };
}

function servicePort(port: JsonObject): ServicePort {
  const number = numberOf(port.port) ?? 0;
  const target = port.targetPort;
  const targetPort = typeof target === 'string' && !/^\d+$/.test(target) && target !== '' ? target : numberOf(target) || number;
  return { name: textOf(port.name) ?? '', number, targetPort, protocol: textOf(port.protocol) ?? 'TCP', appProtocol: textOf(port.appProtocol) };
}

/** The number that a Service's target port has on a pod; undefined when the pod declares no port of that name. */
export function targetPortOn(port: ServicePort, declared: readonly ContainerPort[]): number | undefined {
  if (typeof port.targetPort === 'number') return port.targetPort;
  return declared.find(item => item.name === port.targetPort && item.protocol === port.protocol)?.number;
}

/** The endpoints that an EndpointSlice (or an Endpoints subset) lists for a Service. */
export interface EndpointSlice {
  readonly namespace: string;
  readonly service: string;
  readonly ports: readonly { readonly name: string; readonly number: number }[];
  readonly endpoints: readonly ListedEndpoint[];
}

/** One listed endpoint. */
export interface ListedEndpoint {
  readonly addresses: readonly string[];
  readonly ready: boolean;
  /** Name of the Pod behind it. */
  readonly pod?: string;
  readonly zone?: string;
  readonly nodeName?: string;
}

/** Reads an EndpointSlice; undefined when it belongs to no Service. */
export function endpointSliceOf(resource: Resource): EndpointSlice | undefined {
  const service = resource.labels['kubernetes.io/service-name'];
  if (!service) return undefined;
  const ports = objectsOf(resource.object.ports).map(port => ({ name: textOf(port.name) ?? '', number: numberOf(port.port) ?? 0 }));
  const endpoints = objectsOf(resource.object.endpoints).map(item => {
    const conditions = item.conditions as JsonObject | undefined;
    const target = item.targetRef as JsonObject | undefined;
    return {
      addresses: textsOf(item.addresses),
      ready: conditions?.ready !== false,
      pod: target?.kind === 'Pod' ? textOf(target.name) : undefined,
      zone: textOf(item.zone),
      nodeName: textOf(item.nodeName),
    };
  });
  return { namespace: resource.namespace, service, ports, endpoints };
}

/** Reads the subsets of an Endpoints object, the older form of EndpointSlices. */
export function endpointsOf(resource: Resource): EndpointSlice[] {
  const listed = (items: unknown, ready: boolean): ListedEndpoint[] => objectsOf(items).map(item => ({
    addresses: [textOf(item.ip) ?? ''],
    ready,
    pod: textOf((item.targetRef as JsonObject | undefined)?.name),
    nodeName: textOf(item.nodeName),
  }));
  return objectsOf(resource.object.subsets).map(subset => ({
    namespace: resource.namespace,
    service: resource.name,
    ports: objectsOf(subset.ports).map(port => ({ name: textOf(port.name) ?? '', number: numberOf(port.port) ?? 0 })),
    endpoints: [...listed(subset.addresses, true), ...listed(subset.notReadyAddresses, false)],
  }));
}
