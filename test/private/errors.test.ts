import * as fs from 'fs';
import * as path from 'path';
import * as fc from 'fast-check';
import { MeshError } from '../../src';
import { ERROR_CODES, ErrorCode } from '../../src/private/error-codes';
import { fail, faultsOf, MeshFault, MeshFaults, together } from '../../src/private/errors';
import { holds } from '../support/properties';

const phrase = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40 }).map((text) => `got "${text}"`),
  fc.constantFrom('weights that sum to 90; and more', 'a [MESH-E999] in the text', 'two\nlines', 'tabs\tand (parentheses) [brackets]', 'a; b; c'),
);
const facts = fc.record({
  code: fc.constantFrom(...Object.keys(ERROR_CODES) as ErrorCode[]),
  what: phrase,
  fix: phrase,
  path: fc.option(fc.constantFrom('shop/cart', 'a b/c (d)', 'shop/[x]'), { nil: undefined }),
});

describe('an error', () => {
  test('says what, how to mend it, its code and its construct in one line, and reads back', () => {
    holds(500, facts, (said) => {
      const fault = new MeshFault(said);
      expect(fault.message).not.toMatch(/[\r\n]/);
      expect(MeshError.parse(fault.message)).toEqual([{ code: said.code, what: fault.what, fix: fault.fix, constructPath: said.path }]);
    });
  });

  test('reads back from the report of a synth, from a stack and from what other languages make of it', () => {
    const line = 'invalid port, got 0; use a whole number [MESH-E003]';
    const expected = { code: 'MESH-E003', what: 'invalid port, got 0', fix: 'use a whole number' };
    expect(MeshError.parse(`Validation failed with the following errors:\n  [shop/cart] ${line}\n  [] ${line} (at a/b)`)).toEqual([
      { ...expected, constructPath: 'shop/cart' }, { ...expected, constructPath: 'a/b' },
    ]);
    expect(MeshError.parse(`MeshError: ${line}\n    at fail (src/errors.ts:1:1)`)).toEqual([expected]);
    expect(MeshError.parse(`Error: ${line}`)).toEqual([expected]);
  });

  test('takes on the construct that it is said of, once', () => {
    const fault = new MeshFault({ code: 'MESH-E003', what: 'x', fix: 'y' });
    expect(fault.at('a').at('b').message).toBe('x; y [MESH-E003] (at a)');
  });

  test('of another library, or with an unknown code, is none of ours', () => {
    expect(MeshError.parse('TypeError: x is not a function')).toEqual([]);
    expect(MeshError.parse('a; b [MESH-E999]')).toEqual([]);
  });
});

describe('steps that are run together', () => {
  test('are all run, and their errors come together', () => {
    const ran: number[] = [];
    const bad = (number: number) => () => { ran.push(number); fail('MESH-E003', `what ${number}`, 'fix'); };
    const run = () => together([bad(1), () => ran.push(2), bad(3)]);
    expect(run).toThrow(MeshFaults);
    expect(ran).toEqual([1, 2, 3]);
    try { run(); } catch (thrown) { expect(faultsOf(thrown)!.map((fault) => fault.what)).toEqual(['what 1', 'what 3']); }
  });

  test('throw a single error as it is, and stop at what is no error of ours', () => {
    expect(() => together([() => fail('MESH-E003', 'what', 'fix')])).toThrow(MeshFault);
    const later = jest.fn();
    expect(() => together([() => { throw new TypeError('bug'); }, later])).toThrow(TypeError);
    expect(later).not.toHaveBeenCalled();
  });
});

describe('codes', () => {
  test('are numbered, in order and each once, and each has a meaning', () => {
    MeshError.codes().forEach((code) => expect(code).toMatch(/^MESH-E\d{3}$/));
    expect(MeshError.codes()).toEqual([...new Set(MeshError.codes())].sort());
    MeshError.codes().forEach((code) => expect(MeshError.meaning(code)).toMatch(/^\S.*\S$/));
    expect(MeshError.meaning('MESH-E999')).toBeUndefined();
  });

  test('are all in use', () => {
    const code = (folder: string): string => fs.readdirSync(folder, { withFileTypes: true })
      .map((entry) => path.join(folder, entry.name))
      .map((file) => (fs.statSync(file).isDirectory() ? code(file) : /(?<!error-codes|generated)\.ts$/.test(file) ? fs.readFileSync(file, 'utf8') : '')).join('\n');
    const source = code(path.join(__dirname, '../../src'));
    expect(MeshError.codes().filter((it) => !source.includes(`'${it}'`))).toEqual([]);
  });
});
