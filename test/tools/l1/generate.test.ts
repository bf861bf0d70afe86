import { loadSources } from '../../../tools/l1/config';
import { generate } from '../../../tools/l1/generate';
import { stale } from '../../../tools/l1/output';
import { findCrdFolder, NO_CRDS, readCrds } from '../../../tools/l1/read-crds';
import { selectVersion } from '../../../tools/l1/select-version';
import { l1Classes } from '../../support/l1-classes';

const folder = findCrdFolder();

(folder ? describe : describe.skip)(`the committed classes and schema data${folder ? '' : ` (skipped: ${NO_CRDS})`}`, () => {
  const output = folder ? generate(folder) : new Map<string, string>();

  test('are what the generator makes of the CRDs', () => {
    expect(stale(output)).toEqual([]);
  });

  test('are the same in a second run', () => {
    expect(generate(folder!)).toEqual(output);
  });

  test('have a class for every kind of every file, in the selected version', () => {
    const missing = loadSources().filter((source) => source.submodule).flatMap((source) => readCrds(folder!, source).filter((crd) => {
      const version = selectVersion(crd, source.kinds[crd.spec.names.kind].version).name;
      return l1Classes().get(`${crd.spec.group}/${version}/${crd.spec.names.kind}`)?.submodule !== source.submodule;
    }));

    expect(missing.map((crd) => crd.metadata.name)).toEqual([]);
  });

  test('stay small: under 45,000 lines of code and 1.5 MB of data', () => {
    const sum = (extension: string, size: (content: string) => number) =>
      [...output].filter(([file]) => file.endsWith(extension)).reduce((total, [, content]) => total + size(content), 0);

    expect(sum('.ts', (content) => content.split('\n').length)).toBeLessThan(45_000);
    expect(sum('.json', (content) => content.length)).toBeLessThan(1_500_000);
  });

  test('name no type with a numbered or a mangled word', () => {
    const types = [...output.values()].flatMap((content) => [...content.matchAll(/^export (?:interface|enum|class) (\w+)/gm)].map((match) => match[1]));
    const odd = types.filter((name) => /^(?:Unnamed|I[A-Z])|(?:Egres|Ingres|Tl|Addres|Statu)(?![a-z])/.test(name));

    expect(odd).toEqual([]);
    expect(types.length).toBeGreaterThan(1_000);
  });
});

describe('the list of sources', () => {
  const sources = loadSources();

  test('gives every file once, with public addresses', () => {
    expect(new Set(sources.map(({ file }) => file)).size).toBe(sources.length);
    expect(sources.flatMap(({ upstream }) => upstream).filter((url) => !/^https:\/\/(raw\.githubusercontent|github)\.com\//.test(url))).toEqual([]);
  });

  test('links every kind to its documentation', () => {
    const unlinked = sources.flatMap(({ kinds }) => Object.entries(kinds)).filter(([, { see }]) => !see.startsWith('https://'));

    expect(unlinked).toEqual([]);
  });
});
