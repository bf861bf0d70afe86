import { Authorization } from '../../authz/istio/authorize';
import { RequestFacts } from '../../authz/istio/facts';
import { PolicySet, RuleSet } from '../../authz/istio/policy-set';
import { CompiledRule, Entry, entryPasses, ruleMatches, SkippedRule } from '../../authz/istio/rule';
import { L4PolicySet, L4Rule, l4RuleMatches } from '../../authz/istio/ztunnel';
import type { JsonObject } from '../../model/json';
import { nameOf } from '../../model/resource';

/** The policies that a proxy tried, in its order, each rule with its checks and their results. */
export function explainPolicies(set: PolicySet, request: RequestFacts, result: Authorization | undefined): JsonObject[] {
  // The token is checked after the external authorizers and adds to what later stages see.
  const facts = result?.facts ?? request;
  const stages: JsonObject[] = set.custom.map(custom => ({
    stage: 'CUSTOM',
    provider: custom.provider,
    ...(custom.denied === undefined ? {} : { unusable: custom.denied }),
    ...(custom.ignored ? { ignored: 'the authorizer speaks HTTP only' } : {}),
    ...explainRules(custom.rules, custom.rules.enforced, request),
  }));
  if (set.jwt.length > 0) {
    stages.push({
      stage: 'TOKEN',
      result: result?.token.result ?? 'none',
      ...(result?.token.reason === undefined ? {} : { reason: result.token.reason }),
      issuers: set.jwt.map(rule => ({ issuer: rule.issuer, audiences: rule.audiences, policy: nameOf(rule.policy) })),
    });
  }
  stages.push({ stage: 'AUDIT', ...explainRules(set.audit, set.audit.enforced, facts) });
  stages.push({ stage: 'DENY', ...explainRules(set.deny, set.deny.enforced, facts) });
  stages.push({ stage: 'ALLOW', ...explainRules(set.allow, set.allow.enforced, facts), enforced: set.allow.enforces });
  for (const [stage, rules] of [['DENY', set.deny], ['ALLOW', set.allow]] as const) {
    if (rules.dryRun.length > 0) stages.push({ stage: `${stage} (dry run)`, rules: rules.dryRun.map(rule => explainRule(rule, facts)) });
  }
  return stages.filter(stage => !isEmpty(stage));
}

function isEmpty(stage: JsonObject): boolean {
  return Array.isArray(stage.policies) && stage.policies.length === 0;
}

function explainRules(set: RuleSet, rules: readonly CompiledRule[], facts: RequestFacts): JsonObject {
  return {
    policies: set.policies.map(policy => nameOf(policy.resource)),
    rules: rules.filter(rule => rule.possible).map(rule => explainRule(rule, facts)),
    ...(set.skipped.length > 0 ? { leftOut: set.skipped.map(explainSkipped) } : {}),
  };
}

function explainSkipped({ index, policy, reason }: SkippedRule): JsonObject {
  return { policy: nameOf(policy.resource), rule: index, reason };
}

function explainRule(rule: CompiledRule, facts: RequestFacts): JsonObject {
  const entries = (list: readonly Entry[]): JsonObject[] =>
    list.map(entry => ({ result: entryPasses(entry, facts), checks: explainChecks(entry, facts) }));
  return {
    policy: nameOf(rule.policy.resource),
    rule: rule.index,
    result: ruleMatches(rule, facts),
    ...(rule.from.length > 0 ? { from: entries(rule.from) } : {}),
    ...(rule.to.length > 0 ? { to: entries(rule.to) } : {}),
    ...(rule.when.length > 0 ? { when: explainChecks(rule.when, facts) } : {}),
    ...(rule.dropped.length > 0 ? { dropped: rule.dropped } : {}),
  };
}

function explainChecks(entry: Entry, facts: RequestFacts): JsonObject[] {
  return entry.map(check => ({ field: check.field, values: check.values, result: check.test(facts) }));
}

/** The policies that a ztunnel tried. */
export function explainL4(set: L4PolicySet, facts: RequestFacts): JsonObject[] {
  const rule = (item: L4Rule): JsonObject => ({
    policy: nameOf(item.policy.resource),
    rule: item.index,
    result: l4RuleMatches(item, facts),
    clauses: item.clauses.map(clause => ({
      part: clause.part,
      entries: clause.entries.map(entry => ({ result: entry.length > 0 && entryPasses(entry, facts), checks: explainChecks(entry, facts) })),
    })),
    ...(item.dropped.length > 0 ? { dropped: item.dropped } : {}),
    ...(item.noEffect ? { noEffect: true } : {}),
  });
  return [
    { stage: 'DENY', rules: set.deny.map(rule) },
    { stage: 'ALLOW', enforced: set.allowApplies, rules: set.allow.map(rule) },
    ...(set.rejected.length > 0
      ? [{ stage: 'not taken', policies: set.rejected.map(item => ({ ...nameOf(item.policy.resource), reason: item.reason })) }]
      : []),
  ];
}
