import { servedVersions } from './diff-crds';
import { SCHEMA_FOLDER, SourceCrds } from './emit-schema';
import { fieldsOf, topmost } from './fields';
import { History, KindHistory } from './history';

/** What the data says of one kind. */
export interface KindSince extends KindHistory {
  /** The release line that the versions belong to, such as `istio`. */
  readonly source: string;
  /** What has no entry is at least as old as this. */
  readonly oldest: string;
  /** Gateway API only: what the standard channel lacks; `*` for the whole kind. */
  readonly experimental?: string[];
  readonly experimentalVersions?: string[];
  /** Gateway API only: when the kind, its versions and fields entered the standard channel. */
  readonly standard?: KindHistory;
}

/** Since-versions and channels: API group to kind. */
export function sinceData(all: SourceCrds[], history: History): Record<string, Record<string, KindSince>> {
  const data: Record<string, Record<string, KindSince>> = {};
  for (const { source, crds } of all.filter((candidate) => !candidate.source.channelOf)) {
    const releases = history[source.name];
    const channelSource = all.find((candidate) => candidate.source.channelOf === source.name);
    const standard = channelSource?.crds;
    for (const crd of crds) {
      const { group, names: { kind } } = crd.spec;
      const known = releases?.kinds[`${group}/${kind}`];
      const inStandard = standard?.find((candidate) => candidate.metadata.name === crd.metadata.name);
      const channel = standard && {
        experimental: inStandard ? difference(fieldsOf(crd), fieldsOf(inStandard)) : ['*'],
        experimentalVersions: inStandard && difference(servedVersions(crd), servedVersions(inStandard)),
        standard: history[channelSource!.source.name]?.kinds[`${group}/${kind}`],
      };
      if (known || channel) {
        (data[group] ??= {})[kind] = { source: source.name, oldest: releases?.oldest ?? source.version, ...known, ...channel };
      }
    }
  }
  return data;
}

/** The data file. */
export function emitSince(data: Record<string, Record<string, KindSince>>): Map<string, string> {
  return new Map([[`${SCHEMA_FOLDER}/since.generated.json`, JSON.stringify(data, undefined, 1) + '\n']]);
}

function difference(all: Iterable<string>, known: Iterable<string>): string[] {
  const present = new Set(known);
  return topmost([...all].filter((key) => !present.has(key)));
}
