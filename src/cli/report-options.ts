import type { Command } from 'commander';
import { Diagnostics } from './diagnostics';
import { EXIT, Io, UsageError } from './io';
import { readPaths } from '../engine/model/files';
import { PositionFinder } from '../engine/model/position';
import { ReadResult } from '../engine/model/source';
import { FindingSeverity, isAtLeast, Report, summarize } from '../engine/report/finding';
import { writeGithub } from '../engine/report/write-github';
import { writeJson } from '../engine/report/write-json';
import { writeJunit } from '../engine/report/write-junit';
import { RuleText, writeSarif } from '../engine/report/write-sarif';
import { writeText } from '../engine/report/write-text';

const FORMATS = ['text', 'json', 'sarif', 'junit', 'github'] as const;
const THRESHOLDS = ['error', 'warning', 'never'] as const;

/** Options of all commands that read manifests and report findings. */
export interface ReportOptions {
  readonly format: typeof FORMATS[number];
  readonly failOn: typeof THRESHOLDS[number];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
}

/** Declares the options. */
export function declareReportOptions(command: Command): void {
  command
    .argument('<path...>', 'files, folders, or - for standard input')
    .option('--format <format>', `how to report: ${FORMATS.join(', ')}`, 'text')
    .option('--fail-on <severity>', `what makes the exit code 1: ${THRESHOLDS.join(', ')}`, 'error')
    .option('--only <ids>', 'report these findings only, separated by commas')
    .option('--skip <ids>', 'leave these findings out')
    .option('--baseline <file>', 'leave out the findings that this file knows')
    .option('--write-baseline <file>', 'write the findings to a file for --baseline, and report none')
    .option('--watch', 'run again whenever a file changes, until stopped');
}

/** Reads the options as they were given. */
export function reportOptions(given: { readonly [name: string]: unknown }): ReportOptions {
  return { format: oneOf('--format', given.format, FORMATS), failOn: oneOf('--fail-on', given.failOn, THRESHOLDS), only: list(given.only), skip: list(given.skip) };
}

function oneOf<T extends string>(option: string, value: unknown, values: readonly T[]): T {
  const found = values.find((it) => it === value);
  if (found === undefined) throw new UsageError(`${option} is one of ${values.join(', ')}, not "${String(value)}"`);
  return found;
}

function list(value: unknown): readonly string[] | undefined {
  return typeof value === 'string' ? value.split(',').map((it) => it.trim()).filter((it) => it !== '') : undefined;
}

/** Reads manifests; fails when there was nothing to read at all. */
export function readManifests(paths: readonly string[], io: Io, diagnostics: Diagnostics): ReadResult {
  const read = readPaths(paths, { stdin: paths.includes('-') ? io.stdin() : undefined });
  diagnostics.step(`read ${read.documents.length} objects`);
  if (read.documents.length === 0 && read.problems.every((it) => it.code === 'unreadable')) {
    const reasons = read.problems.map((it) => `${it.file ?? ''}: ${it.message}`);
    throw new UsageError(reasons.length > 0 ? reasons.join('; ') : `no manifests in ${paths.join(', ')}`);
  }
  return read;
}

/** Writes the report, and gives the exit code that it means. */
export function writeReport(all: Report, read: ReadResult, options: ReportOptions, io: Io, ruleText: (id: string) => RuleText | undefined): number {
  const findings = all.findings.filter((it) => (options.only?.includes(it.id) ?? true) && !options.skip?.includes(it.id));
  const report: Report = { ...all, findings, summary: summarize(findings, all.summary) };
  const { failOn } = options;
  switch (options.format) {
    case 'json': io.out(writeJson(report)); break;
    case 'sarif': io.out(writeSarif(report, programVersion(), ruleText)); break;
    case 'junit': io.out(writeJunit(report, failOn)); break;
    case 'github': io.out(writeGithub(report)); break;
    case 'text': io.out(writeText(report, { lines: linesOf(read), colour: io.isOutTerminal && !io.env.NO_COLOR }));
  }
  return failOn !== 'never' && findings.some((it) => isAtLeast(it, failOn as FindingSeverity)) ? EXIT.findings : EXIT.fine;
}

function linesOf(read: ReadResult): (file: string) => readonly string[] | undefined {
  const positions = new PositionFinder();
  const documents = new Map(read.documents.map((it) => [it.origin.file, it]));
  return (file) => {
    const document = documents.get(file);
    return document && positions.lines(document);
  };
}

function programVersion(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('../../package.json') as { version: string }).version;
}
