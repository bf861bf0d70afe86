import { RequestFacts } from './facts';
import { checkToken, TokenCheck } from './jwt';
import { CustomSet, PolicySet, RuleSet } from './policy-set';
import { CompiledRule, ruleMatches } from './rule';
import { JsonObject } from '../../model/json';

/** How an external authorizer answers; it cannot be asked before deployment. */
export type ExternalAnswer = 'allow' | 'deny';

/** The decision of a proxy's authorization filters. */
export interface Authorization {
  readonly allowed: boolean;
  /** The stage that decided. */
  readonly stage: 'allow' | 'custom' | 'deny' | 'implicit-deny' | 'no-policy' | 'token';
  /** The rule that matched, where one decided. */
  readonly rule?: CompiledRule;
  /** HTTP status of a denial; absent on TCP, where the connection is closed. */
  readonly status?: number;
  readonly token: TokenCheck;
  /** The request's facts with what the token added. */
  readonly facts: RequestFacts;
  /** The CUSTOM policies that would have asked an external authorizer. */
  readonly asked: readonly CustomSet[];
}

const NOT_ASKED: readonly CustomSet[] = Object.freeze([]);

/**
 * Decides a request as the proxy's filters do, in their order: CUSTOM, token, DENY, ALLOW.
 *
 * AUDIT and dry-run rules never change the outcome and are left to the evidence.
 */
export function authorize(set: PolicySet, request: RequestFacts, token: JsonObject | undefined, external: ExternalAnswer): Authorization {
  let asked: CustomSet[] | undefined;
  for (const custom of set.custom) {
    if (custom.ignored) continue;
    const rule = firstMatch(custom.rules.enforced, request);
    if (!rule) continue;
    if (custom.denied || external === 'deny') return denied('custom', rule, set, request, { result: 'none' }, custom.denied ? [] : [custom]);
    (asked ??= []).push(custom);
  }
  const check = set.jwt.length > 0 && !isPreflight(request) ? checkToken(set.jwt, token) : checkToken([], set.forTcp ? undefined : token);
  if (check.result === 'invalid') {
    return { allowed: false, stage: 'token', status: check.status, token: check, facts: request, asked: asked ?? NOT_ASKED };
  }
  const facts = check.claims ? withToken(request, check) : request;
  const refused = firstMatch(set.deny.enforced, facts);
  if (refused) return denied('deny', refused, set, facts, check, asked);
  if (!set.allow.enforces) return { allowed: true, stage: 'no-policy', token: check, facts, asked: asked ?? NOT_ASKED };
  const permitted = firstMatch(set.allow.enforced, facts);
  if (permitted) return { allowed: true, stage: 'allow', rule: permitted, token: check, facts, asked: asked ?? NOT_ASKED };
  return denied('implicit-deny', undefined, set, facts, check, asked);
}

/** The first rule that matches, in the order in which the proxy tries them. */
export function firstMatch(rules: readonly CompiledRule[], facts: RequestFacts): CompiledRule | undefined {
  for (const rule of rules) {
    if (ruleMatches(rule, facts)) return rule;
  }
  return undefined;
}

/** The rules that are tried without effect: those of AUDIT policies and of dry-run policies. */
export function shadowRules(set: PolicySet): readonly (readonly [string, RuleSet['enforced']])[] {
  return [['AUDIT', set.audit.enforced], ['DENY (dry run)', set.deny.dryRun], ['ALLOW (dry run)', set.allow.dryRun]];
}

function denied(
  stage: Authorization['stage'], rule: CompiledRule | undefined, set: PolicySet, facts: RequestFacts, token: TokenCheck,
  asked: readonly CustomSet[] | undefined,
): Authorization {
  return { allowed: false, stage, rule, status: set.forTcp ? undefined : 403, token, facts, asked: asked ?? NOT_ASKED };
}

/** Browsers send no token with the question whether they may send a request; the proxy does not ask for one. */
function isPreflight({ http }: RequestFacts): boolean {
  return http?.method === 'OPTIONS' && http.headers.has('origin') && http.headers.has('access-control-request-method');
}

function withToken(facts: RequestFacts, check: TokenCheck): RequestFacts {
  const http = facts.http && check.headers ? { ...facts.http, headers: new Map([...facts.http.headers, ...check.headers]) } : facts.http;
  return { ...facts, http, claims: check.claims };
}
