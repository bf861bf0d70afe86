/** Whether a host name is a wildcard: `*` or `*` before a suffix. */
export function isWildcard(host: string): boolean {
  return host.charCodeAt(0) === 42;
}

/** Istio's two-way match: equal, or one is a wildcard that covers the other. */
export function hostsMatch(a: string, b: string): boolean {
  if (isWildcard(a)) {
    if (isWildcard(b)) return a.length < b.length ? b.endsWith(a.slice(1)) : a.endsWith(b.slice(1));
    return b.endsWith(a.slice(1));
  }
  return isWildcard(b) ? a.endsWith(b.slice(1)) : a === b;
}

/** Istio's one-way match: whether `host` lies within `other`. */
export function isSubsetOf(host: string, other: string): boolean {
  if (isWildcard(host)) return isWildcard(other) && host.length >= other.length && host.slice(1).endsWith(other.slice(1));
  return isWildcard(other) ? host.endsWith(other.slice(1)) : host === other;
}

/** The hosts covered by both lists, as Istio intersects a gateway server's hosts with a VirtualService's. */
export function intersectHosts(hosts: readonly string[], others: readonly string[]): string[] {
  const result = new Set<string>();
  for (const host of hosts) {
    for (const other of others) {
      if (isSubsetOf(host, other)) result.add(host);
      else if (isSubsetOf(other, host)) result.add(other);
    }
  }
  return [...result];
}

/** Values by host name; the most specific host that covers a name wins: exact, else the longest wildcard. */
export class HostIndex<V> {
  private readonly exact = new Map<string, V>();
  private readonly wildcards = new Map<string, V>();
  private lengths: number[] = [];

  /** The value stored under exactly this host. */
  get(host: string): V | undefined {
    return isWildcard(host) ? this.wildcards.get(host.slice(1)) : this.exact.get(host);
  }

  /** Stores a value under a host. */
  set(host: string, value: V): void {
    if (!isWildcard(host)) {
      this.exact.set(host, value);
      return;
    }
    const suffix = host.slice(1);
    this.wildcards.set(suffix, value);
    if (!this.lengths.includes(suffix.length)) this.lengths = [...this.lengths, suffix.length].sort((a, b) => b - a);
  }

  /** The value of the most specific host that covers a name (or a wildcard). */
  find(name: string): V | undefined {
    const wild = isWildcard(name);
    if (!wild) {
      const value = this.exact.get(name);
      if (value !== undefined) return value;
    }
    return this.findWildcard(wild ? name.slice(1) : name);
  }

  /** The value of the longest wildcard that covers a name; exact hosts are left aside. */
  findWildcard(name: string): V | undefined {
    for (const length of this.lengths) {
      if (length > name.length) continue;
      const value = this.wildcards.get(name.slice(name.length - length));
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** All hosts with their values. */
  *entries(): Iterable<[string, V]> {
    yield* this.exact;
    for (const [suffix, value] of this.wildcards) yield [`*${suffix}`, value];
  }
}

/** A host name without its port and without the brackets of an IPv6 address, in lower case. */
export function hostOfAuthority(authority: string): string {
  const text = authority.toLowerCase();
  if (text.startsWith('[')) return text.slice(1, text.indexOf(']') < 0 ? undefined : text.indexOf(']'));
  const colon = text.indexOf(':');
  return colon < 0 || text.indexOf(':', colon + 1) >= 0 ? text : text.slice(0, colon);
}
