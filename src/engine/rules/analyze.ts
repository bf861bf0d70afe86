import { Baseline, withoutBaseline } from './baseline';
import { findingOfHit } from './finding-of-hit';
import { RunOptions, runRules } from './run-rules';
import { applySeverity, NO_SETTINGS, RuleSettings } from './settings';
import { suppress, Suppressed } from './suppressions';
import { PositionFinder } from '../model/position';
import type { ReadResult } from '../model/source';
import { Report, summarize } from '../report/finding';
import type { ValidationOptions } from '../validate/validate-document';
import { ProgressListener, validateDocuments } from '../validate/validate-documents';

/** How manifests are analysed. */
export interface AnalysisOptions extends RunOptions {
  readonly validation?: ValidationOptions;
  /** What was decided about rules; nothing by default. */
  readonly settings?: RuleSettings;
  /** Findings that are known already; none by default. */
  readonly baseline?: Baseline;
}

/** What came of an analysis. */
export interface Analysis extends Report {
  readonly suppressed: readonly Suppressed[];
  /** Findings that the baseline knows. */
  readonly known: number;
}

/** Checks everything that was read, each object by itself and all of them together. */
export function analyzeDocuments(read: ReadResult, options: AnalysisOptions = {}, progress?: ProgressListener): Analysis {
  const settings = options.settings ?? NO_SETTINGS;
  const alone = validateDocuments(read, options.validation, progress);
  const positions = new PositionFinder();
  const together = runRules(read.documents, options).map((hit) => findingOfHit(hit, positions));
  const { findings, suppressed } = suppress([...alone.findings, ...together], read.documents, settings, positions);
  const decided = applySeverity(findings, settings);
  const left = options.baseline ? withoutBaseline(decided, options.baseline) : { findings: decided, known: 0 };
  const { checked, notChecked } = alone.summary;
  return { findings: left.findings, summary: summarize(left.findings, { checked, notChecked }), files: alone.files, suppressed, known: left.known };
}
