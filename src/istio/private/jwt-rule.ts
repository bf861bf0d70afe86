import { isToken, positive } from '../../core/private/check-values';
import { byText } from '../../private/compare';
import { fail } from '../../private/errors';
import type * as crd from '../crd';
import type { JwtRule } from '../jwt-rule';
import { istioDuration } from './duration';
import { renderJwt } from './request-authentication';

/** Which tokens are good, in Istio's words. */
export function renderJwtRule(rule: JwtRule, path: string): crd.JWTRule {
  const { jwt, headers, queryParams, cookies, claimHeaders, payloadHeader, spaceDelimitedClaims, timeout } = rule;
  positive('time-out', timeout, path);
  const base = renderJwt(jwt);
  for (const [name, list] of Object.entries({ headers, queryParams, cookies, spaceDelimitedClaims })) {
    if (list?.length === 0) { fail('MESH-E030', `an empty list of ${name}`, 'name at least one, or leave the list out', path); }
  }
  const names = [...headers?.map(({ name }) => name) ?? [], ...cookies ?? [], ...payloadHeader === undefined ? [] : [payloadHeader]];
  names.forEach((name) => checkName(name, path));
  const outputs = Object.entries(claimHeaders ?? {}).map(([header, claim]) => ({ header, claim })).sort(byText(({ header }) => header));
  outputs.forEach(({ header, claim }) => checkOutput(header, claim, path));
  return {
    ...base,
    fromHeaders: headers ? [...base.fromHeaders ?? [], ...headers.map(({ name, prefix }) => ({ name, prefix }))] : base.fromHeaders,
    fromParams: queryParams && [...queryParams],
    fromCookies: cookies && [...cookies],
    outputClaimToHeaders: outputs.length > 0 ? outputs : undefined,
    outputPayloadToHeader: payloadHeader,
    spaceDelimitedClaims: spaceDelimitedClaims && [...spaceDelimitedClaims],
    timeout: istioDuration(timeout),
  };
}

function checkName(name: string, path: string): void {
  if (!isToken(name)) {
    fail('MESH-E009', `invalid name of a header or cookie, got "${name}"`, 'use letters, digits and dashes', path);
  }
}

function checkOutput(header: string, claim: string, path: string): void {
  if (!/^[-_A-Za-z0-9]+$/.test(header) || claim === '') {
    fail('MESH-E009', `claim "${claim}" in header "${header}"`, 'name a claim, and a header of letters, digits, dashes and underscores', path);
  }
}
