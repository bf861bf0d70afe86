import { Finding, FindingSeverity, isAtLeast, Report, resourceTitle } from './finding';

/** The findings as JUnit XML: a suite per file, a failed case per finding that counts; what does not count is told as output. */
export function writeJunit(report: Report, failOn: FindingSeverity | 'never'): string {
  const isFailure = (finding: Finding): boolean => failOn !== 'never' && isAtLeast(finding, failOn);
  const suites = new Map<string, Finding[]>(report.files.map((file) => [file, []]));
  for (const finding of report.findings) {
    const file = finding.location.file ?? '';
    const known = suites.get(file);
    if (known) known.push(finding);
    else suites.set(file, [finding]);
  }
  const failures = report.findings.filter(isFailure).length;
  const cases = [...suites.values()].reduce((sum, findings) => sum + Math.max(1, findings.length), 0);
  const body = [...suites].map(([file, findings]) => suite(file, findings, isFailure)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cdk8s-mesh" tests="${cases}" failures="${failures}">\n${body}</testsuites>\n`;
}

function suite(file: string, findings: readonly Finding[], isFailure: (finding: Finding) => boolean): string {
  const failures = findings.filter(isFailure).length;
  const cases = findings.length === 0 ? `    <testcase name="no findings" classname="${escape(file)}"/>\n` : findings.map((it) => testCase(file, it, isFailure(it))).join('');
  return `  <testsuite name="${escape(file)}" tests="${Math.max(1, findings.length)}" failures="${failures}">\n${cases}  </testsuite>\n`;
}

function testCase(file: string, finding: Finding, isFailure: boolean): string {
  const { line, column, path } = finding.location;
  const subject = [finding.resource && resourceTitle(finding.resource), path].filter((it) => it).join(' ');
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const details = escape([`${finding.severity} ${finding.id}`, place, subject, finding.message, finding.fix].filter((it) => it !== '').join('\n'));
  const content = isFailure ? `<failure message="${escape(finding.message)}" type="${escape(finding.id)}">${details}</failure>` : `<system-out>${details}</system-out>`;
  return `    <testcase name="${escape(`${subject === '' ? finding.id : subject}${line === undefined ? '' : ` (line ${line})`}`)}" classname="${escape(file)}">${content}</testcase>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML knows no way to write most control characters. */
function escape(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replace(/[&<>"]/g, (it) => ENTITIES[it]);
}
