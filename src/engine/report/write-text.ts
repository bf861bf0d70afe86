import { Finding, Report, resourceTitle } from './finding';

/** How text is written. */
export interface TextOptions {
  /** The lines of a file, to show the place; undefined when it cannot be read any more. */
  readonly lines?: (file: string) => readonly string[] | undefined;
  /** Whether to mark severities by colours. */
  readonly colour?: boolean;
}

const COLOURS = { error: '\u001b[31m', warning: '\u001b[33m', info: '\u001b[36m' } as const;
const PLAIN = '\u001b[0m';
/** Lines before the place that are shown. */
const CONTEXT = 2;
const LONGEST_LINE = 160;

/** The findings for people: grouped by file in the order of lines, with the place in the manifest marked, and a summary at the end. */
export function writeText(report: Report, options: TextOptions = {}): string {
  const groups = new Map<string, Finding[]>();
  for (const finding of report.findings) {
    const file = finding.location.file ?? finding.constructPath ?? '';
    const known = groups.get(file);
    if (known) known.push(finding);
    else groups.set(file, [finding]);
  }
  const blocks = [...groups].map(([file, findings]) => {
    const lines = file === '' ? undefined : options.lines?.(file);
    const inOrder = [...findings].sort((a, b) => (a.location.line ?? 0) - (b.location.line ?? 0));
    return `${file === '' ? 'objects' : oneLine(file)}\n${inOrder.map((it) => describe(it, lines, options.colour === true)).join('\n')}\n`;
  });
  return [...blocks, summaryLine(report)].join('\n');
}

function describe(finding: Finding, lines: readonly string[] | undefined, colour: boolean): string {
  const { line, column, path } = finding.location;
  const severity = colour ? `${COLOURS[finding.severity]}${finding.severity}${PLAIN}` : finding.severity;
  const place = line === undefined ? '' : `${line}:${column ?? 1}  `;
  const codes = [finding.id, ...finding.upstream].join(', ');
  const told = [
    `  ${place}${severity}  ${path === '' ? '' : `${oneLine(path)}: `}${oneLine(finding.message)}  [${codes}]`,
    ...finding.resource ? [`      ${oneLine(resourceTitle(finding.resource))}${finding.constructPath === undefined ? '' : ` (${finding.constructPath})`}`] : [],
    ...line === undefined || !lines ? [] : excerpt(lines, line, column ?? 1),
    ...finding.fix === '' ? [] : [`      ${oneLine(finding.fix)}`],
  ];
  return told.join('\n');
}

function excerpt(lines: readonly string[], line: number, column: number): string[] {
  const first = Math.max(1, line - CONTEXT);
  const width = String(line).length;
  const shown = lines.slice(first - 1, line).map((text, index) => {
    const number = first + index;
    return `    ${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${cut(text)}`;
  });
  const before = (lines[line - 1] ?? '').slice(0, column - 1).replace(/[^\t]/g, ' ');
  return column > LONGEST_LINE ? shown : [...shown, `      ${' '.repeat(width)} | ${before}^`];
}

function cut(line: string): string {
  const text = printable(line.replace(/\r$/, ''));
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}...` : text;
}

/** A manifest must not be able to move the cursor of a terminal. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
}

function oneLine(text: string): string {
  return printable(text.replace(/[\r\n\t]+/g, ' '));
}

function summaryLine({ summary, findings }: Report): string {
  const counts = [[summary.errors, 'error'], [summary.warnings, 'warning'], [summary.infos, 'note']] as const;
  const found = findings.length === 0 ? 'no findings' : counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`).join(', ');
  const unknown = Object.entries(summary.notChecked);
  const total = unknown.reduce((sum, [, count]) => sum + count, 0);
  const kinds = unknown.slice(0, 5).map(([kind, count]) => `${oneLine(kind)} (${count})`).join(', ');
  const notChecked = total === 0 ? '' : `; ${total} not checked: ${kinds}${unknown.length > 5 ? ', ...' : ''}`;
  return `${found} in ${summary.checked} object${summary.checked === 1 ? '' : 's'}${notChecked}\n`;
}
