import { HeaderMatch, ValueMatchKind } from '../../core/header-match';
import type { HttpMatch } from '../../core/http-match';
import { PathMatch, PathMatchKind } from '../../core/path-match';
import type { PeerPlan } from '../../core/plan';
import type { QueryMatch } from '../../core/query-match';
import { templatePattern } from '../../private/path-template';
import type * as crd from '../crd';

/**
 * A match in Istio's words. A prefix of whole segments takes two of Istio's matches, because its own prefix compares characters.
 *
 * @param match what the request must look like
 * @param client the pods whose proxies the match holds for; undefined for all
 * @param port number of the Service port; undefined for any
 */
export function renderMatch(match: HttpMatch, client: PeerPlan | undefined, port: number | undefined): crd.HTTPMatchRequest[] {
  const headers = match.headers ?? [];
  const common: crd.HTTPMatchRequest = {
    method: match.method && { exact: match.method.method },
    headers: headerMap(headers.filter((header) => !header.inverted)),
    withoutHeaders: headerMap(headers.filter((header) => header.inverted)),
    queryParams: queryMap(match.queryParams ?? []),
    port: match.servicePort ?? port,
    sourceLabels: client?.labels && { ...client.labels },
    sourceNamespace: client?.namespace,
  };
  const uris = match.path ? renderPath(match.path) : [undefined];
  return uris.map((uri) => ({ ...common, uri }));
}

/** Whether a rendered match holds for every request. */
export function isEmptyMatch(match: crd.HTTPMatchRequest): boolean {
  return Object.values(match).every((field) => field === undefined);
}

function renderPath({ kind, path }: PathMatch): (crd.StringMatch | undefined)[] {
  switch (kind) {
    case PathMatchKind.EXACT: return [{ exact: path }];
    case PathMatchKind.PREFIX: return path === '/' ? [undefined] : [{ exact: path }, { prefix: `${path}/` }];
    case PathMatchKind.REGEX: return [{ regex: path }];
    case PathMatchKind.TEMPLATE: return [{ regex: templatePattern(path) }];
  }
}

function headerMap(headers: readonly HeaderMatch[]): { [name: string]: crd.StringMatch } | undefined {
  return headers.length === 0 ? undefined : Object.fromEntries(headers.map((header) => [header.name, renderText(header.kind, header.text)]));
}

function queryMap(params: readonly QueryMatch[]): { [name: string]: crd.StringMatch } | undefined {
  return params.length === 0 ? undefined : Object.fromEntries(params.map((param) => [param.name, renderText(param.kind, param.text)]));
}

function renderText(kind: ValueMatchKind, text: string): crd.StringMatch {
  switch (kind) {
    case ValueMatchKind.EXACT: return { exact: text };
    case ValueMatchKind.PREFIX: return { prefix: text };
    case ValueMatchKind.REGEX: return { regex: text };
    case ValueMatchKind.PRESENT: return {};
  }
}
