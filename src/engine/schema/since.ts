import { isGatewayApi } from './load-schema';
import { readData } from './read-data';

/** When the parts of a kind appeared, in versions of its project such as `1.27`. */
export interface KindHistory {
  /** The release that brought the kind. */
  readonly since?: string;
  /** By API version. */
  readonly versions?: Readonly<Record<string, string>>;
  /** By `spec.path.of.field`, without list and map levels, or `spec.path=VALUE` for an enum value. Holds for all below. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The release that dropped the kind, its API versions and fields. */
  readonly removed?: string;
  readonly removedVersions?: Readonly<Record<string, string>>;
  readonly removedFields?: Readonly<Record<string, string>>;
}

/** What is known of a kind. */
export interface KindSince extends KindHistory {
  /** The project whose versions these are, as in `tools/l1/sources.json`. */
  readonly source: string;
  /** The oldest release that was compared: what has no entry is at least as old. */
  readonly oldest: string;
  /** Gateway API: what only the experimental channel has; `*` for the whole kind. */
  readonly experimental?: readonly string[];
  /** Gateway API: API versions that only the experimental channel serves. */
  readonly experimentalVersions?: readonly string[];
  /** Gateway API: when the kind and its fields entered the standard channel. */
  readonly standard?: KindHistory;
}

let data: Record<string, Record<string, KindSince>> | undefined;

/** The history of a kind, or undefined where none was recorded. */
export function sinceOf(group: string, kind: string): KindSince | undefined {
  data ??= readData<Record<string, Record<string, KindSince>>>('since');
  const kinds = Object.hasOwn(data, group) ? data[group] : {};
  return Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}

/**
 * The release that brought a field or an enum value, or undefined when it is at least as old as the oldest known one.
 *
 * @param field `spec.http.retries.backoff` or `spec.resolution=DYNAMIC_DNS`
 */
export function introducedIn(group: string, kind: string, field: string): string | undefined {
  const history = sinceOf(group, kind);
  return history && lookup(history.fields, field, history.since);
}

/** The release that dropped a field, for one that a schema no longer has. */
export function removedIn(group: string, kind: string, field: string): string | undefined {
  const history = sinceOf(group, kind);
  return history && lookup(history.removedFields, field, history.removed);
}

/** Whether only the experimental channel of the Gateway API has a field or an enum value. */
export function isExperimental(group: string, kind: string, field: string): boolean {
  const experimental = isGatewayApi(group) ? sinceOf(group, kind)?.experimental : undefined;
  return experimental !== undefined && (experimental.includes('*') || [field, ...ancestors(field)].some((key) => experimental.includes(key)));
}

/** The entry of the field itself, else of what contains it. */
function lookup(entries: Readonly<Record<string, string>> = {}, field: string, otherwise?: string): string | undefined {
  const key = [field, ...ancestors(field)].find((candidate) => Object.hasOwn(entries, candidate));
  return key === undefined ? otherwise : entries[key];
}

/** `a.b=C` is within `a.b` and `a`, nearest first. */
function ancestors(field: string): string[] {
  const [path, value] = field.split('=', 2);
  const segments = path.split('.');
  const above = segments.slice(1).map((_, i) => segments.slice(0, segments.length - 1 - i).join('.'));
  return value === undefined ? above : [path, ...above];
}
