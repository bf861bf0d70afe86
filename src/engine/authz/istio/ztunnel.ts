import { RequestFacts } from './facts';
import { fieldOf } from './fields';
import { WorkloadMtls } from './peer-authentication';
import { Check, Entry, entryPasses } from './rule';
import { wildcardText } from './text-match';
import type { AuthorizationPolicy, AuthorizationRule } from '../../model/istio/policies';
import { JsonObject, textOf, textsOf } from '../../model/json';

/** One clause of a rule: some entry must pass; an entry without checks never does. */
export interface L4Clause {
  readonly part: 'from' | 'to' | 'when';
  readonly entries: readonly Entry[];
}

/** A rule as ztunnel enforces it: all clauses must pass, and a rule without clauses always does. */
export interface L4Rule {
  readonly policy: AuthorizationPolicy;
  readonly index: number;
  readonly clauses: readonly L4Clause[];
  /** Fields that ztunnel does not get. */
  readonly dropped: readonly string[];
  /** Whether the rule can match nothing because what was dropped left a clause empty. */
  readonly noEffect: boolean;
}

/** The policies of an ambient workload as its ztunnel enforces them. */
export interface L4PolicySet {
  readonly deny: readonly L4Rule[];
  readonly allow: readonly L4Rule[];
  /** Whether some ALLOW policy applies, so that only what it matches is allowed. */
  readonly allowApplies: boolean;
  /** Policies that ztunnel does not take, and why. */
  readonly rejected: readonly { readonly policy: AuthorizationPolicy; readonly reason: string }[];
  readonly policies: readonly AuthorizationPolicy[];
  readonly mtls: WorkloadMtls;
}

/** How ztunnel decided on a connection. */
export interface L4Authorization {
  readonly allowed: boolean;
  readonly stage: 'allow' | 'deny' | 'implicit-deny' | 'no-policy' | 'peer';
  readonly rule?: L4Rule;
}

const SOURCE = ['ipBlocks', 'namespaces', 'serviceAccounts', 'principals'];
const SOURCE_L7 = ['remoteIpBlocks', 'notRemoteIpBlocks', 'requestPrincipals', 'notRequestPrincipals'];
const OPERATION_L7 = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];
const CONDITIONS = new Set(['source.ip', 'source.namespace', 'source.principal', 'destination.ip', 'destination.port']);

/** Compiles the policies that apply to an ambient workload, as istiod hands them to ztunnel. */
export function compileL4(policies: readonly AuthorizationPolicy[], mtls: WorkloadMtls): L4PolicySet {
  const rejected: { policy: AuthorizationPolicy; reason: string }[] = [];
  const taken = policies.filter(policy => {
    const reason = policy.targetRefs.length > 0 ? 'it names targets, which is for waypoints and gateways'
      : policy.dryRun ? 'ztunnel has no dry run'
        : policy.action === 'AUDIT' || policy.action === 'CUSTOM' ? `ztunnel does not know the action ${policy.action}` : undefined;
    if (reason) rejected.push({ policy, reason });
    return !reason;
  });
  const rules = (action: 'ALLOW' | 'DENY'): L4Rule[] => taken.filter(policy => policy.action === action).flatMap(policy =>
    policy.rules.flatMap((rule, index) => (rule ? compile(policy, index, rule) : [])));
  return {
    deny: rules('DENY'),
    allow: rules('ALLOW'),
    allowApplies: taken.some(policy => policy.action === 'ALLOW'),
    rejected,
    policies: taken,
    mtls,
  };
}

function compile(policy: AuthorizationPolicy, index: number, rule: AuthorizationRule): L4Rule[] {
  const dropped: string[] = [];
  const note = (object: JsonObject, names: readonly string[]): void => {
    for (const name of names) if (textsOf(object[name]).length > 0) dropped.push(name);
  };
  for (const source of rule.from) note(source, SOURCE_L7);
  for (const operation of rule.to) note(operation, OPERATION_L7);
  for (const condition of rule.when) {
    const key = textOf(condition.key) ?? '';
    if (!CONDITIONS.has(key)) dropped.push(key);
  }
  // An ALLOW rule that says something about HTTP is left out whole: it must not allow more than was written.
  if (policy.action === 'ALLOW' && dropped.length > 0) return [];
  // Trust domains are lost without counting as HTTP.
  for (const source of rule.from) note(source, ['trustDomains', 'notTrustDomains']);
  const { namespace } = policy.resource;
  const clauses: L4Clause[] = [];
  if (rule.to.length > 0) clauses.push({ part: 'to', entries: rule.to.map(item => checksOf('ports', item, namespace)) });
  if (rule.from.length > 0) {
    clauses.push({ part: 'from', entries: rule.from.map(item => SOURCE.flatMap(name => checksOf(name, item, namespace))) });
  }
  for (const condition of rule.when) {
    const key = textOf(condition.key) ?? '';
    const values = { [key]: condition.values, [negative(key)]: condition.notValues };
    clauses.push({ part: 'when', entries: [CONDITIONS.has(key) ? checksOf(key, values, namespace) : []] });
  }
  const noEffect = clauses.some(clause => clause.entries.every(entry => entry.length === 0));
  return [{ policy, index, clauses, dropped: [...new Set(dropped)], noEffect }];
}

function checksOf(name: string, object: JsonObject, policyNamespace: string): Check[] {
  const one = (field: string, negated: boolean): Check[] => {
    const tests = textsOf(object[field]).flatMap(value => {
      const test = valueTest(name, value, policyNamespace);
      return test ? [{ value, test }] : [];
    });
    if (tests.length === 0) return [];
    const any = (facts: RequestFacts): boolean => tests.some(item => item.test(facts));
    const needs = fieldOf(name)?.needs;
    return [{ field, values: tests.map(item => item.value), needs, test: negated ? facts => !any(facts) : any }];
  };
  return [...one(name, false), ...one(negative(name), true)];
}

function negative(name: string): string {
  return name.includes('.') ? `not ${name}` : `not${name[0].toUpperCase()}${name.slice(1)}`;
}

/** The test of one value; identities are compared as they are, without aliases of trust domains. */
function valueTest(name: string, value: string, policyNamespace: string): ((facts: RequestFacts) => boolean) | undefined {
  const context = { policyNamespace, trustDomains: [] };
  const text = wildcardText(value);
  switch (name) {
    case 'principals':
    case 'source.principal':
      return ({ principal }) => principal !== undefined && principal.startsWith('spiffe://') && text(principal.slice('spiffe://'.length));
    case 'namespaces':
    case 'source.namespace':
      return ({ principal }) => text(partsOf(principal)?.namespace ?? '');
    case 'serviceAccounts': {
      const slash = value.indexOf('/');
      const namespace = slash < 0 ? policyNamespace : value.slice(0, slash);
      const account = slash < 0 ? value : value.slice(slash + 1);
      return ({ principal }) => {
        const parts = partsOf(principal);
        return parts?.namespace === namespace && parts.account === account;
      };
    }
    default:
      return fieldOf(name)?.compile(value, context);
  }
}

function partsOf(principal: string | undefined): { namespace: string; account: string } | undefined {
  const match = principal === undefined ? undefined : /^spiffe:\/\/[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(principal);
  return match ? { namespace: match[1], account: match[2] } : undefined;
}

/** Decides on a connection as ztunnel does: identity if required, then DENY, then ALLOW. */
export function authorizeL4(set: L4PolicySet, facts: RequestFacts): L4Authorization {
  if (facts.principal === undefined && requiresIdentity(set.mtls, facts.destinationPort)) return { allowed: false, stage: 'peer' };
  const refused = set.deny.find(rule => l4RuleMatches(rule, facts));
  if (refused) return { allowed: false, stage: 'deny', rule: refused };
  if (!set.allowApplies) return { allowed: true, stage: 'no-policy' };
  const permitted = set.allow.find(rule => l4RuleMatches(rule, facts));
  return permitted ? { allowed: true, stage: 'allow', rule: permitted } : { allowed: false, stage: 'implicit-deny' };
}

/** Whether a connection satisfies a rule. */
export function l4RuleMatches(rule: L4Rule, facts: RequestFacts): boolean {
  return rule.clauses.every(clause => clause.entries.some(entry => entry.length > 0 && entryPasses(entry, facts)));
}

/**
 * Whether ztunnel refuses connections without identity on a port: where the mode is STRICT; DISABLE counts as PERMISSIVE.
 *
 * One oddity: a port level of DISABLE under an inherited STRICT is not seen unless another port is PERMISSIVE.
 */
export function requiresIdentity(mtls: WorkloadMtls, port: number): boolean {
  const { mode } = mtls.forPort(port);
  if (mode === 'STRICT') return true;
  const levels = mtls.workload?.portLevel;
  return mode === 'DISABLE' && mtls.workload?.mode === undefined && mtls.inherited === 'STRICT'
    && levels?.get(port) === 'DISABLE' && ![...levels.values()].includes('PERMISSIVE');
}
