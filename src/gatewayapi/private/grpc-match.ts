import type { HttpMatch } from '../../core/http-match';
import { PathMatchKind } from '../../core/path-match';
import { fail } from '../../private/errors';
import type * as crd from '../crd';
import { renderMatches } from './http-route';

/**
 * A match of gRPC calls: `/package.Service/Method` exactly, or everything of `/package.Service`. Calls by any other path cannot be told
 * apart by a GRPCRoute; asking for them is an error at `path`.
 */
export function renderGrpcMatch({ path: call, headers, method, queryParams }: HttpMatch, path: string): crd.GRPCRouteMatch {
  const parts = call === undefined || call.path === '/' ? [] : call.path.split('/').slice(1);
  const literal = call === undefined || (call.kind === PathMatchKind.EXACT && parts.length === 2) || (call.kind === PathMatchKind.PREFIX && parts.length <= 1);
  if (!literal || (method !== undefined && method.method !== 'POST') || (queryParams ?? []).length > 0) {
    const what = call?.toString() ?? method?.toString() ?? 'query';
    fail('MESH-E018', `gRPC calls by ${what}`, 'match by service and method: PathMatch.exact("/package.Service/Method") or PathMatch.prefix("/package.Service")', path);
  }
  return {
    method: parts.length > 0 ? { service: parts[0], method: parts[1] } : undefined,
    headers: renderMatches([{ headers }], path)?.[0].headers as crd.GRPCHeaderMatch[] | undefined,
  };
}

/** Matches of gRPC calls; undefined when one of them holds for every call. */
export function renderGrpcMatches(matches: readonly HttpMatch[], path: string): crd.GRPCRouteMatch[] | undefined {
  const rendered = matches.map((match) => renderGrpcMatch(match, path));
  return rendered.some(({ method, headers }) => method === undefined && headers === undefined) ? undefined : rendered;
}
