import { StringMap } from './json';
import { selects } from './labels';

/** Finds labelled things by selector without looking at all of them. */
export class LabelIndex<T> {
  private readonly all: { labels: StringMap; item: T }[] = [];
  private readonly byPair = new Map<string, { labels: StringMap; item: T }[]>();

  /** Adds a thing with its labels. */
  add(labels: StringMap, item: T): void {
    const entry = { labels, item };
    this.all.push(entry);
    for (const key of Object.keys(labels)) pushTo(this.byPair, pair(key, labels[key]), entry);
  }

  /** Everything whose labels contain the selector's, in the order of adding. */
  find(selector: StringMap): T[] {
    let candidates = this.all;
    for (const key of Object.keys(selector)) {
      const posted = this.byPair.get(pair(key, selector[key]));
      if (!posted) return [];
      if (posted.length < candidates.length) candidates = posted;
    }
    return candidates.filter(entry => selects(selector, entry.labels)).map(entry => entry.item);
  }
}

/** Finds the selectors that select given labels, without trying all of them. */
export class SelectorIndex<T> {
  private readonly always: { order: number; item: T }[] = [];
  private readonly byPair = new Map<string, { order: number; selector: StringMap; item: T }[]>();
  private count = 0;

  /** Adds a thing with its selector; an empty or absent one selects everything. */
  add(selector: StringMap | undefined, item: T): void {
    const order = this.count++;
    const keys = selector ? Object.keys(selector) : [];
    if (!selector || keys.length === 0) this.always.push({ order, item });
    else pushTo(this.byPair, pair(keys[0], selector[keys[0]]), { order, selector, item });
  }

  /** Everything whose selector the labels satisfy, in the order of adding. */
  find(labels: StringMap): T[] {
    let found: { order: number; item: T }[] = this.always;
    if (this.byPair.size > 0) {
      found = found.slice();
      for (const key of Object.keys(labels)) {
        for (const entry of this.byPair.get(pair(key, labels[key])) ?? []) {
          if (selects(entry.selector, labels)) found.push(entry);
        }
      }
      found.sort((a, b) => a.order - b.order);
    }
    return found.map(entry => entry.item);
  }
}

/** Appends to the list of a key, making it on first use. */
export function pushTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function pair(key: string, value: string): string {
  return `${key}=${value}`;
}
