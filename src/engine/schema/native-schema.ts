import * as fs from 'fs';
import * as path from 'path';
import { StructuralSchema } from './types';
import { PackedSchema, schemaUnpacker } from './unpack-schema';

/** A built-in kind as a real API server described it. */
export interface NativeKind {
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** Types only; `quantity` is a format. */
  readonly schema: StructuralSchema;
}

const FILE = path.join(__dirname, '../../../data/native/kinds.generated.json');

interface Data {
  readonly kinds: Readonly<Record<string, Readonly<Record<string, NativeKind>>>>;
}

let data: Data | undefined;

/** The built-in kinds that types are known of: by API version, then by kind. */
export function nativeKinds(): Data['kinds'] {
  data ??= read();
  return data.kinds;
}

/** A built-in kind, or undefined for one that nothing is known of. */
export function nativeKind(apiVersion: string, kind: string): NativeKind | undefined {
  const kinds = nativeKinds();
  const ofVersion = Object.hasOwn(kinds, apiVersion) ? kinds[apiVersion] : undefined;
  return ofVersion && Object.hasOwn(ofVersion, kind) ? ofVersion[kind] : undefined;
}

function read(): Data {
  const { kinds, shared } = JSON.parse(fs.readFileSync(FILE, 'utf8')) as { kinds: Record<string, Record<string, any>>; shared: PackedSchema[] };
  const unpack = schemaUnpacker(shared);
  for (const ofVersion of Object.values(kinds)) {
    for (const kind of Object.values(ofVersion)) {
      kind.schema = unpack(kind.schema as PackedSchema);
    }
  }
  return { kinds };
}
