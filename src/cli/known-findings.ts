import * as fs from 'fs';
import { Io, UsageError } from './io';
import { Finding } from '../engine/report/finding';
import { Baseline, readBaseline, writeBaseline } from '../engine/rules/baseline';

type Given = { readonly [name: string]: unknown };

/** The findings that are known already, from the file that an option names. */
export function knownFindings({ baseline }: Given): Baseline | undefined {
  if (typeof baseline !== 'string') return undefined;
  let content: string;
  try {
    content = fs.readFileSync(baseline, 'utf8');
  } catch (error) {
    throw new UsageError(`--baseline cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return readBaseline(content, baseline);
}

/** Writes the findings to the file that an option names; says whether there is one. */
export function writeKnownFindings(findings: readonly Finding[], { writeBaseline: file }: Given, io: Io): boolean {
  if (typeof file !== 'string') return false;
  fs.writeFileSync(file, writeBaseline(findings));
  io.err(`wrote ${findings.length} findings to ${file}\n`);
  return true;
}

/** Tells how many findings were left out because they are known. */
export function tellKnown(known: number, io: Io): void {
  if (known > 0) io.err(`left out ${known} finding${known === 1 ? '' : 's'} that the baseline knows\n`);
}
