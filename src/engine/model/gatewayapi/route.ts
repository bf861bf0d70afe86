import { GATEWAY_API_GROUP, ObjectReference, referenceOf } from './gateway';
import { parseGoDuration } from '../../../private/duration';
import { JsonObject, numberOf, objectOf, objectsOf, textOf, textsOf } from '../json';
import { pushTo } from '../label-index';
import { Resource } from '../resource';

/** Kinds of routes of Gateway API. */
export type RouteKind = 'GRPCRoute' | 'HTTPRoute' | 'TCPRoute' | 'TLSRoute';

/** What a route attaches to: a listener of a Gateway, or a port of a Service. */
export interface ParentReference extends ObjectReference {
  /** Name of a listener. */
  readonly sectionName?: string;
  readonly port?: number;
}

/** A condition on a text. */
export interface NamedMatch {
  readonly name: string;
  readonly type: 'Exact' | 'RegularExpression';
  readonly value: string;
}

/** A condition on a path. */
export interface PathMatch {
  readonly type: 'Exact' | 'PathPrefix' | 'RegularExpression';
  readonly value: string;
}

/** A condition on the method of a gRPC call. */
export interface GrpcMethodMatch {
  readonly type: 'Exact' | 'RegularExpression';
  readonly service?: string;
  readonly method?: string;
}

/** One entry of a rule's matches; all its conditions must hold. */
export interface RequestMatch {
  readonly path?: PathMatch;
  readonly grpc?: GrpcMethodMatch;
  readonly method?: string;
  readonly headers: readonly NamedMatch[];
  readonly query: readonly NamedMatch[];
}

/** Where a rule sends requests. */
export interface BackendReference extends ObjectReference {
  readonly port?: number;
  readonly weight: number;
  readonly filters: readonly JsonObject[];
}

/** A rule of a route. */
export interface GatewayRule {
  readonly index: number;
  readonly name?: string;
  /** Empty when every request matches. */
  readonly matches: readonly RequestMatch[];
  readonly filters: readonly JsonObject[];
  readonly backends: readonly BackendReference[];
  /** Milliseconds; 0 is none. */
  readonly requestTimeout?: number;
  /** Milliseconds; 0 is none. */
  readonly backendTimeout?: number;
  readonly retry?: JsonObject;
}

/** A route of Gateway API. */
export interface GatewayRoute {
  readonly kind: RouteKind;
  readonly resource: Resource;
  readonly hostnames: readonly string[];
  readonly parents: readonly ParentReference[];
  readonly rules: readonly GatewayRule[];
}

/** Reads a route, with the defaults that the API server fills in. */
export function gatewayRouteOf(resource: Resource, kind: RouteKind): GatewayRoute {
  const { spec, namespace } = resource;
  const rules = spec.rules === undefined && kind === 'HTTPRoute' ? [{}] : objectsOf(spec.rules);
  return {
    kind,
    resource,
    hostnames: textsOf(spec.hostnames),
    parents: objectsOf(spec.parentRefs).map(item => ({
      ...referenceOf(item, { group: GATEWAY_API_GROUP, kind: 'Gateway', namespace }),
      sectionName: textOf(item.sectionName) || undefined,
      port: numberOf(item.port),
    })),
    rules: rules.map((rule, index) => ruleOf(rule, index, kind, namespace)),
  };
}

function ruleOf(rule: JsonObject, index: number, kind: RouteKind, namespace: string): GatewayRule {
  const timeouts = objectOf(rule.timeouts);
  return {
    index,
    name: textOf(rule.name) || undefined,
    matches: matchesOf(rule, kind),
    filters: objectsOf(rule.filters),
    backends: objectsOf(rule.backendRefs).map(item => backendOf(item, namespace)),
    requestTimeout: durationOf(timeouts.request),
    backendTimeout: durationOf(timeouts.backendRequest),
    retry: rule.retry ? objectOf(rule.retry) : undefined,
  };
}

function durationOf(value: unknown): number | undefined {
  return typeof value === 'string' ? parseGoDuration(value) : undefined;
}

/** Reads a reference to a backend. */
export function backendOf(backend: JsonObject, namespace: string): BackendReference {
  return {
    ...referenceOf(backend, { group: '', kind: 'Service', namespace }),
    port: numberOf(backend.port),
    weight: numberOf(backend.weight) ?? 1,
    filters: objectsOf(backend.filters),
  };
}

function matchesOf(rule: JsonObject, kind: RouteKind): RequestMatch[] {
  if (kind === 'GRPCRoute') return objectsOf(rule.matches).map(grpcMatch);
  if (kind !== 'HTTPRoute') return [];
  // Without matches the API server writes one for every path; an empty list it leaves alone.
  return rule.matches === undefined || rule.matches === null ? [httpMatch({})] : objectsOf(rule.matches).map(httpMatch);
}

function httpMatch(match: JsonObject): RequestMatch {
  const path = objectOf(match.path);
  const type = textOf(path.type);
  return {
    path: {
      type: type === 'Exact' || type === 'RegularExpression' ? type : 'PathPrefix',
      value: textOf(path.value) ?? '/',
    },
    method: textOf(match.method) || undefined,
    headers: objectsOf(match.headers).map(namedMatch),
    query: objectsOf(match.queryParams).map(namedMatch),
  };
}

function grpcMatch(match: JsonObject): RequestMatch {
  const method = match.method ? objectOf(match.method) : undefined;
  return {
    grpc: method && {
      type: method.type === 'RegularExpression' ? 'RegularExpression' : 'Exact',
      service: textOf(method.service) || undefined,
      method: textOf(method.method) || undefined,
    },
    headers: objectsOf(match.headers).map(namedMatch),
    query: [],
  };
}

function namedMatch(match: JsonObject): NamedMatch {
  return {
    name: textOf(match.name) ?? '',
    type: match.type === 'RegularExpression' ? 'RegularExpression' : 'Exact',
    value: textOf(match.value) ?? '',
  };
}

/** Finds routes by what they attach to; the order of the routes is kept. */
export class RouteIndex {
  private readonly byParent = new Map<string, GatewayRoute[]>();

  constructor(routes: readonly GatewayRoute[]) {
    for (const route of routes) {
      for (const key of new Set(route.parents.map(parentKey))) pushTo(this.byParent, key, route);
    }
  }

  /** The routes that refer to an object in some way. */
  of(parent: ObjectReference): readonly GatewayRoute[] {
    return this.byParent.get(parentKey(parent)) ?? NONE;
  }
}

const NONE: readonly GatewayRoute[] = [];

/** The core group may be spelled out. */
function parentKey({ group, kind, name, namespace }: ObjectReference): string {
  return `${group === 'core' ? '' : group}/${kind}/${namespace}/${name}`;
}
