import type { MeshFault } from '../../private/errors';
import { Destination } from '../destination';
import type { HttpMatch } from '../http-match';
import type { HttpActions, HttpRule } from '../http-rule';
import type { HttpRulePlan, PeerPlan } from '../plan';
import type { CallPolicy } from '../traffic-policy';
import type { RuleDeclaration } from './declarations';
import { intersectMatches } from './intersect-matches';
import { callPolicyOf } from './merge-policies';
import { isCatchAll, orderRules, RuleEntry } from './rule-order';

/** Callers whose calls have a policy of their own. */
export interface ClientPolicy {
  readonly clients: readonly PeerPlan[];
  /** The requests that it holds for, when there are others of the same callers. */
  readonly match?: HttpMatch;
  readonly policy: CallPolicy;
}

/** What the rules of one host are composed from. */
export interface RuleSources {
  readonly rules: readonly RuleDeclaration[];
  /** Where requests go that no rule speaks of. */
  readonly fallback: Destination;
  /** What holds for every rule that does not say otherwise. */
  readonly policy: CallPolicy;
  /** What all callers ask for, whatever the rules say. */
  readonly shared?: CallPolicy;
  /** Callers with policies of their own, which hold whatever the rules say. */
  readonly clientPolicies: readonly ClientPolicy[];
  /** Path of the construct that owns the host. */
  readonly path: string;
  /** Takes note of what is wrong with the rules. */
  readonly report: (fault: MeshFault) => void;
}

/** Composes the rules of one host, from however many constructs, into one list in which the first match decides. */
export function composeRules({ rules, fallback, policy, shared, clientPolicies, path, report }: RuleSources): HttpRulePlan[] {
  const entries = orderRules(rules, report);
  const speaks = [policy, shared].some((level) => level?.timeout !== undefined || level?.retries !== undefined) || clientPolicies.length > 0;
  if ((entries.length > 0 || speaks) && !entries.some((entry) => isCatchAll(entry.match))) {
    entries.push({ match: {}, rule: {}, owner: path });
  }
  return joinEntries(entries).flatMap((group) => {
    const base = planRule(group, fallback, [policy, group.rule, shared]);
    if (isAnswer(group.rule)) { return [base]; }
    const variants = clientPolicies.map((client): HttpRulePlan => ({
      ...base,
      matches: client.match === undefined ? base.matches : base.matches.flatMap((match) => intersectMatches(match, client.match!, path) ?? []),
      clients: [...client.clients],
      policy: callPolicyOf(policy, group.rule, client.policy),
    }));
    return [...variants.filter(({ matches }) => matches.length > 0), base];
  });
}

/** Some matches of one rule that follow one another. */
export interface RuleGroup {
  readonly matches: HttpMatch[];
  readonly rule: HttpRule;
  readonly owner: string;
}

/** Puts matches that follow one another and belong to one rule back together. */
export function joinEntries(entries: readonly RuleEntry[]): RuleGroup[] {
  const groups: RuleGroup[] = [];
  for (const { match, rule, owner } of entries) {
    const last = groups[groups.length - 1];
    if (last?.rule === rule) { last.matches.push(match); } else { groups.push({ matches: [match], rule, owner }); }
  }
  return groups;
}

/**
 * A rule as a mesh gets it.
 *
 * @param fallback where its requests go when it does not say so
 * @param levels what holds for its calls, the widest first
 */
export function planRule({ matches, rule, owner }: RuleGroup, fallback: Destination, levels: readonly (CallPolicy | undefined)[]): HttpRulePlan {
  const answer = isAnswer(rule);
  return {
    ...actionsOf(rule),
    ruleName: rule.ruleName,
    matches,
    destinations: answer ? [] : [...rule.destinations ?? [fallback]],
    policy: answer ? {} : callPolicyOf(...levels),
    constructPath: owner,
  };
}

/** Whether requests are answered without asking anybody. */
export function isAnswer(rule: HttpRule): boolean {
  return rule.redirect !== undefined || rule.directResponse !== undefined;
}

function actionsOf({ requestHeaders, responseHeaders, pathRewrite, hostRewrite, mirrors, fault, redirect, directResponse, cors }: HttpRule): HttpActions {
  return { requestHeaders, responseHeaders, pathRewrite, hostRewrite, mirrors, fault, redirect, directResponse, cors };
}
