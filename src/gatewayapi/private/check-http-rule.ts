import type { Construct } from 'constructs';
import type { HttpMatch } from '../../core/http-match';
import { PathMatchKind } from '../../core/path-match';
import { PathRewriteKind } from '../../core/path-rewrite';
import { checkActions } from '../../core/private/check-rule';
import { positive } from '../../core/private/check-values';
import { Retries, RetryOn } from '../../core/retry';
import { dnsSubdomain } from '../../private/dns';
import { fail } from '../../private/errors';
import type { HttpFilters } from '../http-filters';
import type { HttpRouteRule } from '../http-route-rule';
import type { RouteParent } from '../route-parent';
import { requireExperimental } from './channel';
import { atMost, distinct } from './limits';

/** Characters of a path that the API takes as they are, besides percent-encoded ones. */
const PATH = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/;
/** What no path to compare with may hold: clients would be normalized past it. */
const SEGMENTS = /\/\/|\/\.\.?(\/|$)|%2[fF]/;
/** Failures after which every implementation tries again when it tries again at all. */
const ALWAYS = [RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM, RetryOn.GRPC_UNAVAILABLE];

/** Throws when a rule is wrong by itself. */
export function checkHttpRule(rule: HttpRouteRule, route: Construct): void {
  const path = route.node.path;
  const { ruleName, matches = [], backends, retries, timeout, backendTimeout } = rule;
  if (ruleName !== undefined) { dnsSubdomain('rule name', ruleName, path); }
  checkActions({ ...rule, destinations: backends }, path);
  checkFilters(rule, matches, route);
  backends?.forEach(({ filters }) => filters && checkFilters(filters, matches, route));
  backends?.forEach(({ filters }) => checkActions({ ...filters, matches }, path));
  if (backends?.length === 0 || (!backends && !rule.redirect && !rule.extensions && !isInbound(route))) {
    fail('MESH-E020', 'a rule without backends, which answers 500', 'name at least one, or redirect', path);
  }
  atMost(64, matches.length, 'matches in one rule', path, 'make another rule for the others');
  matches.forEach((match) => checkMatch(match, path));
  positive('time-out', timeout, path);
  positive('time for each try', backendTimeout, path);
  if (retries) { checkRetries(retries, rule, route); }
  if (rule.sessionPersistence) { requireExperimental(route, 'session persistence'); }
  const each = backendTimeout ?? retries?.perTryTimeout;
  if (timeout && each && timeout.toMilliseconds() > 0 && each.toMilliseconds() > timeout.toMilliseconds()) {
    fail('MESH-E028', `${each.toMilliseconds()} ms for each try, and ${timeout.toMilliseconds()} ms for all`, 'give each try less time than all of them together', path);
  }
}

/** Whether a route is about what has arrived at a pod, as those for Servers of Linkerd are: it sends nothing anywhere. */
function isInbound(route: Construct): boolean {
  return 'parents' in route && (route.parents as readonly RouteParent[]).some(({ reference }) => reference.group === 'policy.linkerd.io' && reference.kind === 'Server');
}

/** Throws when rules are wrong together. */
export function checkHttpRules(rules: readonly HttpRouteRule[], path: string): void {
  if (rules.length === 0) {
    fail('MESH-E030', 'a route without rules', 'add one, such as { backends: [RouteBackend.service(service)] }', path);
  }
  atMost(16, rules.length, 'rules', path, 'make another route for the others: all of them work together');
  // A rule without matches counts as one.
  atMost(128, rules.reduce((sum, { matches }) => sum + Math.max(matches?.length ?? 0, 1), 0), 'matches', path, 'make another route for some of the rules');
  distinct('rule', rules.flatMap(({ ruleName }) => ruleName ?? []), path);
}

function checkFilters(filters: HttpFilters, matches: readonly HttpMatch[], route: Construct): void {
  const path = route.node.path;
  const { redirect, pathRewrite, requestHeaders, responseHeaders, cors } = filters;
  if (filters.externalAuth) { requireExperimental(route, 'external authorization'); }
  const prefix = [pathRewrite, redirect?.path].some((rewrite) => rewrite?.kind === PathRewriteKind.PREFIX);
  if (prefix && matches.length !== 1) {
    fail('MESH-E020', `a prefix is replaced in a rule with ${matches.length} matches`, 'make a rule for each match, by PathMatch.prefix()', path);
  }
  for (const changes of [requestHeaders, responseHeaders]) {
    const { setHeaders = {}, addHeaders = {}, removeHeaders = [] } = changes ?? {};
    [Object.keys(setHeaders), Object.keys(addHeaders), removeHeaders].forEach((names) => atMost(16, names.length, 'headers', path));
    Object.entries({ ...setHeaders, ...addHeaders }).forEach(([name, text]) => checkText(`header ${name}`, text, path));
  }
  const copies = (filters.mirrors ?? []).length + (filters.extensions ?? []).length;
  const others = [redirect, pathRewrite ?? filters.hostRewrite, requestHeaders, responseHeaders, cors, filters.externalAuth];
  atMost(16, copies + others.filter((filter) => filter !== undefined).length, 'filters', path);
}

function checkRetries(retries: Retries, { backendTimeout }: HttpRouteRule, route: Construct): void {
  const path = route.node.path;
  if (retries.perTryTimeout && backendTimeout) {
    fail('MESH-E031', 'the time for each try is given twice', 'give it as backendTimeout or with the retries', path);
  }
  if (retries.maxAttempts === 0) { return; }
  requireExperimental(route, 'retries');
  const unknown = retries.conditions.find((condition) => !ALWAYS.includes(condition));
  if (unknown !== undefined) {
    fail('MESH-E021', `retries on ${unknown}, which routes of the Gateway API lack`, 'name the status codes: Retries.attempts(2, { statusCodes: [502, 503, 504] })', path);
  }
  const outside = retries.statusCodes.find((status) => status < 400);
  if (outside !== undefined) {
    fail('MESH-E028', `retries on status ${outside}`, 'use status codes from 400 to 599', path);
  }
}

function checkMatch({ path: wanted, headers = [], queryParams = [], servicePort }: HttpMatch, path: string): void {
  if (servicePort !== undefined) {
    fail('MESH-E021', `a match by port ${servicePort}, which routes of the Gateway API lack`, 'attach the route to that port of its parent', path);
  }
  if (wanted && wanted.path.length > 1024) {
    fail('MESH-E009', `a path of ${wanted.path.length} characters`, 'use at most 1024', path);
  }
  const literal = wanted?.kind === PathMatchKind.EXACT || wanted?.kind === PathMatchKind.PREFIX;
  if (wanted && literal && (!PATH.test(wanted.path) || SEGMENTS.test(wanted.path))) {
    fail('MESH-E009', `invalid path, got "${wanted.path}"`, 'use a path as gateways see it: without "//", "/./", "/../" and "%2F", other characters percent-encoded', path);
  }
  atMost(16, headers.length, 'headers in one match', path);
  atMost(16, queryParams.length, 'query parameters in one match', path);
  distinct('header', headers.map(({ name }) => name), path);
  distinct('query parameter', queryParams.map(({ name }) => name), path);
  headers.filter(({ text }) => text !== '').forEach(({ name, text }) => checkText(`header ${name}`, text, path));
}

function checkText(what: string, text: string, path: string): void {
  if (!/^[!-~]+([\t ]?[!-~]+)*$/.test(text) || text.length > 4096) {
    fail('MESH-E009', `invalid text for ${what}, got "${text}"`, 'use 1 to 4096 printable ASCII characters, with single spaces between them', path);
  }
}
