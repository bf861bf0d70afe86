import * as fs from 'fs';
import * as path from 'path';

/** The folder of this repository. */
export const REPOSITORY = path.resolve(__dirname, '../..');

/** One CRD file of one upstream project. */
export interface Source {
  /** Short name, unique; the key of its section in names.json. */
  readonly name: string;
  /** The project's name, as people write it. */
  readonly title: string;
  /** The release that the file belongs to. */
  readonly version: string;
  /** Where the project publishes what is in the file. */
  readonly upstream: string[];
  /** Whether upstream is a Helm template. */
  readonly helm?: boolean;
  /** Name in the CRD folder. */
  readonly file: string;
  /** Digest of what the file specifies, as `canonicalDigest` makes it. */
  readonly sha256: string;
  /** The submodule that gets the classes, such as `istio` for `src/istio/crd`. None for a file that only adds channel data. */
  readonly submodule?: string;
  /** The source whose kinds this file repeats in another channel. */
  readonly channelOf?: string;
  /** The Gateway API channel of the file. */
  readonly channel?: 'standard' | 'experimental';
  /** The kinds: version of the L1 (omitted: the highest stable served one), documentation address. */
  readonly kinds: Record<string, KindConfig>;
  /** Subtrees that become open maps: `Kind.spec.template`, `**.affinity`, or `pod-fields` for all of POD_FIELDS. */
  readonly prune?: string[];
}

/** What is configured for a kind. */
export interface KindConfig {
  readonly version?: string;
  readonly see: string;
}

/** Names of shapes: `Owner.member` to type name, and the paths that stay apart although their shape is equal. */
export interface Names {
  /** Words that have no plural form, in lower case. */
  readonly invariant: string[];
  /** Irregular plurals. */
  readonly irregular: Record<string, string>;
  /** Wire names that need another member name than their camelCase form. */
  readonly members: Record<string, string>;
  /** Per source. */
  readonly sources: Record<string, SourceNames>;
}

/** The names of one source. */
export interface SourceNames {
  readonly types: Record<string, string>;
  readonly split?: Record<string, string>;
}

function readJson<T>(file: string): T {
  return JSON.parse(fs.readFileSync(path.join(__dirname, file), 'utf8')) as T;
}

export function loadSources(): Source[] {
  return readJson<Source[]>('sources.json');
}

export function loadNames(): Names {
  return readJson<Names>('names.json');
}
