import {
  defaultAuthorizations, firstAdmitting, isDefaultPolicy, LinkerdAuthorization, LinkerdGrants, routeGrants, serverGrants,
} from './authorization';
import { isLoopback, LinkerdClient, plainNetworks } from './client-match';
import { hasPort, isNamedIn } from '../../match/port-list';
import { objectOf, objectsOf, own, StringMap, textOf } from '../../model/json';
import { labelSelector } from '../../model/labels';
import { LINKERD, LinkerdFacts } from '../../model/linkerd';
import { LINKERD_POLICY_GROUP, LinkerdServer } from '../../model/linkerd/policies';
import type { Cluster } from '../../model/model';
import { orderIsKnown } from '../../model/order';
import { Resource, titleOf } from '../../model/resource';
import type { ContainerPort, Workload } from '../../model/workload';
import type { HttpRequest } from '../../routing/http-request';
import { candidatesOf, chooseCandidate, LinkerdCandidate } from '../../routing/linkerd/route-choice';

/** A pod with the annotations that its namespace passes on. */
export interface LinkerdPod {
  readonly namespace: string;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly ports: readonly ContainerPort[];
  readonly workload?: Workload;
}

/** A route at a port, with what lets clients in there besides the port itself. */
export interface InboundRoute extends LinkerdCandidate {
  readonly grants: LinkerdGrants;
  /** Whether it is made for the kubelet's probes, or for everything. */
  readonly implied?: 'default' | 'probe';
}

/** What a proxy knows of a port of its pod. */
export interface InboundPolicy {
  /** The Server that claims the port; absent where the default holds. */
  readonly server?: LinkerdServer;
  /** Servers that would have it, too, and came later. */
  readonly rivals: readonly Resource[];
  /** Whether the manifests tell which of them came first. */
  readonly orderKnown: boolean;
  /** How the port is read. */
  readonly protocol: 'grpc' | 'http' | 'opaque' | 'unknown';
  readonly grants: LinkerdGrants;
  readonly routes: readonly InboundRoute[];
  readonly notes: readonly string[];
}

/** How a port decided. */
export interface InboundDecision {
  readonly allowed: boolean;
  readonly stage: 'allow' | 'audit' | 'implicit-deny' | 'no-route' | 'protocol';
  readonly status?: number;
  readonly authorization?: LinkerdAuthorization;
  readonly route?: InboundRoute;
  /** Routes that would have been taken as well and only came later. */
  readonly tied?: readonly Resource[];
  readonly assumed?: string;
}

const PREFIX = 'config.linkerd.io/';

/** Compiles what decides at a port of a pod. */
export function inboundPolicyOf(cluster: Cluster, pod: LinkerdPod, port: number): InboundPolicy {
  const facts = cluster.family(LINKERD);
  const found = facts.serversByLabels.get(pod.namespace)?.find(pod.labels) ?? [];
  const claims = found.filter(server => labelSelector(server.podSelector!)(pod.labels) && claimsPort(server, pod, port));
  const [server, ...rivals] = claims;
  if (!server) return defaultPolicy(facts, pod, port);
  const protocol = protocolOf(server.proxyProtocol);
  const unresolved = pod.ports.length === 0 && !pod.workload && found.some(item => typeof item.port === 'string');
  return {
    server,
    rivals: rivals.map(item => item.resource),
    orderKnown: rivals.every(item => orderIsKnown(server.resource, item.resource)),
    protocol,
    grants: serverGrants(cluster, facts, server),
    routes: protocol === 'opaque' ? [] : routesAt(cluster, facts, server, protocol, pod, port),
    notes: unresolved ? ['the ports of the pod\'s containers are not known, so Servers that name one by its name are left aside'] : [],
  };
}

/** Decides on a client's connection, or on one of its requests. */
export function decideInbound(
  policy: InboundPolicy, client: LinkerdClient, request: HttpRequest | undefined, clusterNetworks: readonly string[],
): InboundDecision {
  if (policy.protocol !== 'opaque' && request) return decideRequest(policy, client, request, clusterNetworks);
  if (!request && (policy.protocol === 'http' || policy.protocol === 'grpc')) return { allowed: false, stage: 'protocol' };
  return admit(policy, policy.grants.authorizations, client, clusterNetworks);
}

function decideRequest(policy: InboundPolicy, client: LinkerdClient, request: HttpRequest, clusterNetworks: readonly string[]): InboundDecision {
  const choice = chooseCandidate(policy.routes, request);
  if (!choice) return { allowed: false, stage: 'no-route', status: 404 };
  const { candidate: route, tied } = choice;
  const result = admit(policy, [...route.grants.authorizations, ...policy.grants.authorizations], client, clusterNetworks);
  return result.allowed ? { ...result, route, tied } : { ...result, route, tied, status: 403 };
}

function admit(
  policy: InboundPolicy, authorizations: readonly LinkerdAuthorization[], client: LinkerdClient, clusterNetworks: readonly string[],
): InboundDecision {
  if (isLoopback(client.ip)) return { allowed: true, stage: 'allow' };
  const { assumed, authorization } = firstAdmitting(authorizations, client, clusterNetworks);
  if (authorization) return { allowed: true, stage: 'allow', authorization, assumed };
  return policy.grants.audit ? { allowed: true, stage: 'audit', assumed } : { allowed: false, stage: 'implicit-deny', assumed };
}

function claimsPort({ port }: LinkerdServer, pod: LinkerdPod, number: number): boolean {
  if (typeof port === 'number') return port === number;
  return pod.ports.some(item => item.name === port && item.protocol === 'TCP' && item.number === number);
}

function protocolOf(word: string): InboundPolicy['protocol'] {
  switch (word) {
    case 'HTTP/1':
    case 'HTTP/2': return 'http';
    case 'gRPC': return 'grpc';
    case 'opaque':
    case 'TLS': return 'opaque';
    default: return 'unknown';
  }
}

function defaultPolicy(facts: LinkerdFacts, pod: LinkerdPod, port: number): InboundPolicy {
  const { settings } = facts;
  const written = own(pod.annotations, `${PREFIX}default-inbound-policy`);
  const valid = written !== undefined && isDefaultPolicy(written);
  const word = valid ? written : settings.defaultInboundPolicy;
  const identified = hasPort(own(pod.annotations, `${PREFIX}proxy-require-identity-inbound-ports`) ?? '', port);
  const upgraded = identified && (word.endsWith('-unauthenticated') || word === 'audit')
    ? (word === 'cluster-unauthenticated' ? 'cluster-authenticated' : 'all-authenticated') : word;
  const audit = upgraded === 'audit';
  const grants: LinkerdGrants = { authorizations: audit ? [] : defaultAuthorizations(upgraded, settings), ignored: [], audit };
  const opaque = isNamedIn(own(pod.annotations, `${PREFIX}opaque-ports`) ?? settings.opaquePorts, port, pod.ports);
  return {
    rivals: [],
    orderKnown: true,
    protocol: opaque ? 'opaque' : 'unknown',
    grants,
    routes: opaque ? [] : impliedRoutes(facts, pod, port),
    notes: written !== undefined && !valid ? [`the default policy ${written} is unknown, so ${word} holds`] : [],
  };
}

/** Routes that are attached to a Server; without any, one for everything and one for each probe. */
function routesAt(
  cluster: Cluster, facts: LinkerdFacts, { resource }: LinkerdServer, protocol: InboundPolicy['protocol'], pod: LinkerdPod, port: number,
): InboundRoute[] {
  const kind = protocol === 'grpc' ? 'GRPCRoute' : 'HTTPRoute';
  const local = facts.routesByParent.of(resource).filter(route => route.kind === kind && route.resource.namespace === resource.namespace);
  const attached = local.filter(route => usable(route.rules.flatMap(rule => rule.filters))
    && route.parents.some(parent => parent.group === LINKERD_POLICY_GROUP && parent.kind === 'Server' && parent.name === resource.name
      && parent.namespace === resource.namespace && parent.port === undefined && parent.sectionName === undefined));
  if (attached.length === 0) return impliedRoutes(facts, pod, port);
  return attached.flatMap(route => {
    const grants = routeGrants(cluster, facts, route.resource);
    return candidatesOf(route).map(candidate => ({ ...candidate, grants }));
  });
}

const INBOUND_FILTERS = new Set<unknown>(['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect']);

function usable(filters: readonly { readonly type?: unknown }[]): boolean {
  return filters.every(filter => INBOUND_FILTERS.has(filter.type));
}

const NO_GRANTS: LinkerdGrants = { authorizations: [], ignored: [], audit: false };

function impliedRoutes(facts: LinkerdFacts, pod: LinkerdPod, port: number): InboundRoute[] {
  const base = { rule: 0, hostnames: [] };
  const grants: LinkerdGrants = {
    ...NO_GRANTS,
    authorizations: [{ title: 'what lets probes in', networks: plainNetworks(facts.settings.probeNetworks), authentication: { kind: 'anyone' } }],
  };
  return [
    ...probePaths(pod, port).map((value): InboundRoute => ({
      ...base, match: { path: { type: 'Exact', value }, method: 'GET', headers: [], query: [] }, grants, implied: 'probe',
    })),
    { ...base, match: { path: { type: 'PathPrefix', value: '/' }, headers: [], query: [] }, grants: NO_GRANTS, implied: 'default' },
  ];
}

function probePaths(pod: LinkerdPod, port: number): string[] {
  const { podSpec } = pod.workload ?? {};
  const paths = objectsOf(podSpec?.containers).flatMap(container => ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap(name => {
    const get = objectOf(container[name]).httpGet;
    if (get === undefined) return [];
    const { path, port: wanted } = objectOf(get);
    const number = typeof wanted === 'string' ? pod.ports.find(item => item.name === wanted)?.number : wanted;
    return number === port ? [(textOf(path) || '/').split('?')[0]] : [];
  }));
  return [...new Set(paths)];
}

/** How answers call what was decided. */
export function reasonOf(decision: InboundDecision, policy: InboundPolicy): string {
  const where = decision.route?.route ? `${titleOf(decision.route.route.resource)} on ` : '';
  const port = policy.server ? titleOf(policy.server.resource) : 'the port, which no Server claims';
  switch (decision.stage) {
    case 'allow': return decision.authorization ? `${decision.authorization.title} lets the client in` : 'it comes from the pod itself';
    case 'audit': return `nothing lets the client in at ${where}${port}, which admits it all the same and counts it`;
    case 'implicit-deny': return `nothing lets the client in at ${where}${port}`;
    case 'no-route': return `no route of ${port} takes the request`;
    case 'protocol': return `${port} takes requests only`;
  }
}
