/** A deliberately simple reading of Linkerd's rules, written from their description and not from the engine. */

export interface NaiveNetwork { cidr: string; except?: string[] }

export interface NaiveAuthorization {
  /** `server`, or the name of a route. */
  target: string;
  /** Absent for no identity at all; `missing` where the authentication does not exist. */
  identities?: string[] | 'missing';
  networks?: NaiveNetwork[];
}

export interface NaiveLinkerdMatch {
  path?: { type: string; value: string };
  method?: string;
  headers?: { name: string; type?: string; value: string }[];
  queryParams?: { name: string; type?: string; value: string }[];
}

export interface NaiveLinkerdRoute { name: string; rules: { matches: NaiveLinkerdMatch[] }[] }

export interface NaiveLinkerdCall {
  identity?: string;
  ip: string;
  http?: { method: string; path: string; headers: Record<string, string> };
}

const inside = (ip: string, cidr: string): boolean => {
  const [base, bits] = cidr.split('/');
  const binary = (text: string): string => text.split('.').map(part => Number(part).toString(2).padStart(8, '0')).join('');
  return binary(ip).slice(0, Number(bits)) === binary(base).slice(0, Number(bits));
};

function identityMatches(pattern: string, identity: string): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('*.')) return identity.endsWith(pattern.slice(1));
  return pattern === identity;
}

function admits(item: NaiveAuthorization, call: NaiveLinkerdCall): boolean {
  if (item.identities === 'missing') return false;
  if (item.identities && !(call.identity !== undefined && item.identities.some(pattern => identityMatches(pattern, call.identity!)))) return false;
  if (item.networks && !item.networks.some(({ cidr, except }) => inside(call.ip, cidr) && !(except ?? []).some(other => inside(call.ip, other)))) return false;
  return true;
}

const DEFAULTS: Record<string, (call: NaiveLinkerdCall) => boolean> = {
  'deny': () => false,
  'all-unauthenticated': () => true,
  'all-authenticated': call => call.identity !== undefined,
  'cluster-unauthenticated': call => call.ip.startsWith('10.'),
  'cluster-authenticated': call => call.identity !== undefined && call.ip.startsWith('10.'),
};

/** Rust's leftmost-first match that must span the whole text, for the few patterns in use. */
export function naiveRegex(pattern: string, text: string): boolean {
  const found = new RegExp(pattern).exec(text);
  return found !== null && found.index === 0 && found[0].length === text.length;
}

function matchMatches(match: NaiveLinkerdMatch, http: NonNullable<NaiveLinkerdCall['http']>): boolean {
  const [path, query = ''] = http.path.split('?');
  if (match.path) {
    const { type, value } = match.path;
    if (type === 'Exact' && path !== value) return false;
    if (type === 'RegularExpression' && !naiveRegex(value, path)) return false;
    if (type === 'PathPrefix') {
      const wanted = value.split('/').filter(part => part !== '');
      const have = path.split('/').slice(1);
      if (!wanted.every((part, index) => have[index] === part)) return false;
    }
  }
  if (match.method && match.method !== http.method) return false;
  const one = (type: string | undefined, value: string, given: string): boolean => (type === 'RegularExpression' ? naiveRegex(value, given) : value === given);
  for (const { name, type, value } of match.headers ?? []) {
    const given = http.headers[name.toLowerCase()];
    if (given === undefined || !one(type, value, given)) return false;
  }
  for (const { name, type, value } of match.queryParams ?? []) {
    const given = query.split('&').map(part => part.split('=')).filter(([key]) => key === name).map(([, text = '']) => decodeURIComponent(text));
    if (!given.some(item => one(type, value, item))) return false;
  }
  return true;
}

/** The rule that takes a request: `ROUTE/INDEX`, or nothing. */
export function naiveLinkerdRule(routes: NaiveLinkerdRoute[], http: NonNullable<NaiveLinkerdCall['http']>): string | undefined {
  const path = http.path.split('?')[0];
  const all: { name: string; score: string }[] = [];
  for (const route of [...routes].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    route.rules.forEach((rule, index) => {
      for (const match of rule.matches) {
        if (!matchMatches(match, http)) continue;
        const value = match.path?.value ?? '/';
        const length = match.path?.type === 'RegularExpression' ? path.length : match.path?.type === 'Exact' ? value.length : Math.max(1, value.replace(/\/$/, '').length);
        const parts = [length, match.headers?.length ?? 0, match.queryParams?.length ?? 0, match.method ? 1 : 0];
        all.push({ name: `${route.name}/${index}`, score: parts.map(part => String(part).padStart(4, '0')).join('.') });
      }
    });
  }
  let best: { name: string; score: string } | undefined;
  for (const item of all) if (!best || item.score > best.score) best = item;
  return best?.name;
}

/** How a Server decides. */
export function naiveLinkerd(
  accessPolicy: string, routes: NaiveLinkerdRoute[], authorizations: NaiveAuthorization[], call: NaiveLinkerdCall,
): 'allow' | 'audit' | 'implicit-deny' | 'no-route' {
  let target: string | undefined;
  if (call.http && routes.length > 0) {
    const rule = naiveLinkerdRule(routes, call.http);
    if (rule === undefined) return 'no-route';
    target = rule.split('/')[0];
  }
  const fitting = authorizations.filter(item => item.target === 'server' || item.target === target);
  if (fitting.some(item => admits(item, call))) return 'allow';
  if (accessPolicy === 'audit') return 'audit';
  return DEFAULTS[accessPolicy](call) ? 'allow' : 'implicit-deny';
}
