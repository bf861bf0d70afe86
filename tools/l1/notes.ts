import { KindSince } from './emit-since';
import { PlaceNotes } from './facts';

/** Channel and since-version of a place, for its docstring; only where they begin, not again for everything below. */
export function notesFrom(data: Record<string, Record<string, KindSince>>, titles: Record<string, string>): PlaceNotes {
  return ({ kind, path }) => {
    const known = data[kind.group]?.[kind.kind];
    const field = path.slice(kind.kind.length + 1);
    if (!known) {
      return [];
    }
    const notes: string[] = [];
    const since = known.fields?.[field];
    if (since) {
      notes.push(`since ${titles[known.source]} ${since}`);
    }
    if (known.experimental?.includes(field)) {
      notes.push('experimental channel');
    }
    return notes;
  };
}
