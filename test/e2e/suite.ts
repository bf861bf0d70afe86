import { ApiServer } from './lab/api-server';
import { LabRun } from './lab/lab-run';
import { Part } from './lab/parts/part';

/** One area of the end-to-end suite: a file `parts/<name>.e2e.ts` that exports it as `part`. */
export interface SuitePart {
  /** Short name, as on the command line. */
  readonly name: string;
  /** Real programs that it runs; they are built before it starts. */
  readonly needs: readonly Part[];
  /** Whether it makes network namespaces, which takes root. */
  readonly needsRoot?: boolean;
  /** Whether it reads the CRDs beside the repository. */
  readonly needsCrds?: boolean;
  /** Why it cannot run in this repository as it is; undefined when it can. */
  readonly missing?: () => string | undefined;
  run(t: SuiteContext): Promise<void>;
}

/** What a part works with. */
export interface SuiteContext {
  /** Owner of the processes and namespaces of this part; closed when the part ends. */
  readonly lab: LabRun;
  /** Runs one test: it passes unless `work` fails. What it returns is shown behind its sentence. */
  check(sentence: string, work: () => Promise<string | void>): Promise<void>;
  /** Says something beside the results. */
  say(line: string): void;
  /** An API server with all CRDs that the parts of one suite share; they only ask it, or clean up after themselves. */
  apiServer(): Promise<ApiServer>;
}

/** The result of one part. */
export interface PartResult {
  readonly name: string;
  readonly minutes: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The closing line of a run. */
export function closingLine(results: readonly PartResult[]): string {
  const sum = (of: (result: PartResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const skipped = sum((it) => it.skipped);
  return `${sum((it) => it.passed)} passed, ${sum((it) => it.failed)} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
