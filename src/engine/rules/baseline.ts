import { compareText } from '../../private/compare-text';
import { fail } from '../../private/errors';
import { isObject, JsonObject, listOf, numberOf, textOf } from '../model/json';
import { Finding, resourceTitle } from '../report/finding';

/** How many findings of a kind an estate had when the baseline was written, by what they are about. */
export type Baseline = ReadonlyMap<string, number>;

/** What stays the same when lines move and texts are reworded: the id, the object and the field without indexes. */
function keyOf(finding: Finding): string {
  const about = finding.resource ? resourceTitle(finding.resource) : finding.location.file ?? '';
  return `${finding.id}|${about}|${finding.location.path.replace(/\[\d+\]/g, '[]')}`;
}

/** The findings as a baseline, for a file: sorted, one entry per place. */
export function writeBaseline(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const finding of findings) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
  const entries = [...counts].sort(([a], [b]) => compareText(a, b)).map(([key, count]) => {
    const [id, resource, path] = key.split('|');
    return { id, resource, path, count };
  });
  return `${JSON.stringify({ version: 1, findings: entries }, null, 2)}\n`;
}

/**
 * Reads a baseline.
 *
 * @throws MESH-E072 for a file that is none
 */
export function readBaseline(text: string, file: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isObject(value) || value.version !== 1 || !Array.isArray(value.findings)) fail('MESH-E072', `${file} is no baseline`, 'write one with --write-baseline');
  const entries = listOf((value as JsonObject).findings).filter(isObject);
  return new Map(entries.map((it) => [`${textOf(it.id)}|${textOf(it.resource)}|${textOf(it.path)}`, numberOf(it.count) ?? 1]));
}

/** The findings that the baseline does not know, and how many it knew. */
export function withoutBaseline(findings: readonly Finding[], baseline: Baseline): { readonly findings: Finding[]; readonly known: number } {
  const left = new Map(baseline);
  const fresh = findings.filter((finding) => {
    const count = left.get(keyOf(finding)) ?? 0;
    if (count > 0) left.set(keyOf(finding), count - 1);
    return count === 0;
  });
  return { findings: fresh, known: findings.length - fresh.length };
}
