import { FactsTest, RequestFacts } from './facts';
import { wildcardText } from './text-match';
import { TextTest } from '../../match/regex';
import { isObject, JsonObject, own } from '../../model/json';

/** A condition on a claim: its text, or one text of its list, satisfies a value. */
export function claimTest(path: readonly string[], value: string): FactsTest {
  const test = wildcardText(value);
  return facts => claimMatches(claimAt(facts.claims, path), test);
}

/** Whether a claim is a text that satisfies a test, or a list with such a text. */
export function claimMatches(claim: unknown, test: TextTest): boolean {
  if (typeof claim === 'string') return test(claim);
  return Array.isArray(claim) && claim.some(item => typeof item === 'string' && test(item));
}

/** The claim at a path of nested names. */
export function claimAt(claims: JsonObject | undefined, path: readonly string[]): unknown {
  let value: unknown = claims;
  for (const name of path) {
    if (!isObject(value)) return undefined;
    value = own(value, name);
  }
  return value;
}

/**
 * A request principal (`issuer/subject`) against the token: the value is split at its last slash, and both halves must match.
 */
export function requestPrincipalTest(value: string): FactsTest {
  const slash = value.lastIndexOf('/');
  const issuer = slash < 0 ? value : value.slice(0, slash);
  const subject = slash < 0 ? '' : value.slice(slash + 1);
  if (value === '*') return both(any, any);
  if (value.startsWith('*')) {
    if (slash < 0) return both(any, suffix(value.slice(1)));
    return both(issuer === '*' ? any : suffix(issuer.slice(1)), exact(subject));
  }
  if (value.endsWith('*')) {
    if (slash < 0) return both(prefix(value.slice(0, -1)), any);
    return both(exact(issuer), subject === '*' ? any : prefix(subject.slice(0, -1)));
  }
  return both(exact(issuer), exact(subject));
}

function both(issuer: TextTest, subject: TextTest): FactsTest {
  return ({ claims }: RequestFacts) => {
    const iss = claims && own(claims, 'iss');
    const sub = claims && own(claims, 'sub');
    return typeof iss === 'string' && typeof sub === 'string' && issuer(iss) && subject(sub);
  };
}

const any: TextTest = text => text.length > 0;

function exact(value: string): TextTest {
  return text => text === value;
}

function prefix(value: string): TextTest {
  return text => text.startsWith(value);
}

function suffix(value: string): TextTest {
  return text => text.endsWith(value);
}
