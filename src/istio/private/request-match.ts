import type { ClaimMatch } from '../../core/claim-match';
import { portNumber } from '../../core/private/check-values';
import type { IMeshResource } from '../../core/resource';
import { fail } from '../../private/errors';
import { escapePattern } from '../../private/path-template';
import type * as crd from '../crd';
import type { CallerMatch, RequestMatch } from '../request-match';
import { gatewayName } from './gateway-name';
import { RenderedMatch, renderMatch, renderText } from './match';

/** What a VirtualService says for all of its routes. */
export interface RouteScope {
  readonly namespace?: string;
  readonly gateways: readonly IMeshResource[];
  readonly inMesh: boolean;
  /** Whether another VirtualService says by which gateways requests come. */
  readonly isDelegate: boolean;
}

/** A match of a resource in Istio's words. */
export function renderRequestMatch(match: RequestMatch, scope: RouteScope): RenderedMatch[] {
  checkRequestMatch(match, scope);
  return renderMatch(match).map((rendered) => {
    const { queryParams, headers, withoutHeaders, ...plain } = rendered.match;
    const extended: crd.HTTPMatchRequest = {
      ...plain,
      ...renderCallers(match, scope),
      ...(match.uri ? { uri: renderText(match.uri) } : {}),
      ...(match.methodText ? { method: renderText(match.methodText) } : {}),
      headers: joined(headers, claimMap(match.claims ?? [])),
      withoutHeaders: joined(withoutHeaders, claimMap(match.withoutClaims ?? [])),
      queryParams: joined(queryParams, Object.fromEntries(Object.entries(match.queryTexts ?? {}).map(([name, text]) => [name, renderText(text)]))),
      authority: match.authority && renderText(match.authority),
      scheme: match.scheme && renderText(match.scheme),
      ignoreUriCase: match.ignorePathCase,
      name: match.matchName,
      statPrefix: match.statPrefix,
    };
    return { match: extended, part: match.uri ? 'text' : rendered.part };
  });
}

/** By which proxies calls come, in Istio's words. */
export function renderCallers(match: CallerMatch, scope: RouteScope): Pick<crd.HTTPMatchRequest, 'gateways' | 'sourceLabels' | 'sourceNamespace'> {
  const { callers, callerNamespace, gateways, inMesh } = match;
  if ((callers ?? callerNamespace) !== undefined) {
    checkCallers(match, scope);
    return { sourceLabels: callers?.matchLabels, sourceNamespace: callerNamespace ?? callers?.namespace };
  }
  if (gateways === undefined && inMesh === undefined) { return {}; }
  const names = (list: readonly IMeshResource[]) => list.map((gateway) => gatewayName(gateway, scope.namespace));
  const known = names(scope.gateways);
  const foreign = scope.isDelegate ? undefined : names(gateways ?? []).find((name) => !known.includes(name));
  if (foreign !== undefined || (inMesh === true && !scope.inMesh && !scope.isDelegate)) {
    fail('MESH-E020', `a match for ${foreign === undefined ? 'calls within the mesh' : `gateway ${foreign}`}, to which the VirtualService is not bound`,
      foreign === undefined ? 'set inMesh: true on the VirtualService' : 'add it to the gateways of the VirtualService');
  }
  const written = [...names(gateways ?? (inMesh ? [] : scope.gateways)), ...(inMesh ? ['mesh'] : [])];
  if (written.length === 0) {
    fail('MESH-E020', 'a match for calls that come neither by a gateway nor within the mesh', 'leave gateways and inMesh out');
  }
  return { gateways: written };
}

/** Where gateways are named, `mesh` included, Istio does not look at the caller any more. */
function checkCallers({ gateways, inMesh }: CallerMatch, scope: RouteScope): void {
  if (gateways !== undefined || inMesh !== undefined) {
    fail('MESH-E020', 'a match by caller and by gateway, of which Istio looks at the gateway only', 'leave gateways and inMesh out: callers are always within the mesh');
  }
  if (!scope.inMesh && !scope.isDelegate) {
    fail('MESH-E020', 'a match by caller in a VirtualService that holds for gateways only', 'set inMesh: true on the VirtualService, or leave callers out');
  }
}

function checkRequestMatch(match: RequestMatch, scope: RouteScope): void {
  if (match.path && match.uri) {
    fail('MESH-E031', 'a match by path and by uri', 'give one of them');
  }
  if (match.method && match.methodText) {
    fail('MESH-E031', 'a match by method and by methodText', 'give one of them');
  }
  if (match.ignorePathCase && !['exact', 'prefix'].includes((match.path ?? match.uri)?.kind ?? '')) {
    fail('MESH-E031', 'a match that ignores the case of a path which is no whole path and no prefix', 'write (?i) at the beginning of the pattern, or leave ignorePathCase out');
  }
  const query = (match.queryParams ?? []).find((param) => Object.hasOwn(match.queryTexts ?? {}, param.name));
  if (query) {
    fail('MESH-E009', `two conditions on query parameter ${query.name} in one match, of which Istio takes one`, 'join them into one pattern');
  }
  if (match.servicePort !== undefined) { portNumber('port', match.servicePort); }
  if ((match.claims ?? []).length + (match.withoutClaims ?? []).length > 0 && scope.inMesh) {
    fail('MESH-E031', 'a match by claims in a VirtualService that holds within the mesh, where Istio knows no claims', 'bind it to gateways only');
  }
}

/** Claims as Istio writes them among the headers. */
function claimMap(claims: readonly ClaimMatch[]): { [name: string]: crd.StringMatch } {
  const names = claims.map(({ claim }) => claim);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    fail('MESH-E009', `two conditions on claim ${twice} in one match, of which Istio takes one`, 'join them into one');
  }
  return Object.fromEntries(claims.map(({ claim, accepted }) => [
    `@request.auth.claims${claim.split('.').map((part) => `[${part}]`).join('')}`,
    accepted.length === 1 ? { exact: accepted[0] } : { regex: accepted.map(escapePattern).join('|') },
  ]));
}

function joined<T>(first: { [name: string]: T } | undefined, second: { [name: string]: T }): { [name: string]: T } | undefined {
  const all = { ...first, ...second };
  return Object.keys(all).length > 0 ? all : undefined;
}
