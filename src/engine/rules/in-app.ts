import { findingOfHit } from './finding-of-hit';
import { ruleOf } from './rules';
import { runRules } from './run-rules';
import { NO_SETTINGS } from './settings';
import { suppress } from './suppressions';
import { PositionFinder } from '../model/position';
import { documentsFromObjects, MemoryObject } from '../model/source';
import type { Finding } from '../report/finding';

/** The findings in what an app is about to write; other apps may write the rest. */
export function findingsInApp(objects: Iterable<MemoryObject>): readonly Finding[] {
  const { documents } = documentsFromObjects(objects);
  const positions = new PositionFinder();
  const hits = runRules(documents, { isPartial: true });
  return suppress(hits.map((hit) => findingOfHit(hit, positions)), documents, NO_SETTINGS, positions).findings;
}

/** Whether a rule of this id exists. */
export function isRule(id: string): boolean {
  return ruleOf(id) !== undefined;
}
