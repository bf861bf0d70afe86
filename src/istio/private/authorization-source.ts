import { isIpAddress, addressBlock } from '../../core/private/check-values';
import { isDnsLabel, isDnsSubdomain } from '../../private/dns';
import { fail } from '../../private/errors';
import type { AuthorizationSource, SourceAttributes } from '../authorization-rule';
import type * as crd from '../crd';
import { distinct } from './access-match';

/** How many ServiceAccounts one list may hold. */
const MOST_ACCOUNTS = 16;

/** Who calls, in Istio's words. */
export function renderSource(source: AuthorizationSource, path: string): crd.Source {
  const { excluding, ...wanted } = source;
  const are = attributes(wanted, path);
  const areNot = attributes(excluding ?? {}, path);
  const rendered: crd.Source = {
    ...are,
    notPrincipals: areNot.principals,
    notNamespaces: areNot.namespaces,
    notServiceAccounts: areNot.serviceAccounts,
    notTrustDomains: areNot.trustDomains,
    notRequestPrincipals: areNot.requestPrincipals,
    notIpBlocks: areNot.ipBlocks,
    notRemoteIpBlocks: areNot.remoteIpBlocks,
  };
  const accounts = are.serviceAccounts ?? areNot.serviceAccounts;
  if (accounts && [are, areNot].some(({ principals, namespaces }) => principals ?? namespaces)) {
    fail('MESH-E031', `ServiceAccounts (${accounts.join(', ')}) together with identities or namespaces`, 'use identities for all of them', path);
  }
  if (Object.values(rendered).every((list) => list === undefined)) {
    fail('MESH-E037', 'a source that says nothing, which would be anybody', 'say who calls, or leave sources out', path);
  }
  return rendered;
}

type Attributes = Pick<crd.Source, 'principals' | 'namespaces' | 'serviceAccounts' | 'trustDomains' | 'requestPrincipals' | 'ipBlocks' | 'remoteIpBlocks'>;

function attributes(source: SourceAttributes, path: string): Attributes {
  for (const [name, list] of Object.entries(source)) {
    if (Array.isArray(list)) { notEmpty(name, list, path); }
  }
  const { identities, principalPatterns, namespaces, serviceAccounts, trustDomains, tokens, addresses, clientAddresses } = source;
  principalPatterns?.forEach((pattern) => checkPrincipal(pattern, path));
  namespaces?.forEach((name) => checkNamespace(name, path));
  if (serviceAccounts && serviceAccounts.length > MOST_ACCOUNTS) {
    fail('MESH-E038', `${serviceAccounts.length} ServiceAccounts in one source`, `use at most ${MOST_ACCOUNTS}, and another source for the others`, path);
  }
  serviceAccounts?.forEach((account) => checkAccount(account, path));
  trustDomains?.forEach((domain) => checkTrustDomain(domain, path));
  addresses?.forEach((block) => addressBlock(block));
  return {
    principals: distinct([...identities?.map((identity) => identity.principal) ?? [], ...principalPatterns ?? []]),
    namespaces: distinct(namespaces ?? []),
    serviceAccounts: distinct(serviceAccounts ?? []),
    trustDomains: distinct(trustDomains ?? []),
    requestPrincipals: distinct(tokens?.map((token) => token.requestPrincipal) ?? []),
    ipBlocks: distinct(addresses ?? []),
    remoteIpBlocks: distinct(clientAddresses?.blocks ?? []),
  };
}

/** An empty list would not be sent, and the rule would hold for everybody. */
export function notEmpty(name: string, list: readonly unknown[], path: string): void {
  if (list.length === 0) {
    fail('MESH-E030', `an empty list of ${name}, which would hold for any`, 'name at least one, or leave the list out', path);
  }
}

function checkPrincipal(pattern: string, path: string): void {
  const bare = pattern.replace(/^\*|\*$/, '');
  const whole = bare === pattern && !/^[^/]+\/ns\/[^/]+\/sa\/[^/]+$/.test(pattern);
  if (pattern.startsWith('spiffe://') || bare.includes('*') || pattern === '' || whole || /\s/.test(pattern)) {
    fail('MESH-E011', `invalid pattern of identities, got "${pattern}", which no caller has`,
      'use TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT without "spiffe://", "*" at one end, or identities', path);
  }
}

function checkNamespace(name: string, path: string): void {
  if (!isDnsLabel(name.replace(/\*/g, 'x'))) {
    fail('MESH-E001', `invalid namespace, got "${name}"`, 'use at most 63 lower-case letters, digits and dashes; "*" stands for any text', path);
  }
}

function checkAccount(account: string, path: string): void {
  const [namespace, name, more] = account.split('/');
  if (name === undefined || more !== undefined || !isDnsLabel(namespace) || !isDnsSubdomain(name)) {
    fail('MESH-E011', `invalid ServiceAccount, got "${account}"`, 'use NAMESPACE/NAME', path);
  }
}

function checkTrustDomain(domain: string, path: string): void {
  const bare = domain === '*' ? 'x' : domain.replace(/^\*\.?|\.?\*$/, '');
  if (!isDnsSubdomain(bare) || isIpAddress(bare)) {
    fail('MESH-E011', `invalid trust domain, got "${domain}"`, 'use a name such as "cluster.local", with "*" at one end at most', path);
  }
}
