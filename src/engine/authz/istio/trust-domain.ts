/** The constant that policies may write for the mesh's own trust domain, whatever it is called. */
const LOCAL = 'cluster.local';

/**
 * Writes a policy's principals for every trust domain of the mesh.
 *
 * Only principals of five parts with a trust domain other than `*` are touched, and only when that trust domain is
 * one of the mesh's (wildcards allowed on either side) or `cluster.local`.
 */
export function expandPrincipals(principals: readonly string[], trustDomains: readonly string[]): string[] {
  return principals.flatMap(principal => {
    const parts = principal.split('/');
    if (parts.length !== 5 || parts[0] === '*') return [principal];
    if (parts[0] !== LOCAL && !trustDomains.some(domain => overlaps(parts[0], domain))) return [principal];
    const rest = parts.slice(1).join('/');
    return [...new Set(trustDomains.map(domain => (endsLike(domain, parts[0]) ? principal : `${domain}/${rest}`)))];
  });
}

/** Writes a policy's trust domains with all their aliases. */
export function expandTrustDomains(values: readonly string[], trustDomains: readonly string[]): string[] {
  return [...new Set(values.flatMap(value => (trustDomains.includes(value) ? trustDomains : [value])))];
}

function overlaps(a: string, b: string): boolean {
  return a === b || b === '*' || startsLike(a, b) || startsLike(b, a) || endsLike(a, b) || endsLike(b, a);
}

function startsLike(text: string, pattern: string): boolean {
  return pattern.endsWith('*') && text.startsWith(pattern.slice(0, -1));
}

function endsLike(text: string, pattern: string): boolean {
  return pattern.startsWith('*') && text.endsWith(pattern.slice(1));
}
