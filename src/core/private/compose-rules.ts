import { byText } from '../../private/compare';
import { fail } from '../../private/errors';
import { Destination } from '../destination';
import type { HttpMatch } from '../http-match';
import type { HttpActions, HttpRule } from '../http-rule';
import type { HttpRulePlan, PeerPlan } from '../plan';
import type { CallPolicy, TrafficPolicy } from '../traffic-policy';
import type { RuleDeclaration } from './declarations';
import { mergePolicies } from './merge-policies';
import { compareMatches, isCatchAll, matchKey } from './rule-order';

/** Callers whose calls have a policy of their own. */
export interface ClientPolicy {
  readonly clients: readonly PeerPlan[];
  readonly policy: CallPolicy;
}

/** What the rules of one host are composed from. */
export interface RuleSources {
  readonly rules: readonly RuleDeclaration[];
  /** Where requests go that no rule speaks of; undefined: they are not answered. */
  readonly fallback?: Destination;
  /** What holds for every rule that does not say otherwise. */
  readonly policy: TrafficPolicy;
  /** Callers with policies of their own. */
  readonly clientPolicies: readonly ClientPolicy[];
  /** Path of the construct that owns the host. */
  readonly path: string;
}

interface Entry {
  readonly match: HttpMatch;
  readonly rule: HttpRule;
  readonly owner: string;
}

/**
 * Composes the rules of one host, from however many constructs, into one list in which the first match decides. The order depends on
 * what the rules say, never on when or where they were declared. Two rules for the same requests are an error.
 */
export function composeRules(sources: RuleSources): HttpRulePlan[] {
  const entries = sources.rules.flatMap(({ rule, owner }) => split(rule, owner.node.path));
  entries.sort((a, b) => compareMatches(a.match, b.match));
  entries.forEach((entry, index) => refuseOverlap(entries[index - 1], entry));

  const callPolicy = sources.policy.timeout !== undefined || sources.policy.retries !== undefined;
  const speaksOfAll = entries.some((entry) => isCatchAll(entry.match));
  if (sources.fallback && !speaksOfAll && (entries.length > 0 || callPolicy || sources.clientPolicies.length > 0)) {
    entries.push({ match: {}, rule: { destinations: [sources.fallback] }, owner: sources.path });
  }
  return join(entries).flatMap(({ matches, rule, owner }) => {
    const policy = mergePolicies(sources.policy, rule);
    const answered = rule.redirect !== undefined || rule.directResponse !== undefined;
    const base: HttpRulePlan = {
      ...actionsOf(rule),
      ruleName: rule.ruleName,
      matches,
      destinations: answered ? [] : rule.destinations ?? (sources.fallback ? [sources.fallback] : []),
      policy,
      constructPath: owner,
    };
    const variants = sources.clientPolicies.map((client): HttpRulePlan => ({
      ...base,
      clients: [...client.clients],
      policy: mergePolicies(policy, client.policy),
    }));
    return [...variants, base];
  });
}

function actionsOf({ requestHeaders, responseHeaders, pathRewrite, hostRewrite, mirrors, fault, redirect, directResponse, cors }: HttpRule): HttpActions {
  return { requestHeaders, responseHeaders, pathRewrite, hostRewrite, mirrors, fault, redirect, directResponse, cors };
}

function split(rule: HttpRule, owner: string): Entry[] {
  const matches = rule.matches && rule.matches.length > 0 ? rule.matches : [{}];
  return matches.map((match) => ({ match, rule, owner }));
}

function refuseOverlap(before: Entry | undefined, entry: Entry): void {
  if (!before || matchKey(before.match) !== matchKey(entry.match)) { return; }
  const [first, second] = [before, entry].sort(byText((side) => side.owner));
  const request = entry.match.path ? `requests for ${entry.match.path.toString()}` : 'the same requests';
  fail('MESH-E019', `${first.owner === second.owner ? `two rules of ${first.owner}` : `${first.owner} and ${second.owner}`} both route ${request}`,
    'remove one of them, or tell them apart by path, method, header, query parameter or port', second.owner);
}

/** Puts matches that follow one another and belong to one rule back together. */
function join(entries: readonly Entry[]): { readonly matches: HttpMatch[]; readonly rule: HttpRule; readonly owner: string }[] {
  const joined: { matches: HttpMatch[]; rule: HttpRule; owner: string }[] = [];
  for (const entry of entries) {
    const last = joined[joined.length - 1];
    if (last?.rule === entry.rule) {
      last.matches.push(entry.match);
    } else {
      joined.push({ matches: [entry.match], rule: entry.rule, owner: entry.owner });
    }
  }
  return joined;
}
