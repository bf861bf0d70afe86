import { accrualOf, policyOf } from './annotations';
import { AttachedRoutes, RoutedParent, routeConnection, routeRequest, strongestKind } from './attached-routes';
import type { LinkerdDestination, LinkerdOutcome } from './outcome';
import { ProfileTarget, profileOf, ServiceProfile } from './service-profiles';
import { isNamedIn } from '../../match/port-list';
import { CORE } from '../../model/core';
import { JsonObject, numberOf, own, StringMap, textOf } from '../../model/json';
import { LINKERD } from '../../model/linkerd';
import type { Cluster } from '../../model/model';
import { titleOf } from '../../model/resource';
import type { Service, ServicePort } from '../../model/service';
import type { HttpRequest } from '../http-request';
import { KUBE_SERVICES } from '../kube-services';

/** A request for a Service, or a connection where there is no request. */
export interface ServiceCall {
  readonly service: Service;
  readonly port: number;
  readonly clientNamespace: string;
  readonly request?: HttpRequest;
  readonly sni?: string;
}

/** Routes a call of a Service as the proxy beside its client does. */
export function routeServiceCall(cluster: Cluster, call: ServiceCall): LinkerdOutcome {
  const { clientNamespace, port, request, service, sni } = call;
  const { annotations } = service.resource;
  const base = { policy: {}, orderDependent: [], accrual: accrualOf(annotations) };
  const declared = service.ports.find(item => item.number === port);
  if (!declared && service.type !== 'ExternalName') {
    return { ...base, kind: 'forbidden', layer: 'tcp', destinations: [], why: `${titleOf(service.resource)} has no port ${port}` };
  }
  const parent = parentOf(cluster, service, port);
  const routable = !service.headless && service.type !== 'ExternalName';
  const profile = profileOf(cluster, parent.itself.host, service, clientNamespace);
  const seen = request && !isOpaque(cluster, service, declared) ? request : undefined;
  if (profile) return { ...byProfile(profile, parent, seen), accrual: undefined };
  const attached = routable ? routesOf(cluster, service, port, clientNamespace) : undefined;
  const outcome = attached && byRoutes(attached, parent, seen, sni);
  if (outcome) return { ...outcome, accrual: base.accrual };
  return {
    ...base,
    kind: 'forward',
    layer: seen ? 'http' : 'tcp',
    destinations: [parent.itself],
    request: seen,
    policy: seen ? policyOf(annotations, {}, undefined) : {},
    why: 'no route applies, so everything goes to the service itself',
  };
}

/** What attached routes make of a call; undefined where none of them is about such traffic. */
function byRoutes(attached: AttachedRoutes, parent: RoutedParent, request: HttpRequest | undefined, sni: string | undefined): LinkerdOutcome | undefined {
  const requests = attached.kind === 'GRPCRoute' || attached.kind === 'HTTPRoute';
  if (requests && !request) return undefined;
  if (attached.kind === 'TLSRoute' && sni === undefined) return undefined;
  const outcome = requests ? routeRequest(attached, parent, request!) : routeConnection(attached, parent, sni);
  return outcome ?? {
    kind: 'not-found',
    layer: requests ? 'http' : 'tcp',
    status: requests ? 404 : undefined,
    destinations: [],
    policy: {},
    orderDependent: [],
    why: `no ${attached.kind} of the service takes it, and a service with routes takes nothing else`,
  };
}

/** Routes of the service's own namespace are for all clients; those of another namespace are added for clients there. */
function routesOf(cluster: Cluster, service: Service, port: number, clientNamespace: string): AttachedRoutes | undefined {
  const parent = { group: '', kind: 'Service', name: service.name, namespace: service.namespace };
  return strongestKind(cluster.family(LINKERD).routesByParent.of(parent).filter(route => {
    const home = route.resource.namespace;
    if (home !== service.namespace && home !== clientNamespace) return false;
    return route.parents.some(item => item.kind === 'Service' && (item.group === '' || item.group === 'core') && item.name === service.name
      && item.namespace === service.namespace && (item.port === undefined || item.port === port));
  }));
}

function parentOf(cluster: Cluster, service: Service, port: number): RoutedParent {
  const services = cluster.family(KUBE_SERVICES);
  const { servicesByName } = cluster.family(CORE);
  return {
    namespace: service.namespace,
    annotations: service.resource.annotations,
    port,
    itself: { host: services.hostOf(service), port, weight: 100, service },
    backend: (reference, weight) => serviceBackend(reference, weight, service.namespace, servicesByName, services.hostOf),
  };
}

function serviceBackend(
  reference: JsonObject, weight: number, parentNamespace: string, known: ReadonlyMap<string, Service>,
  hostOf: (service: { readonly name: string; readonly namespace: string }) => string,
): LinkerdDestination {
  const namespace = textOf(reference.namespace) || parentNamespace;
  const name = textOf(reference.name) ?? '';
  const port = numberOf(reference.port);
  const host = hostOf({ name, namespace });
  const kind = textOf(reference.kind) ?? 'Service';
  const group = textOf(reference.group) ?? '';
  const base = { host, port: port ?? 0, weight };
  if (kind !== 'Service' || (group !== '' && group !== 'core')) return { ...base, host: name, fault: `a ${kind} is no backend for Linkerd` };
  const service = known.get(`${namespace}/${name}`);
  if (!service) return { ...base, fault: `there is no Service ${namespace}/${name}` };
  return port === undefined ? { ...base, fault: `the backend ${namespace}/${name} names no port` } : { ...base, service };
}

/** A ServiceProfile is all that counts: the first route that matches, and the destinations that it gives in the service's place. */
function byProfile(profile: ServiceProfile, parent: RoutedParent, request: HttpRequest | undefined): LinkerdOutcome {
  const route = request && profile.routes.find(item => item.matches(request));
  const { resource, targets } = profile;
  const destinations = targets.length > 0 ? targets.map(item => targetOf(item, parent)) : [parent.itself];
  const retries = route?.retryable ? { attempts: 1, retryOn: `failures, while retries are under ${profile.retryRatio ?? 0.2} of all requests` } : undefined;
  return {
    kind: 'forward',
    layer: request ? 'http' : 'tcp',
    by: { resource, rule: route?.index },
    destinations: destinations.filter(item => destinations.length === 1 || item.weight > 0),
    request,
    policy: { ...(route?.timeout ? { timeout: route.timeout } : {}), ...(retries ? { retries } : {}) },
    orderDependent: [],
    why: route ? `route ${route.name} of ${titleOf(resource)} takes the request` : `${titleOf(resource)} leads it, with none of its routes`,
  };
}

function targetOf({ host, port, weight }: ProfileTarget, parent: RoutedParent): LinkerdDestination {
  const [name, namespace = parent.namespace] = host.split('.');
  return { ...parent.backend({ name, namespace, port: port ?? parent.port }, weight), host };
}

/** Whether a port's bytes are passed on unread: its application protocol tells, else the annotation in place of the usual list. */
export function isOpaque(cluster: Cluster, service: Service, port: ServicePort | undefined): boolean {
  switch (port?.appProtocol) {
    case undefined: break;
    case 'http':
    case 'kubernetes.io/h2c': return false;
    default: return true;
  }
  const { settings } = cluster.family(LINKERD);
  const list = annotated(cluster, service, 'config.linkerd.io/opaque-ports') ?? settings.opaquePorts;
  return isNamedIn(list, port?.number ?? 0, port ? [{ name: port.name, number: port.number, protocol: port.protocol }] : []);
}

/** The annotation of a Service, else of its namespace. */
function annotated(cluster: Cluster, service: Service, name: string): string | undefined {
  const namespace = cluster.find('', 'Namespace', '', service.namespace);
  const none: StringMap = {};
  return own(service.resource.annotations, name) ?? own(namespace?.annotations ?? none, name);
}
