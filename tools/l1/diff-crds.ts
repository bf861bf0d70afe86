import { Crd } from './crd';
import { fieldsOf, topmost } from './fields';

/** What changed between two releases of a source. Kinds are `group/Kind`. */
export interface CrdDiff {
  readonly addedKinds: string[];
  readonly removedKinds: string[];
  /** Served API versions, by kind. */
  readonly addedVersions: Record<string, string[]>;
  readonly removedVersions: Record<string, string[]>;
  /** Topmost fields and enum values, by kind. */
  readonly addedFields: Record<string, string[]>;
  readonly removedFields: Record<string, string[]>;
}

export function diffCrds(before: Crd[], after: Crd[]): CrdDiff {
  const [older, newer] = [byKind(before), byKind(after)];
  const both = [...newer.keys()].filter((kind) => older.has(kind)).sort();
  const compare = (list: (crd: Crd) => string[], from: Map<string, Crd>, to: Map<string, Crd>) => Object.fromEntries(both
    .map((kind): [string, string[]] => [kind, missing(list(to.get(kind)!), list(from.get(kind)!))])
    .filter(([, found]) => found.length > 0));
  const fields = (crd: Crd) => [...fieldsOf(crd)];
  return {
    addedKinds: missing([...newer.keys()], [...older.keys()]),
    removedKinds: missing([...older.keys()], [...newer.keys()]),
    addedVersions: compare(servedVersions, older, newer),
    removedVersions: compare(servedVersions, newer, older),
    addedFields: compare(fields, older, newer),
    removedFields: compare(fields, newer, older),
  };
}

/** The names of the versions that the API server accepts. */
export function servedVersions(crd: Crd): string[] {
  return crd.spec.versions.filter((version) => version.served).map((version) => version.name);
}

/** The diff as text; what was removed comes first, because it breaks users. */
export function formatDiff(diff: CrdDiff): string {
  const list = (title: string, kinds: string[]) => kinds.map((kind) => `${title} ${kind}`);
  const byKinds = (title: string, found: Record<string, string[]>) => Object.entries(found)
    .flatMap(([kind, names]) => names.map((name) => `${title} ${kind} ${name}`));
  const lines = [
    ...list('removed kind', diff.removedKinds),
    ...byKinds('removed version', diff.removedVersions),
    ...byKinds('removed field', diff.removedFields),
    ...list('added kind', diff.addedKinds),
    ...byKinds('added version', diff.addedVersions),
    ...byKinds('added field', diff.addedFields),
  ];
  return lines.length > 0 ? lines.join('\n') : 'no difference';
}

/** Whether something that users may rely on is gone. */
export function breaks(diff: CrdDiff): boolean {
  return diff.removedKinds.length + Object.keys(diff.removedVersions).length + Object.keys(diff.removedFields).length > 0;
}

function byKind(crds: Crd[]): Map<string, Crd> {
  return new Map(crds.map((crd) => [`${crd.spec.group}/${crd.spec.names.kind}`, crd]));
}

/** What `all` has and `known` lacks, topmost only. */
function missing(all: string[], known: string[]): string[] {
  const present = new Set(known);
  return topmost(all.filter((name) => !present.has(name)));
}
