import { findingOf, findingOfProblem } from './finding-of';
import { validateDocument, ValidationOptions } from './validate-document';
import { PositionFinder } from '../model/position';
import { ReadResult } from '../model/source';
import { Finding, Report, summarize } from '../report/finding';

/** Hears how many of the objects were checked. */
export type ProgressListener = (done: number, of: number) => void;

/** Checks everything that was read; what could not be read is a finding, too. */
export function validateDocuments(read: ReadResult, options: ValidationOptions = {}, progress?: ProgressListener): Report {
  const positions = new PositionFinder();
  const findings: Finding[] = read.problems.map(findingOfProblem);
  const notChecked: Record<string, number> = {};
  const files = new Set<string>();
  let checked = 0;
  read.documents.forEach((document, index) => {
    progress?.(index, read.documents.length);
    if (document.origin.file !== undefined) files.add(document.origin.file);
    const { isChecked, violations } = validateDocument(document.object, options);
    if (isChecked) {
      checked++;
    } else {
      const { apiVersion, kind } = document.object;
      const name = apiVersion === undefined && kind === undefined ? '(no kind)' : `${String(apiVersion)} ${String(kind)}`;
      notChecked[name] = (notChecked[name] ?? 0) + 1;
    }
    for (const violation of violations) findings.push(findingOf(violation, document, positions));
  });
  for (const { file } of read.problems) if (file !== undefined) files.add(file);
  return { findings, summary: summarize(findings, { checked, notChecked }), files: [...files] };
}
