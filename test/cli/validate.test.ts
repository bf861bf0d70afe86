import * as fs from 'fs';
import * as os from 'os';
import { Folder } from './folder';
import { commandLine } from '../support/command-line';
import { mutateText } from '../support/validate/mutate-text';
import { Random } from '../support/validate/random';

const folder = new Folder();

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: api\nspec:\n  ports:\n  - port: 80\n';
const WRONG = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  hosts: [web]\n  http:\n  - route:\n    - destination: {host: web}\n      weight: heavy\n';
const WARNED = WRONG.replace('      weight: heavy\n', '    mirrorPercent: 5\n');

const sound = folder.write('sound/service.yaml', SERVICE);
const wrong = folder.write('wrong/web.yaml', `${SERVICE}---\n${WRONG}`);
const warned = folder.write('warned.yaml', WARNED);

const findingsOf = (out: string): any[] => JSON.parse(out).findings;

describe('cdk8s-mesh validate', () => {
  test('ends with 0 and a summary when nothing is wrong', async () => {
    expect(await commandLine(['validate', sound])).toEqual({ code: 0, out: 'no findings in 1 object\n', err: '' });
  });

  test('ends with 1, and shows the place in the manifest, when something is', async () => {
    const { code, out } = await commandLine(['validate', wrong]);
    expect(code).toBe(1);
    expect(out).toBe([
      wrong,
      '  19:7  error  spec.http[0].route[0].weight: must be of type integer, not string  [schema/type, IST0106]',
      '      VirtualService shop/web',
      '      17 |   - route:',
      '      18 |     - destination: {host: web}',
      '    > 19 |       weight: heavy',
      '         |       ^',
      '',
      '1 error in 2 objects',
      '',
    ].join('\n'));
  });

  test('reports as JSON, with everything that a program needs', async () => {
    const { out } = await commandLine(['validate', '--format', 'json', wrong]);
    expect(JSON.parse(out)).toEqual({
      findings: [{
        id: 'schema/type',
        severity: 'error',
        message: 'must be of type integer, not string',
        fix: '',
        upstream: ['IST0106'],
        resource: { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'shop', name: 'web' },
        location: { file: wrong, line: 19, column: 7, path: 'spec.http[0].route[0].weight' },
      }],
      summary: { errors: 1, warnings: 0, infos: 0, checked: 2, notChecked: {} },
    });
  });

  test('reports as SARIF, whose rules and results belong together', async () => {
    const { runs: [run], version } = JSON.parse((await commandLine(['validate', '--format', 'sarif', wrong])).out);
    expect(version).toBe('2.1.0');
    expect(run.tool.driver.rules).toEqual([{ id: 'schema/type', shortDescription: { text: 'A value of the wrong type' } }]);
    expect(run.results).toEqual([expect.objectContaining({ ruleId: 'schema/type', ruleIndex: 0, level: 'error' })]);
    expect(run.results[0].locations[0].physicalLocation.region).toEqual({ startLine: 19, startColumn: 7 });
  });

  test('reports as JUnit, where findings that do not count are no failures', async () => {
    const { out } = await commandLine(['validate', '--format', 'junit', wrong, warned]);
    expect(out).toMatch(/<testsuites name="cdk8s-mesh" tests="2" failures="1">/);
    expect(out.match(/<failure /g)).toHaveLength(1);
    expect(out.match(/<system-out>/g)).toHaveLength(1);
  });

  test('reports as commands of GitHub Actions', async () => {
    const { out } = await commandLine(['validate', '--format', 'github', wrong]);
    expect(out).toMatch(/^::error file=.*web\.yaml,line=19,col=7,title=schema\/type::VirtualService shop\/web spec\.http\[0\]\.route\[0\]\.weight: must be/);
  });

  test.each([['error', 0], ['warning', 1], ['never', 0]])('with --fail-on %s a warning ends with %i', async (failOn, code) => {
    expect((await commandLine(['validate', '--fail-on', failOn, warned])).code).toBe(code);
  });

  test('leaves out what is known, and tells how much that is', async () => {
    const baseline = folder.path('baseline.json');
    expect(await commandLine(['validate', wrong, '--write-baseline', baseline])).toEqual({ code: 0, out: '', err: `wrote 1 findings to ${baseline}\n` });
    expect(await commandLine(['validate', wrong, '--baseline', baseline])).toEqual({ code: 0, out: 'no findings in 2 objects\n', err: 'left out 1 finding that the baseline knows\n' });
    const other = folder.write('other.yaml', WRONG.replace('name: web', 'name: other'));
    expect((await commandLine(['validate', other, '--baseline', baseline])).code).toBe(1);
  });

  test('reports some findings only, or all but some', async () => {
    expect((await commandLine(['validate', wrong, '--skip', 'schema/type'])).code).toBe(0);
    expect((await commandLine(['validate', wrong, '--only', 'schema/required'])).code).toBe(0);
    expect((await commandLine(['validate', wrong, '--only', 'schema/type, schema/required'])).code).toBe(1);
  });

  test('reads standard input', async () => {
    const { code, out } = await commandLine(['validate', '--format', 'json', '-'], { stdin: WRONG });
    expect(code).toBe(1);
    expect(findingsOf(out)[0].location).toEqual({ file: '-', line: 11, column: 7, path: 'spec.http[0].route[0].weight' });
  });

  test('tells timings on standard error when asked to, and nothing of them otherwise', async () => {
    expect((await commandLine(['validate', sound, '--debug'])).err).toMatch(/^debug: read 1 objects .* ms/);
    expect((await commandLine(['validate', sound], { env: { CDK8S_MESH_DEBUG: '1' } })).err).toMatch(/^debug: /);
    expect((await commandLine(['validate', sound])).err).toBe('');
  });

  test('counts objects of kinds that it does not know, and says so', async () => {
    const unknown = folder.write('unknown.yaml', 'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n');
    expect((await commandLine(['validate', unknown, sound])).out).toBe('no findings in 1 object; 1 not checked: example.com/v1 Thing (1)\n');
  });

  test('follows the channel of the Gateway API that a cluster has', async () => {
    const route = folder.write('route.yaml', 'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a}\nspec:\n  parentRefs: [{name: g}]\n  rules: [{retry: {attempts: 2}, backendRefs: [{name: b, port: 80}]}]\n');
    expect((await commandLine(['validate', route])).code).toBe(0);
    expect(findingsOf((await commandLine(['validate', route, '--gateway-api-channel', 'standard', '--format', 'json'])).out)).toEqual([expect.objectContaining({ id: 'schema/unknown-field' })]);
  });
});

describe('bad input of cdk8s-mesh validate', () => {
  test.each([
    ['an unknown format', ['--format', 'xml', sound], /--format is one of text, json, sarif, junit, github/],
    ['an unknown severity', ['--fail-on', 'info', sound], /--fail-on is one of error, warning, never/],
    ['an unknown channel', ['--gateway-api-channel', 'beta', sound], /standard or experimental/],
    ['an unknown finding', ['--only', 'MESH9999', sound], /there is no finding MESH9999/],
    ['an unknown option', ['--frobnicate', sound], /unknown option/],
    ['no path', [], /missing required argument/],
    ['a path that does not exist', [folder.path('nowhere')], /no such file or folder/],
    ['a baseline that does not exist', ['--baseline', folder.path('nowhere'), sound], /--baseline cannot be read/],
    ['a baseline that is none', ['--baseline', sound, sound], /is no baseline/],
    ['standard input to watch', ['--watch', '-'], /--watch needs files/],
  ] as [string, string[], RegExp][])('%s ends with 2 and a sentence', async (_, args, message) => {
    const { code, out, err } = await commandLine(['validate', ...args]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test('an empty folder ends with 2, one with comments alone with 0', async () => {
    fs.mkdirSync(folder.path('empty'));
    expect((await commandLine(['validate', folder.path('empty')])).code).toBe(2);
    folder.write('comments/a.yaml', '# nothing\n---\n# here\n');
    expect((await commandLine(['validate', folder.path('comments'), sound])).code).toBe(0);
  });

  test.each<[string, string | Buffer, string, number | undefined]>([
    ['broken YAML', `${SERVICE}---\na: [1\n---\n${SERVICE}`, 'broken YAML', 10],
    ['tabs', 'apiVersion: v1\nkind: Service\nmetadata:\n\tname: a\n', 'broken YAML', 4],
    ['a key that stands twice', 'a: 1\na: 2\n', 'a key stands twice', 2],
    ['text that is no object', 'hello\n', 'not a Kubernetes object', 1],
    ['binary data', Buffer.from([0, 1, 2, 3, 255]), 'not text', undefined],
    ['anchors that multiply', `a: &a [1, 2]\n${[...'bcdefghij'].map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[i]}`).join(', ')}]`).join('\n')}\n`, 'too many aliases', 1],
    ['nesting without end', `a: ${'['.repeat(100_000)}`, 'broken YAML', 1],
  ])('%s is a finding with its place, and the rest is read', async (_, content, problem, line) => {
    const file = folder.path('bad.yaml');
    fs.writeFileSync(file, content);
    const { code, out } = await commandLine(['validate', '--format', 'json', file, sound]);
    expect(code).toBe(1);
    expect(findingsOf(out)).toEqual([expect.objectContaining({ id: 'input/unreadable', message: expect.stringContaining(problem) })]);
    expect(findingsOf(out)[0].location).toEqual(expect.objectContaining({ file, ...line !== undefined && { line } }));
    expect(JSON.parse(out).summary.checked).toBeGreaterThan(0);
  });

  test('CRLF, a byte order mark, Lists and JSON are read as what they are', async () => {
    const list = folder.write('mixed/list.yaml', `\ufeff${`apiVersion: v1\nkind: List\nitems:\n- ${SERVICE.trimEnd().replace(/\n/g, '\n  ')}\n- {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {ports: [{port: 0}]}}\n`.replace(/\n/g, '\r\n')}`);
    const json = folder.write('mixed/a.json', JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'c' }, spec: { ports: [{ port: 80, name: 'A' }] } }));
    const findings = findingsOf((await commandLine(['validate', '--format', 'json', folder.path('mixed')])).out);
    expect(findings.map((it) => [it.location.file, it.location.line, it.location.path])).toEqual([[json, 1, 'spec.ports[0].name'], [list, 11, 'spec.ports[0].port'], [list, 11, 'spec.ports[0].targetPort']]);
  });

  test('links in a circle are told and followed once', async () => {
    folder.write('loop/a.yaml', SERVICE);
    fs.symlinkSync(folder.path('loop'), folder.path('loop/self'));
    const { code, out } = await commandLine(['validate', '--format', 'json', folder.path('loop')]);
    expect(code).toBe(0);
    expect(JSON.parse(out).summary).toEqual(expect.objectContaining({ checked: 1, warnings: 1 }));
  });

  (os.userInfo().uid === 0 ? test.skip : test)('a file that must not be read is a finding (skipped for root, who may read everything)', async () => {
    const secret = folder.write('secret/a.yaml', SERVICE);
    fs.chmodSync(secret, 0);
    expect(findingsOf((await commandLine(['validate', '--format', 'json', folder.path('secret'), sound])).out)).toEqual([expect.objectContaining({ message: expect.stringContaining('permission denied') })]);
  });

  test('manifests that were changed at random end with 0, 1 or 2, and never with a stack trace', async () => {
    const random = new Random(7);
    for (let i = 0; i < 30 * Number(process.env.PROPERTY_RUNS ?? 1); i++) {
      const file = folder.write('fuzzed.yaml', mutateText(`${SERVICE}---\n${WRONG}`, random));
      const { code, err } = await commandLine(['validate', file]);
      expect([0, 1, 2]).toContain(code);
      expect(err).not.toMatch(/this is a mistake of ours|\n\s+at /);
    }
  });
});
