import { CORPUS } from './corpus';
import { mutateText } from './mutate-text';
import { Random } from './random';
import { PositionFinder } from '../../../src/engine/model/position';
import { readText } from '../../../src/engine/model/yaml-text';
import { Report } from '../../../src/engine/report/finding';
import { writeGithub } from '../../../src/engine/report/write-github';
import { writeJson } from '../../../src/engine/report/write-json';
import { writeJunit } from '../../../src/engine/report/write-junit';
import { writeSarif } from '../../../src/engine/report/write-sarif';
import { writeText } from '../../../src/engine/report/write-text';
import { validateDocuments } from '../../../src/engine/validate/validate-documents';

/** How changed texts fared. */
export interface Survival {
  readonly texts: number;
  readonly documents: number;
  readonly findings: number;
  /** Longest time for one text. */
  readonly slowestMs: number;
  /** What went wrong, with the text. */
  readonly failures: readonly string[];
}

/** Reads and checks changed texts, and reports on them in every format. */
export function survive(count: number, random: Random): Survival {
  const texts = Object.values(CORPUS).flatMap((text) => [text, ...text.length > 3000 ? text.split('---\n') : []]);
  let documents = 0;
  let findings = 0;
  let slowestMs = 0;
  const failures: string[] = [];
  for (let i = 0; i < count; i++) {
    const text = i < texts.length ? texts[i] : mutateText(random.pick(texts.slice(1)), random);
    const start = Date.now();
    try {
      const report = check(text);
      documents += report.summary.checked;
      findings += report.findings.length;
    } catch (error) {
      failures.push(`${(error as Error).stack?.split('\n').slice(0, 4).join('\n')}\n  in ${JSON.stringify(text).slice(0, 500)}`);
    }
    slowestMs = Math.max(slowestMs, Date.now() - start);
  }
  return { texts: count, documents, findings, slowestMs, failures };
}

function check(text: string): Report {
  const read = readText(text, { file: 'a.yaml' });
  const report = validateDocuments(read);
  const lines = (): readonly string[] | undefined => read.documents.length > 0 ? new PositionFinder().lines(read.documents[0]) : undefined;
  for (const written of [writeText(report, { lines }), writeJson(report), writeSarif(report, '1.0.0', () => undefined), writeJunit(report, 'error'), writeGithub(report)]) {
    if (report.findings.length > 0 && written === '') throw new Error('nothing was written');
  }
  if (!report.findings.every((it) => it.location.file === 'a.yaml')) throw new Error('a finding has no file');
  JSON.parse(writeJson(report));
  return report;
}
