import * as fs from 'fs';
import * as path from 'path';
import { CrdDiff } from './diff-crds';

/** When the parts of a source's kinds appeared; grows by `npm run l1 -- diff OLD NEW --record SOURCE --release VERSION`. */
export interface SourceHistory {
  /** The oldest release that was looked at: what has no entry is at least as old. */
  oldest: string;
  /** By `group/Kind`. */
  kinds: Record<string, KindHistory>;
}

export interface KindHistory {
  since?: string;
  versions?: Record<string, string>;
  /** By `spec.path.of.field` or `spec.path=VALUE`. */
  fields?: Record<string, string>;
  /** The release that dropped the kind. */
  removed?: string;
  removedVersions?: Record<string, string>;
  removedFields?: Record<string, string>;
}

export type History = Record<string, SourceHistory>;

const FILE = path.join(__dirname, 'since.json');

export function loadHistory(): History {
  return JSON.parse(fs.readFileSync(FILE, 'utf8')) as History;
}

export function saveHistory(history: History): void {
  fs.writeFileSync(FILE, JSON.stringify(sortKeys(history), undefined, 2) + '\n');
}

/** Notes what a release added and dropped. What comes back keeps its first version and is no longer called dropped. */
export function record(history: SourceHistory, diff: CrdDiff, version: string): void {
  const kind = (name: string): KindHistory => history.kinds[name] ??= {};
  for (const name of diff.addedKinds) {
    kind(name).since ??= version;
    delete kind(name).removed;
  }
  for (const name of diff.removedKinds) {
    kind(name).removed = version;
  }
  const note = (changes: Record<string, string[]>, key: MapKey, counterpart: MapKey, keepFirst: boolean) => {
    for (const [name, items] of Object.entries(changes)) {
      const noted = kind(name)[key] ??= {};
      for (const item of items) {
        noted[item] = keepFirst ? noted[item] ?? version : version;
        if (keepFirst) {
          delete kind(name)[counterpart]?.[item];
        }
      }
    }
  };
  note(diff.addedVersions, 'versions', 'removedVersions', true);
  note(diff.addedFields, 'fields', 'removedFields', true);
  note(diff.removedVersions, 'removedVersions', 'versions', false);
  note(diff.removedFields, 'removedFields', 'fields', false);
}

type MapKey = 'versions' | 'fields' | 'removedVersions' | 'removedFields';

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, child]) => [key, sortKeys(child)]));
}
