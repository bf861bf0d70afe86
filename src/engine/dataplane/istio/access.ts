import { ISTIO_MEMBERSHIPS } from './membership';
import { ISTIO_SECURITY } from './security';
import { RequestFacts } from '../../authz/istio/facts';
import { PolicySet } from '../../authz/istio/policy-set';
import { CompiledRule, Entry } from '../../authz/istio/rule';
import { authorizeL4 } from '../../authz/istio/ztunnel';
import type { Cluster } from '../../model/model';
import type { Arrival, Target } from '../data-plane';

/** What of a request a rule may still hang on, once the client and the port are known. */
type Outcome = 'always' | 'never' | 'sometimes';

/** Fields that the client's identity and the port decide; all others hang on the request. */
const KNOWN = new Set(['principals', 'namespaces', 'serviceAccounts', 'trustDomains', 'ports', 'source.principal', 'source.namespace',
  'source.serviceAccount', 'source.trustDomain', 'destination.port']);

/** Whether the proxy before a port looks into HTTP. */
export function layerOf(cluster: Cluster, target: Target): 'http' | 'tcp' {
  if (cluster.family(ISTIO_MEMBERSHIPS).of(target.pod).mode !== 'sidecar') return 'tcp';
  return cluster.family(ISTIO_SECURITY).of(target.pod).protocolOf(target.port) === 'tcp' ? 'tcp' : 'http';
}

/** What a client may do at a port: all, nothing, or what hangs on the request. */
export function accessOf(cluster: Cluster, target: Target, arrival: Arrival): 'all' | 'none' | 'some' {
  const security = cluster.family(ISTIO_SECURITY).of(target.pod);
  const facts: RequestFacts = { principal: arrival.identity === undefined ? undefined : `spiffe://${arrival.identity}`, destinationPort: target.port };
  if (cluster.family(ISTIO_MEMBERSHIPS).of(target.pod).mode === 'ambient') return authorizeL4(security.l4, facts).allowed ? 'all' : 'none';
  return bySet(layerOf(cluster, target) === 'http' ? security.http : security.tcp, facts);
}

function bySet(set: PolicySet, facts: RequestFacts): 'all' | 'none' | 'some' {
  const custom = set.custom.filter(item => !item.ignored).map(item => anyOf(item.rules.enforced, facts));
  const deny = anyOf(set.deny.enforced, facts);
  // An authorizer that cannot be used refuses what its rules match.
  const refused = set.custom.some((item, index) => item.denied !== undefined && custom[index] === 'always');
  if (deny === 'always' || refused) return 'none';
  const allow = set.allow.enforces ? anyOf(set.allow.enforced, facts) : 'always';
  if (allow === 'never') return 'none';
  return allow === 'always' && deny === 'never' && custom.every(item => item === 'never') ? 'all' : 'some';
}

function anyOf(rules: readonly CompiledRule[], facts: RequestFacts): Outcome {
  let result: Outcome = 'never';
  for (const rule of rules) {
    const outcome = ofRule(rule, facts);
    if (outcome === 'always') return 'always';
    if (outcome === 'sometimes') result = 'sometimes';
  }
  return result;
}

function ofRule(rule: CompiledRule, facts: RequestFacts): Outcome {
  if (!rule.possible) return 'never';
  return both(both(someEntry(rule.from, facts), someEntry(rule.to, facts)), ofEntry(rule.when, facts));
}

function someEntry(entries: readonly Entry[], facts: RequestFacts): Outcome {
  if (entries.length === 0) return 'always';
  let result: Outcome = 'never';
  for (const entry of entries) {
    const outcome = ofEntry(entry, facts);
    if (outcome === 'always') return 'always';
    if (outcome === 'sometimes') result = 'sometimes';
  }
  return result;
}

function ofEntry(entry: Entry, facts: RequestFacts): Outcome {
  let result: Outcome = 'always';
  for (const check of entry) {
    if (!isKnown(check.field)) result = 'sometimes';
    else if (!check.test(facts)) return 'never';
  }
  return result;
}

function both(a: Outcome, b: Outcome): Outcome {
  if (a === 'never' || b === 'never') return 'never';
  return a === 'always' && b === 'always' ? 'always' : 'sometimes';
}

function isKnown(field: string): boolean {
  const plain = field.startsWith('not ') ? field.slice(4) : /^not[A-Z]/.test(field) ? field[3].toLowerCase() + field.slice(4) : field;
  return KNOWN.has(plain);
}
