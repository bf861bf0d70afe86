import { serviceHost } from './registry';
import { formatProtoDuration, parseGoDuration } from '../../../private/duration';
import { BackendReference, backendOf, GatewayRoute, GatewayRule, NamedMatch, RequestMatch } from '../../model/gatewayapi/route';
import { JsonObject, listOf, numberOf, objectOf, objectsOf, textOf, textsOf } from '../../model/json';
import type { Cluster } from '../../model/model';
import { BackendState, backendState } from '../gatewayapi/backends';
import { pathMatchOf } from '../gatewayapi/profile';

/** The group under which Istio takes host names as backends. */
const HOSTNAME_GROUP = 'networking.istio.io';

/** Thrown inside a conversion when a rule cannot be written, which costs the whole route. */
class Unusable extends Error {}

/** A rule of Gateway API, for one of its matches, in the form of a VirtualService's rule. */
export interface ConvertedRule {
  readonly spec: JsonObject;
  readonly rule: GatewayRule;
  /** Absent when every request matches. */
  readonly match?: RequestMatch;
}

/** What a route comes to, in the order in which it is written. */
export interface ConvertedRoute {
  readonly rules: readonly ConvertedRule[];
  /** Why the route is left out as a whole. */
  readonly unusable?: string;
}

/**
 * Converts the rules of an HTTPRoute or GRPCRoute, one for each match.
 *
 * @param grants whether backends in other namespaces need a ReferenceGrant
 */
export function convertHttpRoute(cluster: Cluster, route: GatewayRoute, grants: boolean): ConvertedRoute {
  const converter = { cluster, route, grants };
  return guarded(() => route.rules.flatMap(rule => {
    const spec = httpRule(converter, rule);
    const matches: readonly (RequestMatch | undefined)[] = rule.matches.length > 0 ? rule.matches : [undefined];
    return matches.map(match => ({ spec: match ? { ...spec, match: [matchSpec(match)] } : spec, rule, match }));
  }));
}

/** Converts the rules of a TLSRoute or TCPRoute. */
export function convertStreamRoute(cluster: Cluster, route: GatewayRoute, grants: boolean): ConvertedRoute {
  const converter = { cluster, route, grants };
  const match = route.kind === 'TLSRoute' ? { match: [{ sniHosts: route.hostnames.length > 0 ? route.hostnames : ['*'] }] } : {};
  return guarded(() => route.rules.map(rule => {
    // Connections without any backend of weight are led nowhere.
    const nowhere = { destination: { host: 'internal.cluster.local', subset: 'zero-weight', port: { number: 65535 } } };
    const routes = weightSum(rule) === 0 ? [nowhere] : destinations(converter, rule);
    return { spec: { ...(weightSum(rule) === 0 ? {} : match), route: routes }, rule };
  }));
}

interface Converter {
  readonly cluster: Cluster;
  readonly route: GatewayRoute;
  readonly grants: boolean;
}

function guarded(convert: () => ConvertedRule[]): ConvertedRoute {
  try {
    return { rules: convert() };
  } catch (error) {
    if (error instanceof Unusable) return { rules: [], unusable: error.message };
    throw error;
  }
}

function weightSum(rule: GatewayRule): number {
  return rule.backends.reduce((sum, backend) => sum + backend.weight, 0);
}

function httpRule(converter: Converter, rule: GatewayRule): JsonObject {
  const { name, namespace } = converter.route.resource;
  const spec: Record<string, unknown> = { name: rule.name ?? `${namespace}.${name}.${rule.index}` };
  const mirrors: JsonObject[] = [];
  const headers: Record<string, JsonObject> = {};
  for (const filter of rule.filters) applyFilter(converter, filter, spec, headers, mirrors);
  if (Object.keys(headers).length > 0) spec.headers = headers;
  if (mirrors.length > 0) spec.mirrors = mirrors;
  if (rule.retry) spec.retries = retriesOf(rule.retry);
  applyTimeouts(rule, spec);
  if (weightSum(rule) === 0 && spec.redirect === undefined) spec.directResponse = { status: 500 };
  else spec.route = destinations(converter, rule);
  return spec;
}

function applyFilter(
  converter: Converter, filter: JsonObject, spec: Record<string, unknown>, headers: Record<string, JsonObject>, mirrors: JsonObject[],
): void {
  const grpc = converter.route.kind === 'GRPCRoute';
  switch (filter.type) {
    case 'RequestHeaderModifier':
      if (filter.requestHeaderModifier) headers.request = headerOperations(objectOf(filter.requestHeaderModifier));
      return;
    case 'ResponseHeaderModifier':
      if (filter.responseHeaderModifier) headers.response = headerOperations(objectOf(filter.responseHeaderModifier));
      return;
    case 'RequestMirror': {
      const mirror = mirrorOf(converter, objectOf(filter.requestMirror));
      if (mirror) mirrors.push(mirror);
      else if (grpc) throw new Unusable('a mirror names a backend that does not exist');
      return;
    }
    case 'RequestRedirect':
      if (!grpc) return void (spec.redirect = redirectOf(objectOf(filter.requestRedirect)));
      break;
    case 'URLRewrite':
      if (!grpc) return void (spec.rewrite = rewriteOf(objectOf(filter.urlRewrite)));
      break;
    case 'CORS':
      if (!grpc) return void (spec.corsPolicy = corsOf(objectOf(filter.cors)));
      break;
  }
  throw new Unusable(`Istio does not know the filter ${String(filter.type)}`);
}

function matchSpec(match: RequestMatch): JsonObject {
  const path = pathMatchOf(match);
  const kinds = { Exact: 'exact', PathPrefix: 'prefix', RegularExpression: 'regex' } as const;
  return {
    ...(path ? { uri: { [kinds[path.type]]: path.value } } : {}),
    ...(match.method === undefined ? {} : { method: { exact: match.method } }),
    ...(match.headers.length > 0 ? { headers: textMatches(match.headers) } : {}),
    ...(match.query.length > 0 ? { queryParams: textMatches(match.query) } : {}),
  };
}

function textMatches(matches: readonly NamedMatch[]): JsonObject {
  return Object.fromEntries(matches.map(item => [item.name, { [item.type === 'Exact' ? 'exact' : 'regex']: item.value }]));
}

/** Of headers named twice the first counts. */
function headerOperations(filter: JsonObject): JsonObject {
  const values = (items: unknown): JsonObject => {
    const map: Record<string, string> = {};
    for (const item of objectsOf(items)) map[(textOf(item.name) ?? '').toLowerCase()] ??= textOf(item.value) ?? '';
    return map;
  };
  return { set: values(filter.set), add: values(filter.add), remove: textsOf(filter.remove) };
}

function redirectOf(filter: JsonObject): JsonObject {
  const path = objectOf(filter.path);
  const full = path.type === 'ReplaceFullPath';
  return {
    redirectCode: numberOf(filter.statusCode) ?? 302,
    authority: filter.hostname,
    scheme: filter.scheme,
    port: filter.port,
    derivePort: filter.port === undefined && filter.scheme === undefined ? 'FROM_REQUEST_PORT' : undefined,
    uri: full ? path.replaceFullPath : undefined,
    prefixRewrite: path.type === 'ReplacePrefixMatch' ? path.replacePrefixMatch : undefined,
  };
}

function rewriteOf(filter: JsonObject): JsonObject | undefined {
  const path = objectOf(filter.path);
  const rewrite: Record<string, unknown> = {};
  if (path.type === 'ReplacePrefixMatch') rewrite.uri = (textOf(path.replacePrefixMatch) ?? '').replace(/\/$/, '') || '/';
  if (path.type === 'ReplaceFullPath') rewrite.uriRegexRewrite = { match: '/.*', rewrite: textOf(path.replaceFullPath) ?? '' };
  if (filter.hostname !== undefined) rewrite.authority = filter.hostname;
  return Object.keys(rewrite).length > 0 ? rewrite : undefined;
}

function corsOf(filter: JsonObject): JsonObject {
  const origins = textsOf(filter.allowOrigins).filter(origin => origin !== '').map(origin => {
    if (origin === '*') return { regex: '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+$' };
    if (!origin.includes('*')) return { exact: origin };
    if (origin.indexOf('*') === origin.length - 1) return { prefix: origin.slice(0, -1) };
    return { regex: `^${origin.split('*').map(part => part.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')).join('.*')}$` };
  });
  return { allowOrigins: origins, unmatchedPreflights: 'IGNORE' };
}

function retriesOf(retry: JsonObject): JsonObject {
  const attempts = numberOf(retry.attempts) ?? 2;
  const codes = listOf(retry.codes).map(code => String(numberOf(code) ?? ''));
  const retryOn = ['connect-failure', 'refused-stream', 'unavailable', 'cancelled', ...codes].join(',');
  const backoff = parseGoDuration(textOf(retry.backoff) ?? '');
  return { attempts, retryOn: attempts === 0 ? '' : retryOn, ...(backoff === undefined ? {} : { backoff: formatProtoDuration(backoff) }) };
}

/** A backend's own limit counts for each try; without retries it takes the place of the request's. */
function applyTimeouts(rule: GatewayRule, spec: Record<string, unknown>): void {
  if (rule.requestTimeout) spec.timeout = formatProtoDuration(rule.requestTimeout);
  if (!rule.backendTimeout) return;
  const timeout = formatProtoDuration(rule.backendTimeout);
  if (spec.retries) spec.retries = { ...objectOf(spec.retries), perTryTimeout: timeout };
  else spec.timeout = timeout;
}

function destinations(converter: Converter, rule: GatewayRule): JsonObject[] {
  const weighted = rule.backends.filter(backend => backend.weight !== 0);
  return weighted.map(backend => {
    const headers: Record<string, JsonObject> = {};
    for (const filter of backend.filters) {
      if (filter.type === 'RequestHeaderModifier') headers.request = headerOperations(objectOf(filter.requestHeaderModifier));
      else if (filter.type === 'ResponseHeaderModifier') headers.response = headerOperations(objectOf(filter.responseHeaderModifier));
      else throw new Unusable(`Istio does not know the filter ${String(filter.type)} of a backend`);
    }
    const { destination, state } = destinationOf(converter, backend);
    if (state === 'invalid') throw new Unusable(`the backend ${backend.name} needs a Service's name and a port`);
    return {
      destination,
      weight: weighted.length === 1 ? 0 : backend.weight,
      ...(Object.keys(headers).length > 0 ? { headers } : {}),
    };
  });
}

function mirrorOf(converter: Converter, filter: JsonObject): JsonObject | undefined {
  const backend = backendOf(objectOf(filter.backendRef), converter.route.resource.namespace);
  const { destination, state } = destinationOf(converter, backend);
  if (state !== 'found') return undefined;
  const fraction = filter.fraction ? objectOf(filter.fraction) : undefined;
  const percent = fraction
    ? (100 * (numberOf(fraction.numerator) ?? 0)) / (numberOf(fraction.denominator) ?? 100)
    : numberOf(filter.percent);
  return { destination, ...(percent === undefined ? {} : { percentage: { value: percent } }) };
}

/** A backend as a destination; refused and unsupported ones have no host, so that their share fails. */
function destinationOf(converter: Converter, backend: BackendReference): { destination: JsonObject; state: BackendState } {
  const { cluster, grants, route } = converter;
  const state = backendState(cluster, route, backend, { grants, other: istioBackend });
  if (state === 'refused' || state === 'unsupported' || state === 'invalid') return { destination: {}, state };
  const host = backend.kind === 'Hostname' ? backend.name : serviceHost(backend.name, backend.namespace, cluster.domain);
  return { destination: { host, port: { number: backend.port } }, state };
}

/** Host names, and Services imported from other clusters, which Istio takes for Services. */
function istioBackend(backend: BackendReference): BackendState | undefined {
  const hostname = backend.kind === 'Hostname' && backend.group === HOSTNAME_GROUP;
  const imported = backend.kind === 'ServiceImport' && backend.group === 'multicluster.x-k8s.io';
  if (!hostname && !imported) return undefined;
  return backend.port === undefined ? 'invalid' : 'found';
}
