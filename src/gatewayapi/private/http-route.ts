import type { Duration } from 'cdk8s';
import { HeaderMatch, ValueMatchKind } from '../../core/header-match';
import type { HttpMatch } from '../../core/http-match';
import { PathMatch, PathMatchKind } from '../../core/path-match';
import type { HttpRulePlan } from '../../core/plan';
import type { QueryMatch } from '../../core/query-match';
import type { Retries } from '../../core/retry';
import { renderDuration } from '../../private/duration-grammar';
import { fail } from '../../private/errors';
import { escapePattern, templatePattern } from '../../private/path-template';
import * as crd from '../crd';
import { backendOf } from './backend';
import { renderFilters } from './http-filters';

/** What differs between the implementations of the Gateway API. */
export interface RouteDialect {
  /** Whether `retry`, a field of the experimental channel, may be written. */
  readonly experimental: boolean;
}

/** A rule in the words of the Gateway API. */
export function renderHttpRule(rule: HttpRulePlan, dialect: RouteDialect): crd.HTTPRouteRule {
  const { timeout, retries } = rule.policy;
  const perTry = retries?.perTryTimeout;
  return {
    name: rule.ruleName,
    matches: renderMatches(rule.matches, rule.constructPath),
    filters: renderFilters(rule, rule.constructPath),
    backendRefs: rule.destinations.length === 0 ? undefined : rule.destinations.map((destination): crd.HTTPBackendRef => ({
      ...backendOf(destination, rule.constructPath),
      weight: destination.weight?.toNumber(),
    })),
    timeouts: timeout || perTry ? { request: gatewayDuration(timeout), backendRequest: gatewayDuration(perTry) } : undefined,
    retry: retries && renderRetry(retries, dialect, rule.constructPath),
  };
}

/** Retries in the words of the Gateway API; undefined for none. */
export function renderRetry(retries: Retries, dialect: RouteDialect, path: string): crd.HTTPRouteRetry | undefined {
  if (retries.maxAttempts === 0) { return undefined; }
  if (!dialect.experimental) {
    fail('MESH-E022', 'retries in a route of the Gateway API, whose field is in the experimental channel', 'set experimental: true on the mesh, or leave the retries out', path);
  }
  return { attempts: retries.maxAttempts, codes: retries.statusCodes.length > 0 ? retries.statusCodes : undefined, backoff: gatewayDuration(retries.backoff) };
}

/** A length of time in the grammar of the Gateway API. */
export function gatewayDuration(duration: Duration | undefined): string | undefined {
  return duration && renderDuration(duration.toMilliseconds(), 'gateway-api');
}

/** Matches in the words of the Gateway API; undefined when one of them holds for every request. */
export function renderMatches(matches: readonly HttpMatch[], constructPath: string): crd.HTTPRouteMatch[] | undefined {
  const rendered = matches.map(({ path, method, headers, queryParams }): crd.HTTPRouteMatch => ({
    path: path && renderPath(path),
    method: method && (method.method as crd.HTTPMethod),
    headers: headers && headers.length > 0 ? headers.map((header) => renderHeader(header, constructPath)) : undefined,
    queryParams: queryParams && queryParams.length > 0 ? queryParams.map(renderQuery) : undefined,
  }));
  const all = rendered.some((match) => Object.values(match).every((field) => field === undefined));
  return all ? undefined : rendered;
}

function renderPath({ kind, path }: PathMatch): crd.HTTPPathMatch {
  switch (kind) {
    case PathMatchKind.EXACT: return { type: crd.PathMatchType.EXACT, value: path };
    case PathMatchKind.PREFIX: return { type: crd.PathMatchType.PATH_PREFIX, value: path };
    case PathMatchKind.REGEX: return { type: crd.PathMatchType.REGULAR_EXPRESSION, value: path };
    case PathMatchKind.TEMPLATE: return { type: crd.PathMatchType.REGULAR_EXPRESSION, value: templatePattern(path) };
  }
}

function renderHeader({ name, kind, text, inverted }: HeaderMatch, constructPath: string): crd.HTTPHeaderMatch {
  if (inverted) {
    fail('MESH-E021', `a match by absence of header ${name}, which the Gateway API lacks`, 'match the header that is there in a rule of its own', constructPath);
  }
  return { name, ...renderValue(kind, text) };
}

function renderQuery({ name, kind, text }: QueryMatch): crd.HTTPQueryParamMatch {
  return { name, ...renderValue(kind, text) };
}

function renderValue(kind: ValueMatchKind, text: string): { readonly type?: crd.MatchType; readonly value: string } {
  switch (kind) {
    case ValueMatchKind.EXACT: return { value: text };
    case ValueMatchKind.REGEX: return { type: crd.MatchType.REGULAR_EXPRESSION, value: text };
    case ValueMatchKind.PREFIX: return { type: crd.MatchType.REGULAR_EXPRESSION, value: `${escapePattern(text)}.*` };
    case ValueMatchKind.PRESENT: return { type: crd.MatchType.REGULAR_EXPRESSION, value: '.*' };
  }
}
