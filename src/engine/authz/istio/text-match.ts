import { fullMatch, quoteRegex, TextTest } from '../../match/regex';

/** Istio's policy wildcard: `*` any text but none, `foo*` prefix, `*foo` suffix, else exact. */
export function wildcardText(value: string): TextTest {
  if (value === '*') return present;
  if (value.startsWith('*')) {
    const suffix = value.slice(1);
    return text => text.endsWith(suffix);
  }
  if (value.endsWith('*')) {
    const prefix = value.slice(0, -1);
    return text => text.startsWith(prefix);
  }
  return text => text === value;
}

/** The same wildcards for a header, where `*` is also satisfied by an empty header that is there. */
export function wildcardHeader(value: string): TextTest {
  return value === '*' ? () => true : wildcardText(value);
}

/** The same wildcards without regard to case, as hosts are compared. */
export function wildcardHost(value: string): TextTest {
  const test = wildcardHeader(value.toLowerCase());
  return text => test(text.toLowerCase());
}

/** A principal of a policy against the peer's SPIFFE id. */
export function principalTest(value: string): TextTest {
  const scheme = 'spiffe://';
  if (value === '*') return present;
  if (value.startsWith('*')) {
    const suffix = value.slice(1);
    return id => id.length >= scheme.length + suffix.length && id.startsWith(scheme) && id.endsWith(suffix);
  }
  if (value.endsWith('*')) {
    const prefix = scheme + value.slice(0, -1);
    return id => id.startsWith(prefix);
  }
  const exact = scheme + value;
  return id => id === exact;
}

/** A namespace of a policy, in which `*` stands for any characters, against the peer's SPIFFE id. */
export function namespaceTest(value: string): TextTest {
  if (!value.includes('*')) {
    const part = `/ns/${value}/`;
    return id => id.includes(part);
  }
  const pattern = value.split('*').map(quoteRegex).join('.*');
  return fullMatch(`.*/ns/${pattern}/.*`) ?? never;
}

/** A service account of a policy (`ns/sa`, or `sa` in the policy's namespace) against the peer's SPIFFE id. */
export function serviceAccountTest(value: string, policyNamespace: string): TextTest {
  const slash = value.indexOf('/');
  const namespace = slash < 0 ? policyNamespace : value.slice(0, slash);
  const account = slash < 0 ? value : value.slice(slash + 1);
  const usual = `/ns/${namespace}/sa/${account}`;
  const general = fullMatch(`spiffe://.+/ns/${quoteRegex(namespace)}/(.+/|)sa/${quoteRegex(account)}(/.+)?`) ?? never;
  // Identities without extra parts, that is all that Istio issues, need no regular expression.
  return id => (id.endsWith(usual) && id.length > usual.length + 'spiffe://'.length && id.startsWith('spiffe://')) || general(id);
}

/** A trust domain of a policy against the peer's SPIFFE id. */
export function trustDomainTest(value: string): TextTest {
  if (value === '*') return id => id.startsWith('spiffe://');
  if (!value.includes('*')) {
    const prefix = `spiffe://${value}/`;
    return id => id.startsWith(prefix);
  }
  const star = value.indexOf('*');
  return fullMatch(`spiffe://${quoteRegex(value.slice(0, star))}[^/]*${quoteRegex(value.slice(star + 1))}/.*`) ?? never;
}

/** Never matches. */
export const never: TextTest = () => false;

/** Matches any text but the empty one. */
function present(text: string): boolean {
  return text.length > 0;
}
