import { Authorization } from '../../authz/istio/authorize';
import { FactName, RequestFacts } from '../../authz/istio/facts';
import { PolicySet } from '../../authz/istio/policy-set';
import { CompiledRule } from '../../authz/istio/rule';
import type { L4Authorization, L4PolicySet, L4Rule } from '../../authz/istio/ztunnel';
import type { AuthorizationPolicy } from '../../model/istio/policies';
import { nameOf, Resource, titleOf } from '../../model/resource';
import type { Decider, Received } from '../data-plane';

const NONE: readonly never[] = Object.freeze([]);

/** Words for facts that a request may lack. */
const FACTS: { readonly [name in FactName]: string } = {
  destinationIp: 'the address of the pod',
  metadata: 'what other filters of the proxy know',
  remoteIp: 'the original address of the client',
  sni: 'the server name of the connection',
  sourceIp: 'the address of the client',
};

interface RuleWords {
  readonly decider: Decider;
  readonly allows: string;
  readonly denies: string;
}

const ofRule = new WeakMap<CompiledRule | L4Rule, RuleWords>();

function wordsOf(rule: CompiledRule | L4Rule): RuleWords {
  let words = ofRule.get(rule);
  if (!words) {
    const { resource } = rule.policy;
    const title = `rule ${rule.index} of ${titleOf(resource)}`;
    words = { decider: { ...nameOf(resource), rule: rule.index }, allows: `${title} allows it`, denies: `${title} denies it` };
    ofRule.set(rule, words);
  }
  return words;
}

interface SetWords {
  /** The only policy that makes everything else denied. */
  readonly only?: Decider;
  readonly nothingAllows: string;
}

const ofSet = new WeakMap<PolicySet | L4PolicySet, SetWords>();

function setWords(set: PolicySet | L4PolicySet, policies: readonly AuthorizationPolicy[]): SetWords {
  let words = ofSet.get(set);
  if (!words) {
    const names = policies.map(policy => titleOf(policy.resource));
    const listed = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
    words = {
      only: policies.length === 1 ? nameOf(policies[0].resource) : undefined,
      nothingAllows: `${listed} ${names.length === 1 ? 'allows' : 'allow'} only what some rule matches, and none does`,
    };
    ofSet.set(set, words);
  }
  return words;
}

const settled = new WeakMap<PolicySet, Map<CompiledRule | string, Received>>();

/** The answer to a request that a proxy's policies decided; answers that do not hang on the request are made once. */
export function receivedOf(set: PolicySet, result: Authorization): Received {
  if (set.needs.size > 0 || result.asked.length > 0 || result.stage === 'token') return answer(set, result);
  let known = settled.get(set);
  if (!known) settled.set(set, known = new Map());
  const key = result.rule ?? result.stage;
  let found = known.get(key);
  if (!found) known.set(key, found = answer(set, result));
  return found;
}

function answer(set: PolicySet, result: Authorization): Received {
  const base = { allowed: result.allowed, status: result.status, stage: result.stage, orderDependent: NONE };
  const assumptions = set.needs.size === 0 && result.asked.length === 0 ? NONE : assumptionsOf(set, result);
  switch (result.stage) {
    case 'allow': return { ...base, decidedBy: wordsOf(result.rule!).decider, why: wordsOf(result.rule!).allows, assumptions };
    case 'deny': return { ...base, decidedBy: wordsOf(result.rule!).decider, why: wordsOf(result.rule!).denies, assumptions };
    case 'custom': {
      const decidedBy = wordsOf(result.rule!).decider;
      const refused = set.custom.find(item => item.denied !== undefined)?.denied;
      return { ...base, decidedBy, why: `${wordsOf(result.rule!).denies}: ${refused ?? 'the external authorizer refuses'}`, assumptions };
    }
    case 'implicit-deny': {
      const enforced = set.allow.policies.filter(policy => !policy.dryRun);
      const { only, nothingAllows } = setWords(set, enforced);
      return { ...base, decidedBy: only, why: nothingAllows, assumptions };
    }
    case 'token': {
      const rule = result.token.rule ?? set.jwt[0];
      return { ...base, decidedBy: nameOf(rule.policy), why: `the token is not accepted: ${result.token.reason}`, assumptions };
    }
    case 'no-policy': return { ...base, why: 'no ALLOW policy applies, so it is let in', assumptions };
  }
}

/** The answer of a ztunnel. */
export function receivedByZtunnel(set: L4PolicySet, result: L4Authorization): Received {
  const base = { allowed: result.allowed, stage: result.stage, orderDependent: NONE, assumptions: NONE };
  switch (result.stage) {
    case 'allow': return { ...base, decidedBy: wordsOf(result.rule!).decider, why: wordsOf(result.rule!).allows };
    case 'deny': return { ...base, decidedBy: wordsOf(result.rule!).decider, why: wordsOf(result.rule!).denies };
    case 'implicit-deny': {
      const { only, nothingAllows } = setWords(set, set.policies.filter(policy => policy.action === 'ALLOW'));
      return { ...base, decidedBy: only, why: nothingAllows };
    }
    case 'no-policy': return { ...base, why: 'no ALLOW policy applies, so it is let in' };
    case 'peer': return { ...base, why: 'the workload takes connections with an identity only' };
  }
}

/** The answer to a connection that mutual TLS does not let in. */
export function refusedConnection(by: Resource | undefined, why: string, status: number | undefined, tied: readonly Resource[] = NONE): Received {
  return { allowed: false, status, stage: 'peer', decidedBy: by && nameOf(by), why, assumptions: NONE, orderDependent: tied };
}

/** The answer where nothing stands in front of the endpoint. */
export const UNGUARDED: Received = {
  allowed: true, stage: 'no-proxy', why: 'no proxy of the mesh stands in front of the endpoint', assumptions: NONE, orderDependent: NONE,
};

function assumptionsOf(set: PolicySet, { asked, facts }: Authorization): readonly string[] {
  const missing = [...set.needs].filter(name => name === 'metadata' || isMissing(name, facts));
  return [
    ...missing.map(name => `policies look at ${FACTS[name]}, which is not known: such conditions are taken not to match`),
    ...asked.map(custom => `the external authorizer ${custom.provider} is taken to allow the request`),
  ];
}

function isMissing(name: Exclude<FactName, 'metadata'>, facts: RequestFacts): boolean {
  // A connection without server name has none to know.
  return name !== 'sni' && facts[name] === undefined;
}
