import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { readPaths } from '../../../src/engine/model/files';
import { Model } from '../../../src/engine/model/model';
import { positionOf } from '../../../src/engine/model/position';
import { documentsFromObjects } from '../../../src/engine/model/source';
import { readText } from '../../../src/engine/model/yaml-text';

const config = (name: string, data = ''): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${data}`;
const names = (text: string): unknown[] => readText(text, { file: 'a.yaml' }).documents.map(item => (item.object.metadata as { name: unknown }).name);

describe('reading text', () => {
  test('words, octals and decimals are read as Kubernetes reads YAML 1.1', () => {
    const [document] = readText(config('a', 'data: {a: yes, b: off, c: 0777, d: 1.10, e: y}'), { file: 'a.yaml' }).documents;
    expect(document.object.data).toEqual({ a: true, b: false, c: 511, d: 1.1, e: expect.anything() });
  });

  test('a broken document is one problem, and the rest is read', () => {
    const result = readText(`${config('one')}---\na: [1\n---\n${config('two')}`, { file: 'a.yaml' });
    expect(result.documents).toHaveLength(2);
    expect(result.problems).toEqual([expect.objectContaining({ code: 'syntax', file: 'a.yaml', docIndex: 1 })]);
  });

  test('a key that stands twice is a problem', () => {
    expect(readText(config('a', 'data: {x: "1", x: "2"}'), { file: 'a.yaml' }).problems).toEqual([expect.objectContaining({ code: 'duplicate-key' })]);
  });

  test.each([
    ['a byte order mark', `\uFEFF${config('a')}`, ['a']],
    ['CRLF', `${config('a')}---\n${config('b')}`.replace(/\n/g, '\r\n'), ['a', 'b']],
    ['comments alone', '# nothing\n---\n# here either\n', []],
    ['a List', 'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n- {apiVersion: v1, kind: Secret, metadata: {name: b}}\n', ['a', 'b']],
    ['JSON', '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}', ['a']],
  ])('%s is no problem', (_, text, expected) => {
    expect(readText(text, { file: 'a.yaml' }).problems).toEqual([]);
    expect(names(text)).toEqual(expected);
  });

  test('anchors that multiply are refused instead of filling the memory', () => {
    const levels = 'bcdefghij'.split('').map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[i]}`).join(', ')}]`);
    const result = readText(`a: &a [1, 2]\n${levels.join('\n')}\n`, { file: 'bomb.yaml' });
    expect(result.documents).toEqual([]);
    expect(result.problems).toEqual([expect.objectContaining({ code: 'alias-expansion' })]);
  });

  test('a position is found in the document that it belongs to', () => {
    const { documents } = readText(`${config('a')}---\n${config('b', 'data:\n  key: value\n')}`, { file: 'a.yaml' });
    expect(positionOf(documents[1], ['data', 'key'])).toEqual(expect.objectContaining({ line: 9, column: 3 }));
  });

  test('an object without namespace counts as in default, a cluster-scoped one in none', () => {
    const cluster = new Model(readText(`${config('a')}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n`, { file: 'a.yaml' }).documents).cluster();
    expect(cluster.all().map(item => item.namespace)).toEqual(['default', '']);
  });

  test('an object in memory keeps the path of its construct', () => {
    const { documents } = documentsFromObjects([{ object: { apiVersion: 'v1', kind: 'ConfigMap' }, constructPath: 'app/chart/map' }]);
    expect(documents[0].origin).toEqual({ constructPath: 'app/chart/map' });
  });
});

describe('reading files', () => {
  let folder: string;
  beforeEach(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'readers-')); });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  test('folders are read in order, and other files left aside', () => {
    fs.mkdirSync(path.join(folder, 'sub'));
    fs.writeFileSync(path.join(folder, 'b.yaml'), config('b'));
    fs.writeFileSync(path.join(folder, 'sub', 'a.yml'), config('a'));
    fs.writeFileSync(path.join(folder, 'notes.txt'), 'no manifest');
    const result = readPaths([folder]);
    expect(result.problems).toEqual([]);
    expect(result.documents).toHaveLength(2);
  });

  test('a circle of links ends, with a problem or without the circle', () => {
    fs.writeFileSync(path.join(folder, 'a.yaml'), config('a'));
    fs.symlinkSync(folder, path.join(folder, 'again'));
    expect(readPaths([folder]).documents).toHaveLength(1);
  });

  test('binary and missing files are problems, and the rest is read', () => {
    fs.writeFileSync(path.join(folder, 'a.yaml'), config('a'));
    fs.writeFileSync(path.join(folder, 'b.yaml'), Buffer.from([0, 1, 2, 255, 0]));
    const result = readPaths([folder, path.join(folder, 'missing.yaml')]);
    expect(result.documents).toHaveLength(1);
    expect(result.problems.map(problem => problem.code).sort()).toEqual(['binary', 'unreadable']);
  });
});
