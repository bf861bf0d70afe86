/** The hosts that proxies learn of, each once, without those that a wider entry covers; none at all when there is no entry. */
export function egressHosts(entries: readonly string[]): string[] {
  const distinct = [...new Set(entries)];
  if (distinct.length === 0) { return ['~/*']; }
  const all = new Set(distinct);
  return distinct.filter((entry) => {
    const [namespace] = entry.split('/');
    return entry.startsWith('~') || entry === '*/*' || (!all.has('*/*') && (entry === `${namespace}/*` || !all.has(`${namespace}/*`)));
  });
}
