import { Connector, ConnectingProxy } from './connection';
import { nameOf, titleOf } from '../../model/resource';
import type { HttpRequest } from '../../routing/http-request';
import type { CompiledRoute } from '../../routing/istio/http-routes';
import type { RouteOutcome } from '../../routing/istio/outcome';
import type { RouteRule } from '../../routing/istio/route-config';
import type { Arrival, Decider, Received, RouteDetails, Sent, SentDestination } from '../data-plane';

const NONE: readonly never[] = Object.freeze([]);

/** What a proxy's routing came to, besides the routing itself. */
export interface SentContext {
  readonly connector: Connector;
  readonly proxy: ConnectingProxy;
  readonly port: number;
  /** The request as the proxy received it. */
  readonly http?: HttpRequest;
  readonly arrival: Arrival;
  readonly assumptions: readonly string[];
  readonly authorization?: Received;
  /** Sentences of hops before this one. */
  readonly before: readonly string[];
}

/** Turns a proxy's routing into what the sending side answers. */
export function sentOf(outcome: RouteOutcome, context: SentContext): Sent {
  const { arrival, assumptions, authorization, before, connector, http, proxy } = context;
  const words = wordsOf(outcome);
  const base = {
    destinations: NONE as readonly SentDestination[],
    status: outcome.status,
    location: outcome.location,
    decidedBy: words.decider,
    arrival,
    details: words.details,
    orderDependent: outcome.orderDependent,
    why: before.length === 0 ? words.why : [...before, ...words.why],
    assumptions,
    authorization,
  };
  switch (outcome.kind) {
    case 'redirect':
    case 'direct': return { ...base, result: 'answered' };
    case 'not-found':
    case 'refused':
    case 'blackhole': return { ...base, result: 'unroutable', why: outcome.note ? [...base.why, outcome.note] : base.why };
    case 'passthrough': {
      const destinations = [{ host: 'PassthroughCluster', port: context.port, weight: 100, targets: NONE }];
      return { ...base, result: 'sent', destinations, why: outcome.note ? [...base.why, outcome.note] : base.why };
    }
    case 'forward': return forwarded(outcome, { ...base, destinations: connector.connect(outcome.destinations, proxy) }, http, arrival);
  }
}

function forwarded(outcome: RouteOutcome, base: Omit<Sent, 'result'>, http: HttpRequest | undefined, arrival: Arrival): Sent {
  if (outcome.status !== undefined) return { ...base, result: 'answered' };
  const { destinations } = outcome;
  if (destinations.length === 0 || destinations.every(item => item.healthy === false)) {
    const [first] = destinations;
    const missing = first && !first.exists ? outcome.route?.action.missingStatus : undefined;
    const status = outcome.layer === 'http' ? missing ?? 503 : undefined;
    return { ...base, result: 'unroutable', status, why: first?.fault ? [...base.why, first.fault] : base.why };
  }
  const next = outcome.forwarded;
  if (!next || next === http) return { ...base, result: 'sent', arrival: next ? { ...arrival, http: next } : arrival };
  const details = {
    ...base.details,
    path: next.path === http?.path ? undefined : next.path,
    authority: next.authority === http?.authority ? undefined : next.authority,
  };
  return { ...base, result: 'sent', arrival: { ...arrival, http: next }, details };
}

interface RouteWords {
  readonly decider?: Decider;
  readonly details: RouteDetails;
  readonly why: readonly string[];
}

const ofRoute = new WeakMap<CompiledRoute | RouteRule, RouteWords>();

const UNMATCHED: { readonly [kind in RouteOutcome['kind']]: RouteWords } = {
  'blackhole': { details: { kind: 'none' }, why: ['the destination is unknown to the proxy, which passes nothing unknown on'] },
  'direct': { details: { kind: 'direct-response' }, why: NONE },
  'forward': { details: { kind: 'forward' }, why: ['no route applies, so everything goes to the service itself'] },
  'not-found': { details: { kind: 'none' }, why: ['no route takes the request'] },
  'passthrough': { details: { kind: 'passthrough' }, why: ['the destination is unknown to the proxy, which passes it on'] },
  'redirect': { details: { kind: 'redirect' }, why: ['the gateway redirects plain HTTP to HTTPS'] },
  'refused': { details: { kind: 'none' }, why: ['nothing listens for the connection'] },
};

/** The words for an outcome; those of a route are made once. */
function wordsOf(outcome: RouteOutcome): RouteWords {
  const subject = outcome.route ?? outcome.rule;
  if (!subject) {
    const words = UNMATCHED[outcome.kind];
    const resource = outcome.by ?? (outcome.virtualHost?.config ?? outcome.virtualHost?.candidates[0])?.resource;
    return resource ? { ...words, decider: nameOf(resource) } : words;
  }
  let words = ofRoute.get(subject);
  if (!words) ofRoute.set(subject, words = outcome.route ? httpWords(outcome.route) : ruleWords(outcome.rule!));
  return words;
}

function ruleWords(rule: RouteRule): RouteWords {
  const decider = { ...nameOf(rule.resource), rule: rule.index };
  return { decider, details: { kind: 'forward', matched: decider }, why: [`rule ${rule.index} of ${titleOf(rule.resource)} takes the connection`] };
}

function httpWords({ action, match, rule }: CompiledRoute): RouteWords {
  const decider = { ...nameOf(rule.resource), rule: rule.index };
  const conditions = match.conditions.map(item => `${item.label} ${item.value}`).join(', ');
  const kind = action.redirect ? 'redirect' : action.directResponse ? 'direct-response' : 'forward';
  const mirrors = action.mirrors.map(({ destination: { host, port, subset }, percent }) => ({ host, subset, port, percent }));
  return {
    decider,
    details: {
      kind,
      matched: decider,
      ...(action.timeout ? { timeout: action.timeout } : {}),
      ...(kind === 'forward' && action.retries ? { retries: action.retries } : {}),
      ...(action.fault ? { fault: { ...action.fault } } : {}),
      ...(mirrors.length > 0 ? { mirrors } : {}),
    },
    why: [`rule ${rule.index} of ${titleOf(rule.resource)} takes the request${conditions ? ` (${conditions})` : ''}`],
  };
}

