/**
 * A second evaluator of Istio's AuthorizationPolicies, as literal as can be: no compilation, no indexes, nothing shared with the engine.
 */

/** A policy as its manifest holds it. */
export interface NaivePolicy {
  namespace: string;
  action: 'ALLOW' | 'DENY';
  selector?: Record<string, string>;
  rules: NaiveRule[];
}

export interface NaiveRule {
  from?: Record<string, string[]>[];
  to?: Record<string, string[]>[];
  when?: { key: string; values?: string[]; notValues?: string[] }[];
}

export interface NaiveRequest {
  /** `TD/ns/NS/sa/SA`, or nothing without mutual TLS. */
  principal?: string;
  ip: string;
  port: number;
  /** Nothing on TCP ports. */
  http?: { method: string; path: string; authority: string; headers: Record<string, string> };
}

export type Enforcer = 'sidecar' | 'ztunnel';

const HTTP_FIELDS = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];
const isHttpKey = (key: string): boolean => key.startsWith('request.');

/** What decides whether the pod `labels` in `namespace` lets a request in. */
export function naiveReason(
  policies: NaivePolicy[], namespace: string, labels: Record<string, string>, request: NaiveRequest, enforcer: Enforcer, domains: string[],
): 'allow' | 'deny' | 'implicit-deny' | 'no-policy' {
  const applying = policies.filter(policy => (policy.namespace === namespace || policy.namespace === 'istio-system')
    && Object.entries(policy.selector ?? {}).every(([key, value]) => labels[key] === value));
  const matches = (policy: NaivePolicy): boolean => policy.rules.some(rule => (enforcer === 'sidecar'
    ? sidecarMatches(rule, policy.action, request, domains)
    : ztunnelMatches(rule, policy.action, request)));
  if (applying.some(policy => policy.action === 'DENY' && matches(policy))) return 'deny';
  const allows = applying.filter(policy => policy.action === 'ALLOW');
  if (allows.length === 0) return 'no-policy';
  return allows.some(matches) ? 'allow' : 'implicit-deny';
}

function mentionsHttp(rule: NaiveRule): boolean {
  return (rule.to ?? []).some(operation => Object.keys(operation).some(field => HTTP_FIELDS.includes(field))) || (rule.when ?? []).some(item => isHttpKey(item.key));
}

function sidecarMatches(rule: NaiveRule, action: string, request: NaiveRequest, domains: string[]): boolean {
  // On TCP an ALLOW rule about HTTP is dropped whole; a DENY rule loses the fields and keeps the rest.
  if (!request.http && action === 'ALLOW' && mentionsHttp(rule)) return false;
  const entry = (fields: Record<string, string[]>): boolean => Object.entries(fields)
    .every(([field, values]) => (!request.http && HTTP_FIELDS.includes(field)) || fieldHolds(field, values, request, domains));
  const from = rule.from ?? [];
  const to = rule.to ?? [];
  return (from.length === 0 || from.some(entry)) && (to.length === 0 || to.some(entry)) && (rule.when ?? []).every(item => {
    if (!request.http && isHttpKey(item.key)) return true;
    return (!item.values || fieldHolds(item.key, item.values, request, domains))
      && (!item.notValues || !fieldHolds(item.key, item.notValues, request, domains));
  });
}

function ztunnelMatches(rule: NaiveRule, action: string, request: NaiveRequest): boolean {
  if (action === 'ALLOW' && mentionsHttp(rule)) return false;
  const known = (fields: Record<string, string[]>): [string, string[]][] => Object.entries(fields)
    .filter(([field]) => !HTTP_FIELDS.includes(field) && field !== 'trustDomains');
  // Trust domains are lost without a word, and an entry that has lost all its fields never matches.
  const entry = (fields: Record<string, string[]>): boolean => known(fields).length > 0 && known(fields).every(([field, values]) => l4Holds(field, values, request));
  if (rule.from && rule.from.length > 0 && !rule.from.some(entry)) return false;
  if (rule.to && rule.to.length > 0 && !rule.to.some(entry)) return false;
  return (rule.when ?? []).every(item => !isHttpKey(item.key)
    && (!item.values || l4Holds(item.key, item.values, request)) && (!item.notValues || !l4Holds(item.key, item.notValues, request)));
}

function wildcard(value: string, text: string): boolean {
  if (value === '*') return text !== '';
  if (value.startsWith('*')) return text.endsWith(value.slice(1));
  return value.endsWith('*') ? text.startsWith(value.slice(0, -1)) : text === value;
}

function positive(field: string): string | undefined {
  return /^not[A-Z]/.test(field) ? field[3].toLowerCase() + field.slice(4) : undefined;
}

function fieldHolds(field: string, values: string[], request: NaiveRequest, domains: string[]): boolean {
  const opposite = positive(field);
  if (opposite) return !fieldHolds(opposite, values, request, domains);
  const [domain, , namespace, , account] = (request.principal ?? '').split('/');
  return values.some(value => {
    switch (field) {
      case 'principals':
      case 'source.principal': return request.principal !== undefined && spellings(value, domains).some(item => wildcard(item, request.principal!));
      case 'namespaces':
      case 'source.namespace': return request.principal !== undefined && new RegExp(`^${value.replace(/\*/g, '.*')}$`).test(namespace);
      case 'serviceAccounts': return request.principal !== undefined && value === `${namespace}/${account}`;
      case 'trustDomains': return request.principal !== undefined && (domains.includes(value) ? domains : [value]).some(item => wildcard(item, domain));
      case 'ipBlocks':
      case 'source.ip': return inBlock(value, request.ip);
      case 'ports':
      case 'destination.port': return Number(value) === request.port;
      case 'methods': return wildcard(value, request.http!.method);
      case 'hosts': return wildcard(value.toLowerCase(), request.http!.authority.toLowerCase());
      case 'paths': return wildcard(value, request.http!.path.split('?')[0]);
      default: {
        const name = /^request\.headers\[(.*)\]$/.exec(field)![1].toLowerCase();
        const text = request.http!.headers[name];
        return text !== undefined && (value === '*' || wildcard(value, text));
      }
    }
  });
}

/** A principal of one of the mesh's own trust domains stands for all of them. */
function spellings(value: string, domains: string[]): string[] {
  const parts = value.split('/');
  const own = parts.length === 5 && parts[0] !== '*' && (domains.includes(parts[0]) || parts[0] === 'cluster.local');
  return own ? domains.map(domain => [domain, ...parts.slice(1)].join('/')) : [value];
}

function l4Holds(field: string, values: string[], request: NaiveRequest): boolean {
  const opposite = positive(field);
  if (opposite) return !l4Holds(opposite, values, request);
  const [, , namespace, , account] = (request.principal ?? '').split('/');
  return values.some(value => {
    switch (field) {
      case 'principals':
      case 'source.principal': return request.principal !== undefined && wildcard(value, request.principal);
      case 'namespaces':
      case 'source.namespace': return wildcard(value, request.principal === undefined ? '' : namespace);
      case 'serviceAccounts': return request.principal !== undefined && value === `${namespace}/${account}`;
      case 'ipBlocks':
      case 'source.ip': return inBlock(value, request.ip);
      default: return Number(value) === request.port;
    }
  });
}

function inBlock(block: string, ip: string): boolean {
  const bits = (text: string): string => text.split('.').map(part => Number(part).toString(2).padStart(8, '0')).join('');
  const [base, length = '32'] = block.split('/');
  return bits(base).slice(0, Number(length)) === bits(ip).slice(0, Number(length));
}
