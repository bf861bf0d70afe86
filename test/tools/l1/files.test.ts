import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { dump } from 'js-yaml';
import { fetchCrds, withoutTemplates } from '../../../tools/l1/fetch-crds';
import { canonicalDigest, findCrdFolder, parseCrds, readCrds } from '../../../tools/l1/read-crds';
import { crd, object, source, text } from '../../support/l1-crds';

const thing = crd('Thing', object({ host: { ...text, description: 'Prose.' }, description: text }));
const bare = crd('Thing', object({ host: text, description: text }));

describe('the digest of CRDs', () => {
  test('ignores prose, labels and the order of keys and documents', () => {
    const other = crd('Other', object({}));
    const reordered = { spec: thing.spec, metadata: { ...thing.metadata, labels: { a: 'b' } }, kind: thing.kind };

    expect(canonicalDigest([thing, other])).toBe(canonicalDigest([other, reordered]));
    expect(canonicalDigest([thing])).toBe(canonicalDigest([bare]));
  });

  test('changes with every field, even one that is called description', () => {
    expect(canonicalDigest([bare])).not.toBe(canonicalDigest([crd('Thing', object({ host: text }))]));
    expect(canonicalDigest([bare])).not.toBe(canonicalDigest([crd('Thing', object({ host: { ...text, maxLength: 1 }, description: text }))]));
  });
});

describe('reading CRDs', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'l1-'));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  function write(text_: string): void {
    fs.writeFileSync(path.join(folder, 'example.yaml'), text_);
  }

  test('takes the CRDs among other documents', () => {
    write(`${dump({ kind: 'ConfigMap' })}---\n${dump(thing)}---\n`);

    expect(readCrds(folder, source([thing], { sha256: canonicalDigest([thing]) })).map(({ spec }) => spec.names.kind)).toEqual(['Thing']);
  });

  test('refuses a file that is not the recorded one', () => {
    write(dump(thing));

    expect(() => readCrds(folder, source([thing], { sha256: 'other' }))).toThrow(/example.yaml has the digest \w+, but sources.json records other/);
  });

  test('says which file is missing', () => {
    expect(() => readCrds(folder, source([thing]))).toThrow('example: example.yaml is not in the CRD folder');
  });

  test('says when a file holds no CRD', () => {
    expect(() => parseCrds('kind: ConfigMap\n', 'a.yaml')).toThrow('a.yaml has no CustomResourceDefinition');
  });

  test('looks where L1_CRDS says', () => {
    const before = process.env.L1_CRDS;
    process.env.L1_CRDS = folder;
    expect(findCrdFolder()).toBe(folder);
    before === undefined ? delete process.env.L1_CRDS : process.env.L1_CRDS = before;
  });

  test('downloads every address of a source and writes one file that can be read', async () => {
    const other = crd('Other', object({}));
    const pages: Record<string, string> = { 'https://a': dump(thing), 'https://b': dump(other) };
    const both = source([thing, other], { upstream: ['https://a', 'https://b'], sha256: canonicalDigest([thing, other]) });

    expect(await fetchCrds([both], folder, async (url) => pages[url])).toEqual([]);
    expect(readCrds(folder, both)).toHaveLength(2);
  });

  test('reports the sources that have moved on upstream', async () => {
    const old = source([thing], { upstream: ['https://a'], sha256: 'old' });

    expect(await fetchCrds([old], folder, async () => dump(thing))).toEqual(['example']);
  });

  test('leaves out kinds that are not wanted', async () => {
    const wanted = source([thing], { upstream: ['https://a'], sha256: canonicalDigest([thing]) });

    expect(await fetchCrds([wanted], folder, async () => `${dump(thing)}---\n${dump(crd('Other', object({})))}`)).toEqual([]);
  });

  test('reads Helm templates', () => {
    const template = '{{- if .Values.install }}\nname: a\n  {{- include "x" . | nindent 4 }}\nlabel: {{ .Values.label }}\n{{- end }}\n';

    expect(withoutTemplates(template)).toBe('name: a\nlabel: templated\n');
  });
});
