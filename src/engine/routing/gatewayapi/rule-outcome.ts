import { backendState } from './backends';
import { applyFilters } from './filters';
import { parseGoDuration } from '../../../private/duration';
import { CORE } from '../../model/core';
import { backendOf, BackendReference, GatewayRoute, GatewayRule, PathMatch, RequestMatch } from '../../model/gatewayapi/route';
import { JsonObject, listOf, numberOf, objectOf, textOf } from '../../model/json';
import type { Cluster } from '../../model/model';
import { Resource, titleOf } from '../../model/resource';
import type { Service } from '../../model/service';
import type { HttpRequest } from '../http-request';
import { KUBE_SERVICES } from '../kube-services';

/** A share of traffic that a rule sends to a Service. */
export interface RoutedShare {
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly service?: Service;
  /** Why the share is answered with 500. */
  readonly fault?: string;
}

/** What routes of Gateway API make of a request or connection. */
export interface KubeRouteOutcome {
  /** `refused`: nothing listens; `failed`: no backend can be used. */
  readonly kind: 'failed' | 'forward' | 'not-found' | 'redirect' | 'refused';
  readonly layer: 'http' | 'tcp';
  readonly status?: number;
  readonly location?: string;
  readonly by?: { readonly resource: Resource; readonly rule?: number };
  readonly destinations: readonly RoutedShare[];
  readonly request?: HttpRequest;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly retries?: { readonly attempts: number; readonly retryOn: string; readonly perTryTimeout?: number };
  readonly mirrors?: readonly { readonly host: string; readonly port?: number; readonly percent: number }[];
  readonly orderDependent: readonly Resource[];
  readonly why: string;
}

/** A rule that was chosen for a request. */
export interface ChosenRule {
  readonly route: GatewayRoute;
  readonly rule: GatewayRule;
  readonly match?: RequestMatch;
  readonly orderDependent: readonly Resource[];
}

/** Filters of the specification; one that nobody knows makes the requests of its rule fail. */
const FILTERS = new Set<unknown>(['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror', 'RequestRedirect', 'URLRewrite', 'CORS']);

/**
 * What a rule does with a request.
 *
 * @param grants whether backends in other namespaces need a ReferenceGrant
 */
export function outcomeOfRule(cluster: Cluster, chosen: ChosenRule, request: HttpRequest, port: number, grants: boolean): KubeRouteOutcome {
  const { match, orderDependent, route, rule } = chosen;
  const base = { layer: 'http', by: { resource: route.resource, rule: rule.index }, orderDependent, destinations: [] } as const;
  const title = `rule ${rule.index} of ${titleOf(route.resource)}`;
  const unknown = rule.filters.find(filter => !FILTERS.has(filter.type));
  if (unknown) return { ...base, kind: 'failed', status: 500, why: `${title} has the filter ${textOf(unknown.type) ?? ''}, which is not understood` };
  const path: PathMatch | undefined = match?.path;
  const { mirrors, redirect, request: changed } = applyFilters(rule.filters, request, { path, port });
  if (redirect) return { ...base, kind: 'redirect', ...redirect, why: `${title} redirects it` };
  const destinations = sharesOf(cluster, route, rule, grants);
  const usable = destinations.some(item => item.fault === undefined);
  return {
    ...base,
    kind: usable ? 'forward' : 'failed',
    status: usable ? undefined : 500,
    destinations,
    request: changed,
    timeout: rule.requestTimeout || (rule.retry ? undefined : rule.backendTimeout) || undefined,
    retries: rule.retry && retriesOf(rule.retry, rule.backendTimeout),
    mirrors: mirrors.length > 0 ? mirrors.map(item => mirrorOf(cluster, item, route)) : undefined,
    why: `${title} takes the request`,
  };
}

/** What a rule does with a connection. */
export function outcomeOfStream(cluster: Cluster, { orderDependent, route, rule }: ChosenRule, grants: boolean): KubeRouteOutcome {
  const destinations = sharesOf(cluster, route, rule, grants);
  const kind = destinations.some(item => item.fault === undefined) ? 'forward' : 'failed';
  return { kind, layer: 'tcp', by: { resource: route.resource, rule: rule.index }, destinations, orderDependent, why: `${titleOf(route.resource)} takes the connection` };
}

/** The backends of a rule by weight; those that lead nowhere keep their share. */
export function sharesOf(cluster: Cluster, route: GatewayRoute, rule: GatewayRule, grants: boolean): RoutedShare[] {
  const weighted = rule.backends.filter(backend => backend.weight > 0);
  return weighted.map(backend => ({ ...shareOf(cluster, route, backend, grants), weight: weighted.length === 1 ? 100 : backend.weight }));
}

function shareOf(cluster: Cluster, route: GatewayRoute, backend: BackendReference, grants: boolean): Omit<RoutedShare, 'weight'> {
  const { kind, name, namespace, port } = backend;
  const host = kind === 'Service' ? cluster.family(KUBE_SERVICES).hostOf(backend) : name;
  const base = { host, port: port ?? 0 };
  switch (backendState(cluster, route, backend, { grants })) {
    case 'found': return { ...base, service: cluster.family(CORE).servicesByName.get(`${namespace}/${name}`) };
    case 'refused': return { ...base, fault: `no ReferenceGrant lets ${route.kind} of ${route.resource.namespace} lead to ${kind} ${namespace}/${name}` };
    case 'missing': return { ...base, fault: `there is no ${kind} ${namespace}/${name}` };
    case 'unsupported': return { ...base, fault: `a ${kind} is no backend` };
    case 'invalid': return { ...base, fault: `the backend ${name} names no port` };
  }
}

function mirrorOf(cluster: Cluster, filter: JsonObject, route: GatewayRoute): { host: string; port?: number; percent: number } {
  const backend = backendOf(objectOf(filter.backendRef), route.resource.namespace);
  const fraction = objectOf(filter.fraction);
  const percent = filter.fraction ? (100 * (numberOf(fraction.numerator) ?? 0)) / (numberOf(fraction.denominator) ?? 100) : numberOf(filter.percent) ?? 100;
  return { host: cluster.family(KUBE_SERVICES).hostOf(backend), port: backend.port, percent };
}

function retriesOf(retry: JsonObject, backendTimeout: number | undefined): KubeRouteOutcome['retries'] {
  const codes = listOf(retry.codes).map(code => String(numberOf(code) ?? '')).filter(code => code !== '');
  const perTryTimeout = backendTimeout ?? parseGoDuration(textOf(retry.timeout) ?? '');
  return { attempts: numberOf(retry.attempts) ?? 1, retryOn: codes.join(','), ...(perTryTimeout ? { perTryTimeout } : {}) };
}
