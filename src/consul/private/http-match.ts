import { HeaderMatch, ValueMatchKind } from '../../core/header-match';
import type { HttpMatch } from '../../core/http-match';
import { PathMatch, PathMatchKind } from '../../core/path-match';
import type { QueryMatch } from '../../core/query-match';
import { templatePattern } from '../../private/path-template';
import type * as crd from '../crd';

/** The part of a match that is about the path. */
export interface PathFields {
  readonly pathExact?: string;
  readonly pathPrefix?: string;
  readonly pathRegex?: string;
}

/** A path in Consul's words. A prefix of whole segments takes two, because Consul's own prefix compares characters. */
export function renderPaths(match: PathMatch | undefined): PathFields[] {
  switch (match?.kind) {
    case undefined: return [{}];
    case PathMatchKind.EXACT: return [{ pathExact: match!.path }];
    case PathMatchKind.PREFIX: return match!.path === '/' ? [{}] : [{ pathExact: match!.path }, { pathPrefix: `${match!.path}/` }];
    case PathMatchKind.REGEX: return [{ pathRegex: match!.path }];
    case PathMatchKind.TEMPLATE: return [{ pathRegex: templatePattern(match!.path) }];
  }
}

/** Matches in Consul's words; an empty one holds for every request. */
export function renderMatch({ path, method, headers, queryParams }: HttpMatch): crd.ServiceRouteHTTPMatch[] {
  const rest: crd.ServiceRouteHTTPMatch = {
    methods: method && [method.method],
    header: headers && headers.length > 0 ? headers.map(renderHeader) : undefined,
    queryParam: queryParams && queryParams.length > 0 ? queryParams.map(renderQuery) : undefined,
  };
  return renderPaths(path).map((fields) => ({ ...fields, ...rest }));
}

/** A header in Consul's words; the same in routes and in permissions. */
export function renderHeader({ name, kind, text, inverted }: HeaderMatch): crd.ServiceRouteHTTPMatchHeader {
  return { name, ...renderText(kind, text), invert: inverted || undefined };
}

function renderQuery({ name, kind, text }: QueryMatch): crd.ServiceRouteHTTPMatchQueryParam {
  return { name, ...(kind === ValueMatchKind.REGEX ? { regex: text } : { exact: text }) };
}

function renderText(kind: ValueMatchKind, text: string): Partial<crd.ServiceRouteHTTPMatchHeader> {
  switch (kind) {
    case ValueMatchKind.EXACT: return { exact: text };
    case ValueMatchKind.PREFIX: return { prefix: text };
    case ValueMatchKind.REGEX: return { regex: text };
    case ValueMatchKind.PRESENT: return { present: true };
  }
}
