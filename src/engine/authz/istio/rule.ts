import { FactName, RequestFacts } from './facts';
import { Field, FieldContext, fieldOf } from './fields';
import type { AuthorizationPolicy, AuthorizationRule } from '../../model/istio/policies';
import { JsonObject, textOf, textsOf } from '../../model/json';

/** One tested field of a rule, such as `principals` or `notPaths`. */
export interface Check {
  readonly field: string;
  /** The values as the proxy compares them. */
  readonly values: readonly string[];
  readonly needs?: FactName;
  test(facts: RequestFacts): boolean;
}

/** The checks of one `from` or `to` entry; all must pass. */
export type Entry = readonly Check[];

/** A rule as a proxy enforces it. */
export interface CompiledRule {
  readonly policy: AuthorizationPolicy;
  /** Index of the rule in the policy, from 0. */
  readonly index: number;
  /** Passes when empty or when one entry passes. */
  readonly from: readonly Entry[];
  readonly to: readonly Entry[];
  readonly when: readonly Check[];
  /** Fields that the proxy does not get, because they mean nothing on this listener. */
  readonly dropped: readonly string[];
  /** False for the rule of a policy that has none: it never matches. */
  readonly possible: boolean;
}

const SOURCE_FIELDS = ['principals', 'requestPrincipals', 'serviceAccounts', 'trustDomains', 'namespaces', 'remoteIpBlocks', 'ipBlocks'];
const OPERATION_FIELDS = ['hosts', 'methods', 'paths', 'ports'];

/** A rule that cannot be enforced on a listener, and why. */
export interface SkippedRule {
  readonly policy: AuthorizationPolicy;
  readonly index: number;
  readonly reason: string;
}

/** Thrown inside a compilation when a rule of an ALLOW policy cannot be written for the listener. */
class Unenforceable extends Error {}

/**
 * Compiles a rule for a listener.
 *
 * On TCP listeners HTTP fields mean nothing: an ALLOW rule that has one is left out whole, other actions lose just the field.
 */
export function compileRule(
  policy: AuthorizationPolicy, index: number, rule: AuthorizationRule, context: FieldContext, forTcp: boolean,
): CompiledRule | SkippedRule {
  const dropped: string[] = [];
  const compiler = { context, forTcp, strict: policy.action === 'ALLOW', dropped };
  for (const condition of rule.when) {
    const key = textOf(condition.key) ?? '';
    if (!fieldOf(key)) return { policy, index, reason: `the attribute ${key} is unknown` };
  }
  try {
    return {
      policy,
      index,
      from: rule.from.map(source => SOURCE_FIELDS.flatMap(name => fieldChecks(name, source, compiler))),
      to: rule.to.map(operation => OPERATION_FIELDS.flatMap(name => fieldChecks(name, operation, compiler))),
      when: rule.when.flatMap(condition => conditionChecks(condition, compiler)),
      dropped: [...new Set(dropped)],
      possible: true,
    };
  } catch (error) {
    if (error instanceof Unenforceable) return { policy, index, reason: error.message };
    throw error;
  }
}

interface Compiler {
  readonly context: FieldContext;
  readonly forTcp: boolean;
  /** Whether a field that cannot be written takes the whole rule with it. */
  readonly strict: boolean;
  readonly dropped: string[];
}

function fieldChecks(name: string, object: JsonObject, compiler: Compiler): Check[] {
  const field = fieldOf(name)!;
  const negative = `not${name[0].toUpperCase()}${name.slice(1)}`;
  return [
    ...check(name, field, textsOf(object[name]), false, compiler),
    ...check(negative, field, textsOf(object[negative]), true, compiler),
  ];
}

function conditionChecks(condition: JsonObject, compiler: Compiler): Check[] {
  const key = textOf(condition.key) ?? '';
  const field = fieldOf(key)!;
  return [
    ...check(key, field, textsOf(condition.values), false, compiler),
    ...check(`not ${key}`, field, textsOf(condition.notValues), true, compiler),
  ];
}

function check(label: string, field: Field, written: readonly string[], negated: boolean, compiler: Compiler): Check[] {
  if (written.length === 0) return [];
  if (field.http && compiler.forTcp) return refuse(`${label} is known for HTTP requests only`, label, compiler);
  const values = field.expand ? field.expand(written, compiler.context) : written;
  const tests = values.flatMap(value => {
    const test = field.compile(value, compiler.context);
    if (!test) refuse(`${label} has the invalid value ${value}`, label, compiler);
    return test ? [test] : [];
  });
  if (tests.length === 0) return [];
  const single = tests.length === 1 ? tests[0] : undefined;
  const any = single ?? ((facts: RequestFacts) => tests.some(test => test(facts)));
  return [{ field: label, values, needs: field.needs, test: negated ? facts => !any(facts) : any }];
}

function refuse(reason: string, label: string, compiler: Compiler): [] {
  if (compiler.strict) throw new Unenforceable(reason);
  compiler.dropped.push(label);
  return [];
}

/** Whether a request satisfies a rule: one `from` entry, one `to` entry and every `when` condition. */
export function ruleMatches(rule: CompiledRule, facts: RequestFacts): boolean {
  return rule.possible && someEntry(rule.from, facts) && someEntry(rule.to, facts) && entryPasses(rule.when, facts);
}

function someEntry(entries: readonly Entry[], facts: RequestFacts): boolean {
  if (entries.length === 0) return true;
  for (const entry of entries) {
    if (entryPasses(entry, facts)) return true;
  }
  return false;
}

/** Whether all checks of an entry pass. */
export function entryPasses(entry: Entry, facts: RequestFacts): boolean {
  for (const item of entry) {
    if (!item.test(facts)) return false;
  }
  return true;
}
