import { DEPRECATED_FIELDS } from './deprecated-fields';
import { MESH_CONFIG_DEPRECATED, MESH_CONFIG_SINCE } from './mesh-config-history';
import { introducedIn, KindSince, removedIn, sinceOf } from '../schema/since';

/** What is known of the fields of one kind over the releases. Fields are named as in `since.ts`. */
export interface FieldHistory {
  /** The release that brought a field or an enum value; undefined when it is as old as what is known. */
  introducedIn(field: string): string | undefined;
  /** The release that dropped it. */
  removedIn(field: string): string | undefined;
  /** What to use instead, when the field is on its way out. */
  insteadOf(field: string): string | undefined;
}

/** The history of a custom resource, or undefined when none was recorded. */
export function historyOf(group: string, kind: string): (FieldHistory & { readonly kind: KindSince }) | undefined {
  const since = sinceOf(group, kind);
  if (!since) { return undefined; }
  const deprecated = DEPRECATED_FIELDS[kind] ?? [];
  return {
    kind: since,
    introducedIn: (field) => introducedIn(group, kind, field),
    removedIn: (field) => removedIn(group, kind, field),
    insteadOf: (field) => since.source === 'istio' ? deprecated.find(({ path }) => path.test(field))?.instead : undefined,
  };
}

/** The history of the configuration of an Istio mesh. */
export const MESH_CONFIG_HISTORY: FieldHistory = {
  introducedIn: (field) => MESH_CONFIG_SINCE[nearest(field, MESH_CONFIG_SINCE) ?? ''],
  removedIn: () => undefined,
  insteadOf: (field) => Object.hasOwn(MESH_CONFIG_DEPRECATED, field) ? MESH_CONFIG_DEPRECATED[field] : undefined,
};

/** The entry for a field, or for what contains it. */
function nearest(field: string, entries: Readonly<Record<string, string>>): string | undefined {
  const path = field.split('=', 1)[0].split('.');
  const candidates = [field, ...path.map((_, i) => path.slice(0, path.length - i).join('.'))];
  return candidates.find((candidate) => Object.hasOwn(entries, candidate));
}
