import type { PathMatch, RequestMatch } from '../../model/gatewayapi/route';

/** Where implementations of Gateway API differ. */
export interface GatewayApiProfile {
  readonly name: string;
  /** Whether routes of Services need a ReferenceGrant for backends elsewhere; those of gateways always do. */
  readonly meshGrants: boolean;
  /** Orders matches, the one that wins first; 0 where the age of the routes decides. */
  compare(a: RequestMatch, b: RequestMatch): number;
}

/** The path that a match asks for, gRPC methods written as the paths that they are; absent for any path. */
export function pathMatchOf({ grpc, path }: RequestMatch): PathMatch | undefined {
  if (path) return path.type === 'PathPrefix' && path.value !== '/' ? { ...path, value: path.value.replace(/\/$/, '') } : path;
  if (!grpc || (grpc.service === undefined && grpc.method === undefined)) return undefined;
  const { method, service } = grpc;
  if (service === undefined) return { type: 'RegularExpression', value: `/[^/]+/${method}` };
  if (grpc.type === 'RegularExpression') return { type: 'RegularExpression', value: `/${service}/${method ?? '.+'}` };
  return method === undefined ? { type: 'PathPrefix', value: `/${service}/` } : { type: 'Exact', value: `/${service}/${method}` };
}

/** How many conditions on headers a match has. */
export function headerCount(match: RequestMatch): number {
  return new Set(match.headers.map(item => item.name)).size;
}

/** How many conditions on query parameters a match has. */
export function queryCount(match: RequestMatch): number {
  return new Set(match.query.map(item => item.name)).size;
}

const RANK: { readonly [type in PathMatch['type']]: number } = { Exact: 3, PathPrefix: 2, RegularExpression: 1 };

/** Exact paths, then prefixes, then regular expressions, each kind by length; then a method, more headers, more parameters. */
function compareByKind(a: RequestMatch, b: RequestMatch): number {
  const [first, second] = [pathMatchOf(a), pathMatchOf(b)];
  const rank = (path: PathMatch | undefined): number => (path ? RANK[path.type] : -1);
  return rank(second) - rank(first) || (second?.value.length ?? 0) - (first?.value.length ?? 0)
    || Number(b.method !== undefined) - Number(a.method !== undefined) || headerCount(b) - headerCount(a) || queryCount(b) - queryCount(a);
}

/** The order that the specification gives; regular expressions, of which it says nothing, come last as in most implementations. */
export const SPECIFICATION: GatewayApiProfile = { name: 'gateway-api', compare: compareByKind, meshGrants: false };

/** Istio's order; matches of any path come last. */
export const ISTIO_PROFILE: GatewayApiProfile = { name: 'istio', compare: compareByKind, meshGrants: false };
