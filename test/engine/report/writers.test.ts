import { Finding, Report, summarize } from '../../../src/engine/report/finding';
import { writeGithub } from '../../../src/engine/report/write-github';
import { writeJunit } from '../../../src/engine/report/write-junit';
import { writeSarif } from '../../../src/engine/report/write-sarif';
import { writeText } from '../../../src/engine/report/write-text';

const finding = (rest: Partial<Finding> = {}): Finding => ({
  id: 'schema/type',
  severity: 'error',
  message: 'must be of type integer',
  fix: '',
  upstream: [],
  resource: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'api' },
  location: { file: 'a.yaml', line: 3, column: 5, path: 'spec.ports[0].port' },
  ...rest,
});
const report = (...findings: Finding[]): Report => ({ findings, summary: summarize(findings, { checked: 1, notChecked: {} }), files: ['a.yaml'] });

describe('findings as text', () => {
  test('are grouped by file and in the order of lines', () => {
    const out = writeText(report(
      finding({ location: { file: 'b.yaml', line: 9, path: '' } }),
      finding({ location: { file: 'a.yaml', line: 7, path: '' } }),
      finding({ location: { file: 'b.yaml', line: 2, path: '' } }),
    ));
    expect(out.match(/^\S.*yaml$|^ {2}\d+/gm)).toEqual(['b.yaml', '  2', '  9', 'a.yaml', '  7']);
  });

  test('cannot move the cursor of a terminal, whatever a manifest says', () => {
    const out = writeText(report(finding({ message: 'a\u001b[2Jb\r\nc', resource: { apiVersion: 'v1', kind: 'Service', namespace: '', name: '\u001b]0;x\u0007' } })), { lines: () => ['\u001b[31mred', 'x', 'y'] });
    // eslint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test('have colours on a terminal only', () => {
    expect(writeText(report(finding()))).not.toContain('\u001b');
    expect(writeText(report(finding()), { colour: true })).toContain('\u001b[31merror\u001b[0m');
  });

  test('end with the number of each severity, and with what was not checked', () => {
    const out = writeText({ ...report(finding(), finding({ severity: 'info' })), summary: { errors: 1, warnings: 0, infos: 1, checked: 2, notChecked: { 'a/v1 B': 3 } } });
    expect(out.trimEnd().split('\n').pop()).toBe('1 error, 1 note in 2 objects; 3 not checked: a/v1 B (3)');
  });
});

describe('findings for programs', () => {
  test('are escaped in XML, and hold no character that XML forbids', () => {
    const out = writeJunit(report(finding({ message: '<a & "b">\u0000\ud800' })), 'error');
    expect(out).toContain('message="&lt;a &amp; &quot;b&quot;&gt;\ufffd\ufffd"');
  });

  test('are escaped for GitHub Actions', () => {
    expect(writeGithub(report(finding({ message: '50%\nb', location: { file: 'a,b:c.yaml', path: '' } })))).toBe('::error file=a%2Cb%3Ac.yaml,title=schema/type::Service shop/api: 50%25%0Ab\n');
  });

  test('have fingerprints in SARIF that stay when lines move, and differ when findings do', () => {
    const prints = (...findings: Finding[]) => JSON.parse(writeSarif(report(...findings), '1.0.0')).runs[0].results.map((it: any) => it.partialFingerprints['cdk8sMesh/v1']);
    const [one] = prints(finding());
    expect(prints(finding({ location: { file: 'a.yaml', line: 33, column: 5, path: 'spec.ports[0].port' } }))).toEqual([one]);
    expect(new Set(prints(finding(), finding(), finding({ id: 'schema/required' }))).size).toBe(3);
  });

  test('name files in SARIF as addresses', () => {
    const { runs } = JSON.parse(writeSarif(report(finding({ location: { file: 'a b/ü.yaml', line: 1, path: '' } })), '1.0.0'));
    expect(runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('a%20b/%C3%BC.yaml');
  });
});
