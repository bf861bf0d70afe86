import { SPECIFICATION } from './profile';
import { matchesRequest, SPECIFICATION_DIALECT } from './request-match';
import type { ChosenRule } from './rule-outcome';
import { compareText } from '../../../private/compare-text';
import type { GatewayRoute, GatewayRule, RequestMatch } from '../../model/gatewayapi/route';
import { orderIsKnown } from '../../model/order';
import type { HttpRequest } from '../http-request';

/** A route as it is attached somewhere, with the host by which a request comes to it. */
export interface AttachedRoute {
  readonly route: GatewayRoute;
  /** The most exact host of the route that the request's own lies in; absent where hosts do not count. */
  readonly host?: string;
}

interface Candidate extends AttachedRoute {
  readonly rule: GatewayRule;
  readonly match: RequestMatch;
}

const ANY: RequestMatch = { headers: [], query: [], path: { type: 'PathPrefix', value: '/' } };

/**
 * The rule that takes a request, by the order of the specification: the more exact host, then what the match asks for, then the older route,
 * then its namespace and name, then the rule's place.
 */
export function chooseRule(attached: readonly AttachedRoute[], request: HttpRequest): ChosenRule | undefined {
  const fitting = attached.flatMap(item => item.route.rules.flatMap(rule => {
    const matches = rule.matches.length > 0 ? rule.matches : [ANY];
    return matches.filter(match => matchesRequest(match, request, SPECIFICATION_DIALECT)).map((match): Candidate => ({ ...item, rule, match }));
  }));
  fitting.sort((a, b) => compareMatches(a, b) || compareAge(a.route, b.route));
  const [first, ...others] = fitting;
  if (!first) return undefined;
  const tied = others.filter(item => item.route !== first.route && compareMatches(first, item) === 0 && !orderIsKnown(first.route.resource, item.route.resource));
  const rivals = [...new Set(tied.map(item => item.route.resource))];
  return { route: first.route, rule: first.rule, match: first.match, orderDependent: rivals.length > 0 ? [first.route.resource, ...rivals] : [] };
}

function compareMatches(a: Candidate, b: Candidate): number {
  return compareHosts(a.host, b.host) || SPECIFICATION.compare(a.match, b.match);
}

/** More exact hosts first. */
export function compareHosts(a: string | undefined, b: string | undefined): number {
  const rank = (host: string | undefined): number => (host === undefined || host === '*' ? 0 : host.startsWith('*') ? host.split('.').length : 1000);
  return rank(b) - rank(a);
}

/** Older routes first; routes of unknown age come after, by namespace and name. */
export function compareAge(a: GatewayRoute, b: GatewayRoute): number {
  const [first, second] = [a.resource, b.resource];
  if (first.createdAt !== second.createdAt) return (first.createdAt ?? Infinity) - (second.createdAt ?? Infinity);
  return compareText(first.namespace, second.namespace) || compareText(first.name, second.name);
}
