import { checkFields, FieldIssue, isAfter } from './check-fields';
import { historyOf } from './history';
import { Version } from '../../private/version';
import { kindSchema, schemaFor } from '../schema/load-schema';
import { StructuralSchema } from '../schema/types';

/** The releases that an object is to be used with. */
export interface TargetReleases {
  readonly istio: Version;
  /** Of the Gateway API; its objects are not looked at without it. */
  readonly gatewayApi?: Version;
}

/** An object of a cluster. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** Whether something is known about a kind over the releases. */
export function hasHistory(apiVersion: string, kind: string): boolean {
  return historyOf(groupOf(apiVersion), kind) !== undefined;
}

/** What releases lack of an object, dropped, or want to drop. The kind itself has the field `kind`, its version `apiVersion`. */
export function checkManifest(manifest: ManifestObject, target: TargetReleases): FieldIssue[] {
  const { apiVersion, kind } = manifest;
  const [group, version] = [groupOf(apiVersion), apiVersion.slice(groupOf(apiVersion).length + 1)];
  const history = historyOf(group, kind);
  const release = history && (history.kind.source === 'gateway-api' ? target.gatewayApi : target.istio);
  if (!history || !release) { return []; }
  const { since, removed, versions, removedVersions } = history.kind;
  return whole('kind', since, removed, release)
    ?? whole('apiVersion', versions?.[version], removedVersions?.[version], release)
    ?? [
      ...(schemaFor(apiVersion, kind)?.deprecated ? [{ change: 'deprecated' as const, field: 'apiVersion', instead: servedVersion(group, kind) }] : []),
      ...checkFields(manifest.spec, specSchema(apiVersion, group, kind), 'spec', history, release),
    ];
}

/** What becomes of a kind or an API version as a whole; undefined when it is there. */
function whole(field: string, since: string | undefined, removed: string | undefined, target: Version): FieldIssue[] | undefined {
  if (since !== undefined && isAfter(since, target)) { return [{ change: 'lacks', field, release: since }]; }
  return removed !== undefined && !isAfter(removed, target) ? [{ change: 'removed', field, release: removed }] : undefined;
}

function specSchema(apiVersion: string, group: string, kind: string): StructuralSchema {
  const newest = kindSchema(group, kind)?.versions;
  const found = schemaFor(apiVersion, kind) ?? Object.values(newest ?? {}).find(({ storage }) => storage);
  return found?.schema.properties?.spec ?? {};
}

function servedVersion(group: string, kind: string): string | undefined {
  const versions = kindSchema(group, kind)?.versions ?? {};
  return Object.keys(versions).find((name) => versions[name].served && !versions[name].deprecated);
}

function groupOf(apiVersion: string): string {
  return apiVersion.split('/')[0];
}
