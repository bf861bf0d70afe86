import { FactName } from './facts';
import { FieldContext } from './fields';
import { CustomProvider } from './providers';
import { Check, CompiledRule, compileRule, SkippedRule } from './rule';
import { compareText } from '../../../private/compare-text';
import type { AuthorizationPolicy, JwtRule } from '../../model/istio/policies';

/** The rules of one action. */
export interface RuleSet {
  /** Policies of the action that apply, in order. */
  readonly policies: readonly AuthorizationPolicy[];
  /** Rules in the order in which the proxy tries them. */
  readonly enforced: readonly CompiledRule[];
  /** Rules that are evaluated and reported without effect. */
  readonly dryRun: readonly CompiledRule[];
  readonly skipped: readonly SkippedRule[];
  /** Whether any policy is enforced: an ALLOW set of dry-run policies alone denies nothing. */
  readonly enforces: boolean;
}

/** How requests that rules of CUSTOM policies match are decided. */
export interface CustomSet {
  readonly rules: RuleSet;
  readonly provider: string;
  /** Why matched requests are denied without asking anybody. */
  readonly denied?: string;
  /** An HTTP-only provider on a TCP listener is left out. */
  readonly ignored: boolean;
}

/** The policies of one listener of a proxy, compiled. */
export interface PolicySet {
  readonly custom: readonly CustomSet[];
  readonly jwt: readonly JwtRule[];
  readonly audit: RuleSet;
  readonly deny: RuleSet;
  readonly allow: RuleSet;
  /** Facts that some rule looks at and a request may lack. */
  readonly needs: ReadonlySet<FactName>;
  readonly forTcp: boolean;
}

/** What a policy set is compiled from. */
export interface PolicySources {
  readonly policies: readonly AuthorizationPolicy[];
  readonly jwtRules: readonly JwtRule[];
  readonly providers: ReadonlyMap<string, CustomProvider>;
  readonly trustDomains: readonly string[];
  /** Whether the proxy knows the service of a provider. */
  readonly reaches: (provider: CustomProvider) => boolean;
}

/** Compiles the policies of a proxy for its HTTP or its TCP listeners. */
export function compilePolicies(sources: PolicySources, forTcp: boolean): PolicySet {
  const byAction = (action: AuthorizationPolicy['action']): AuthorizationPolicy[] => sources.policies.filter(item => item.action === action);
  const ruleSet = (policies: readonly AuthorizationPolicy[]): RuleSet => compileRules(policies, sources.trustDomains, forTcp);
  const customPolicies = byAction('CUSTOM');
  const names = [...new Set(customPolicies.map(item => item.provider))].sort(compareText);
  const custom = names.map(provider => {
    const known = sources.providers.get(provider);
    const denied = names.length > 1 ? `${names.length} providers apply to the workload, which accepts one`
      : !known ? `the mesh has no external authorizer called ${provider}`
        : known.invalid ? `the external authorizer ${provider} is unusable: ${known.invalid}`
          : known.failOpen || sources.reaches(known) ? undefined : `the proxy does not know ${known.host}, the external authorizer ${provider}`;
    const rules = ruleSet(customPolicies.filter(item => item.provider === provider));
    const isForHttp = forTcp && known?.kind === 'http' && names.length === 1 && !known.invalid;
    return { rules, provider, denied: isForHttp ? undefined : denied, ignored: isForHttp };
  });
  const [audit, deny, allow] = (['AUDIT', 'DENY', 'ALLOW'] as const).map(action => ruleSet(byAction(action)));
  const needs = new Set([...custom.map(item => item.rules), audit, deny, allow].flatMap(needsOf));
  return { custom, jwt: forTcp ? [] : sources.jwtRules, audit, deny, allow, needs, forTcp };
}

function compileRules(policies: readonly AuthorizationPolicy[], trustDomains: readonly string[], forTcp: boolean): RuleSet {
  const compiled: CompiledRule[] = [];
  const skipped: SkippedRule[] = [];
  for (const policy of policies) {
    const context: FieldContext = { policyNamespace: policy.resource.namespace, trustDomains };
    if (policy.rules.length === 0) compiled.push({ policy, index: 0, from: [], to: [], when: [], dropped: [], possible: false });
    policy.rules.forEach((rule, index) => {
      if (!rule) {
        skipped.push({ policy, index, reason: 'the rule is null' });
        return;
      }
      const result = compileRule(policy, index, rule, context, forTcp);
      if ('reason' in result) skipped.push(result);
      else compiled.push(result);
    });
  }
  compiled.sort((a, b) => compareText(envoyName(a), envoyName(b)));
  return {
    policies,
    enforced: compiled.filter(rule => !rule.policy.dryRun),
    dryRun: compiled.filter(rule => rule.policy.dryRun),
    skipped,
    enforces: policies.some(policy => !policy.dryRun),
  };
}

/** The name under which the proxy holds a rule; it tries them in the order of these names. */
function envoyName(rule: CompiledRule): string {
  const { namespace, name } = rule.policy.resource;
  return `ns[${namespace}]-policy[${name}]-rule[${rule.index}]`;
}

function needsOf(rules: RuleSet): FactName[] {
  const checks: Check[] = [...rules.enforced, ...rules.dryRun].flatMap(rule => [...rule.from.flat(), ...rule.to.flat(), ...rule.when]);
  return checks.flatMap(check => (check.needs ? [check.needs] : []));
}
