import { Random } from '../../support/validate/random';

/** Values that versions of YAML and their readers disagree on. */
const KNOWN_SCALARS = [
  'y', 'Y', 'n', 'N', 'yes', 'Yes', 'YES', 'yEs', 'no', 'No', 'NO', 'on', 'On', 'ON', 'off', 'Off', 'OFF', 'oFF', 'true', 'True', 'TRUE', 'tRue', 'false', 'False', 'FALSE', 't', 'f',
  'null', 'Null', 'NULL', 'nuLL', '~', '', 'nil', 'none', '0777', '0o777', '0O777', '0778', '0x1F', '0X1F', '0xg', '0b101', '0B101', '0b102', '-0x1F', '-0777', '+0777', '1_000', '1__000', '_1', '1_',
  '1.10', '1.', '.1', '-.5', '+1', '+1.5', '1e3', '1E3', '1e+3', '1.e3', '1.5e-3', 'e3', '1e', '1_0.5', '0.', '00', '01', '08', '-0', '+0', '-0.0', '0e0', '9007199254740993', '9223372036854775807',
  '9223372036854775808', '18446744073709551615', '18446744073709551616', '-9223372036854775808', '-9223372036854775809', '1e400', '1e-400', '.inf', '.Inf', '.INF', '-.inf', '+.inf', '.nan', '.NaN', '.NAN', '.nAn',
  '190:20:30', '1:30', '22:22', '1:2:3.5', '2001-12-14', '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.10 -5', '0.1.2', '1.2.3.4', '12e03', '-2E+05', '=', '<<', '-', '--', '---a', '- a', ':', 'a:b', 'a: b',
  'a #b', 'a#b', '#a', '!!str 5', '!!int "5"', '!!float 5', '!!bool "yes"', '!!binary aGk=', '!!null ""', '!x 5', '"a\\x41\\u00e9\\n"', '\'it\'\'s\'', '"\\"', '"a', '[1, yes, 0777]', '{a: b, c: 1.10}', '{a, b}', '[a, b',
  '{? a : b}', '&a [1]', '*a', '@a', '`a', '%a', '|', '>', '"y"', '\'0777\'', '"\\ud83d\\ude00"', '日本', '\u{1f600}', 'a\tb', '\ta', 'é: ü', '? a', '1 000', '1,000', '0.1e', '.', '..', '...', '+', '+.', '-.', '._5', '0_7', '0x_1F', '0b_1',
];

const ALPHABET = '0123456789+-._eExXoObBnNyY:~aAfFiItT';

/** One document for each value, as what keeps fields of any name and type has it. */
export function scalarDocuments(random: Random, count: number): string[] {
  const made = Array.from({ length: count }, () => Array.from({ length: 1 + random.below(7) }, () => ALPHABET[random.below(ALPHABET.length)]).join(''));
  return [...KNOWN_SCALARS, ...made].map((scalar) => documentOf(`v: ${scalar}\n`));
}

/** The ways of writing that manifests have, and some that they had better not have. */
const BLOCKS = [
  'a: 1\na: 2\n', 'a: 1\n"a": 2\n', '1: a\n1: b\n', '1: a\n"1": b\n', 'true: a\nyes: b\n', '1: a\n', '1.5: a\n', 'yes: a\n', 'null: a\n', '~: a\n', '2001-01-01: a\n', '0777: a\n', '[a]: b\n', '{a: b}: c\n', '? a\n: b\n', '? |\n  long\n: b\n',
  'a: &x {b: 1}\nc: *x\n', 'a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n', 'a: &x {b: 1}\nc:\n  <<: *x\n  b: 2\n', 'a: &x {b: 1}\ne: &y {f: 2}\nc:\n  <<: [*x, *y]\n', 'a:\n  <<: 5\n', 'a:\n  <<: {b: 1}\n', 'a: *none\n', 'a: &x [*x]\n',
  'a: |\n  one\n  two\n', 'a: >\n  one\n  two\n\n  three\n', 'a: |-\n  one\n\n', 'a: |+\n  one\n\n', 'a: |2\n    one\n', 'a: >-\n  one\n    two\n  three\n', 'a: "one\n  two"\n', 'a: one\n  two\n', 'a: \'one\n\n  two\'\n',
  'a:\n- 1\n- 2\n', 'a:\n  - 1\n  - b: c\n    d: e\n', 'a:\n- - 1\n  - 2\n', 'a:\n-\n  b: c\n', 'a: # c\n  b\n', 'a: b # c\n', '# c\na: b\n', 'a:\n\tb: c\n', 'a: b\n c: d\n', 'a:\n  b: c\n d: e\n', 'a: b: c\n', 'a: [1,\n  2]\n',
  'a: {b: 1,\n  c: 2,}\n', 'a: [1, 2,]\n', 'a: "b" c\n', 'a: !!set {b, c}\n', 'a: !!omap [b: 1]\n', 'a: !!timestamp 2001-12-14\n', 'a: !!str yes\nb: !!bool yes\n', 'a:\n', 'a: \nb: \n', 'a: {}\nb: []\n', '"a b": c\n', 'a.b/c: d\n', '"": a\n',
  'a: \'\n', 'a: {\n', 'a: ]\n', 'a: "\\q"\n', 'a: \u0007\n', 'a: \ufeffb\n', 'a: b\r\nc: d\r\n', 'a:   b   \n', '"a": "b"\n', '- a\n', 'a: - b\n', 'a: ? b\n', 'a:b: c\n', 'a: -1\nb: - 1\n', 'a: 5 # five\nb: 5#five\n',
];

/** Documents with each of the ways of writing. */
export function blockDocuments(): string[] {
  return BLOCKS.map(documentOf);
}

/** Documents that are put together from several ways of writing at random. */
export function mixedDocuments(random: Random, count: number): string[] {
  return Array.from({ length: count }, () => {
    const parts = Array.from({ length: 1 + random.below(3) }, (_, index) => `p${index}:\n${indent(random.pick(BLOCKS), '  ')}`);
    return documentOf(parts.join(''));
  });
}

function documentOf(block: string): string {
  return `apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata:\n  name: yaml\nspec:\n  configPatches:\n  - patch:\n      value:\n${indent(block, '        ')}`;
}

function indent(text: string, by: string): string {
  return text.split('\n').map((line, index, all) => index === all.length - 1 && line === '' ? '' : by + line).join('\n');
}
