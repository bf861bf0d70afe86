import { readData } from './read-data';
import { Channel, GroupSchema, IndexedKind, KindSchema, VersionSchema } from './types';
import { PackedSchema, schemaUnpacker } from './unpack-schema';

const groups = new Map<string, GroupSchema | undefined>();
let index: Record<string, Record<string, IndexedKind>> | undefined;

/** The custom resources that have schema data: API group to kind. */
export function schemaIndex(): Readonly<Record<string, Readonly<Record<string, IndexedKind>>>> {
  index ??= readData<Record<string, Record<string, IndexedKind>>>('index');
  return index;
}

/** The kinds of an API group, or undefined for a group that we know nothing of. Read once, on first use. */
export function loadSchema(group: string): GroupSchema | undefined {
  if (!groups.has(group)) {
    groups.set(group, Object.hasOwn(schemaIndex(), group) ? unpack(readData(group)) : undefined);
  }
  return groups.get(group);
}

/** The definition of a kind. */
export function kindSchema(group: string, kind: string): KindSchema | undefined {
  const kinds = loadSchema(group)?.kinds;
  return kinds && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}

/**
 * The version of a kind that an `apiVersion` names.
 *
 * @param channel a Gateway API channel; the experimental one, which has all that the standard one has, when omitted
 */
export function schemaFor(apiVersion: string, kind: string, channel?: Channel): VersionSchema | undefined {
  const [group, version] = apiVersion.split('/');
  if (version === undefined) {
    return undefined;
  }
  const definition = kindSchema(group, kind);
  const versions = channel === 'standard' && isGatewayApi(group) ? definition?.channels?.standard : definition?.versions;
  return versions && Object.hasOwn(versions, version) ? versions[version] : undefined;
}

/** Whether a group has release channels. */
export function isGatewayApi(group: string): boolean {
  return group === 'gateway.networking.k8s.io' || group === 'gateway.networking.x-k8s.io';
}

function unpack(packed: { group: string; kinds: Record<string, any>; shared: PackedSchema[] }): GroupSchema {
  const resolve = schemaUnpacker(packed.shared);
  for (const kind of Object.values(packed.kinds)) {
    for (const versions of [kind.versions, ...Object.values(kind.channels ?? {})]) {
      for (const version of Object.values(versions) as { schema: unknown }[]) {
        version.schema = resolve(version.schema as PackedSchema);
      }
    }
  }
  return { group: packed.group, kinds: packed.kinds };
}
