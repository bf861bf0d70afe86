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

/** The order that the specification gives: exact paths, longer prefixes, a method, more headers, more parameters. */
export const SPECIFICATION: GatewayApiProfile = {
  name: 'gateway-api',
  compare: (a, b) => {
    const [first, second] = [pathMatchOf(a), pathMatchOf(b)];
    return Number(second?.type === 'Exact') - Number(first?.type === 'Exact') || (second?.value.length ?? 0) - (first?.value.length ?? 0)
      || Number(b.method !== undefined) - Number(a.method !== undefined) || headerCount(b) - headerCount(a) || queryCount(b) - queryCount(a);
  },
  meshGrants: false,
};

const ISTIO_RANK: { readonly [type in PathMatch['type']]: number } = { Exact: 3, PathPrefix: 2, RegularExpression: 1 };

/** Istio's order: exact paths, then prefixes, then regular expressions, each kind by length; matches of any path come last. */
export const ISTIO_PROFILE: GatewayApiProfile = {
  name: 'istio',
  compare: (a, b) => {
    const [first, second] = [pathMatchOf(a), pathMatchOf(b)];
    const rank = (path: PathMatch | undefined): number => (path ? ISTIO_RANK[path.type] : -1);
    return rank(second) - rank(first) || (second?.value.length ?? 0) - (first?.value.length ?? 0)
      || Number(b.method !== undefined) - Number(a.method !== undefined) || headerCount(b) - headerCount(a) || queryCount(b) - queryCount(a);
  },
  meshGrants: false,
};
