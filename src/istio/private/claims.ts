import type { IConstruct } from 'constructs';

/**
 * Which resources of an app speak of the same thing, such as one host. Resources that are made somewhere in an app know nothing of each other;
 * the index hangs on the root of the app, and is built anew when one of them has changed.
 */
export class Claims<T extends IConstruct> {
  private readonly all = new WeakMap<IConstruct, { readonly owners: T[]; index?: ReadonlyMap<string, readonly T[]> }>();

  /**
   * @param keysOf the things that a resource speaks of
   */
  public constructor(private readonly keysOf: (owner: T) => readonly string[]) {}

  /** Adds a resource to those of its app. */
  public add(owner: T): void {
    const { root } = owner.node;
    const known = this.all.get(root);
    if (known) { known.owners.push(owner); } else { this.all.set(root, { owners: [owner] }); }
    this.touch(owner);
  }

  /** Says that a resource speaks of other things now. */
  public touch(owner: T): void {
    const known = this.all.get(owner.node.root);
    if (known) { known.index = undefined; }
  }

  /** Resources that were made before this one and speak of the same thing. */
  public earlier(owner: T, key: string): readonly T[] {
    const known = this.all.get(owner.node.root);
    if (!known) { return []; }
    known.index ??= indexOf(known.owners, this.keysOf);
    const holders = known.index.get(key) ?? [];
    return holders.slice(0, Math.max(0, holders.indexOf(owner)));
  }
}

function indexOf<T>(owners: readonly T[], keysOf: (owner: T) => readonly string[]): ReadonlyMap<string, readonly T[]> {
  const index = new Map<string, T[]>();
  for (const owner of owners) {
    for (const key of new Set(keysOf(owner))) {
      const holders = index.get(key);
      if (holders) { holders.push(owner); } else { index.set(key, [owner]); }
    }
  }
  return index;
}
