import { compareText } from '../../../private/compare-text';
import type { JwtRule, RequestAuthentication } from '../../model/istio/policies';
import { JsonObject, own } from '../../model/json';

/** What a proxy made of a request's token. */
export interface TokenCheck {
  /** `none`: no token came; `ignored`: no RequestAuthentication applies, nobody looks at it. */
  readonly result: 'ignored' | 'invalid' | 'none' | 'valid';
  readonly rule?: JwtRule;
  /** Payload that policies see, with lists for space-delimited claims. */
  readonly claims?: JsonObject;
  /** Headers that the proxy adds from the payload. */
  readonly headers?: ReadonlyMap<string, string>;
  readonly reason?: string;
  /** HTTP status of a refusal. */
  readonly status?: 401 | 403;
}

/** The issuers that a proxy accepts, from all RequestAuthentications that apply to it, in the order in which it tries them. */
export function jwtRulesOf(policies: readonly RequestAuthentication[]): readonly JwtRule[] {
  return policies.flatMap(policy => policy.jwtRules).sort((a, b) => compareText(a.issuer, b.issuer));
}

/**
 * Checks a token against the accepted issuers. Its signature and lifetime are taken as good: the request line gives a token's claims.
 *
 * No token is accepted by every RequestAuthentication; a token that no rule accepts is answered with 401, and with 403 where
 * only its audience does not fit.
 */
export function checkToken(rules: readonly JwtRule[], token: JsonObject | undefined): TokenCheck {
  if (!token) return { result: 'none' };
  if (rules.length === 0) return { result: 'ignored' };
  const issuer = own(token, 'iss');
  const candidates = rules.filter(rule => rule.issuer === '' || rule.issuer === issuer);
  if (candidates.length === 0) return { result: 'invalid', status: 401, reason: `no rule accepts the issuer ${String(issuer)}` };
  const rule = candidates.find(item => audienceFits(item, token));
  if (!rule) return { result: 'invalid', rule: candidates[0], status: 403, reason: 'the audience is not among those accepted' };
  return { result: 'valid', rule, claims: normalized(rule, token), headers: claimHeaders(rule, token) };
}

function audienceFits(rule: JwtRule, token: JsonObject): boolean {
  if (rule.audiences.length === 0) return true;
  const audience = own(token, 'aud');
  const listed = (Array.isArray(audience) ? audience : [audience]).filter(item => typeof item === 'string').map(plainAudience);
  return rule.audiences.some(accepted => listed.includes(plainAudience(accepted)));
}

/** Envoy compares audiences without scheme and trailing slash. */
function plainAudience(audience: string): string {
  return audience.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

function normalized(rule: JwtRule, token: JsonObject): JsonObject {
  const changed = [...rule.spaceDelimitedClaims].filter(name => typeof own(token, name) === 'string');
  if (changed.length === 0) return token;
  return { ...token, ...Object.fromEntries(changed.map(name => [name, (token[name] as string).split(' ').filter(part => part !== '')])) };
}

function claimHeaders(rule: JwtRule, token: JsonObject): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  for (const { header, claim } of rule.outputClaimToHeaders) {
    const value = claim.split('.').reduce<unknown>((object, name) => (object as JsonObject | undefined)?.[name], token);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') headers.set(header, String(value));
  }
  if (rule.outputPayloadToHeader) headers.set(rule.outputPayloadToHeader, Buffer.from(JSON.stringify(token)).toString('base64url'));
  return headers.size > 0 ? headers : undefined;
}
