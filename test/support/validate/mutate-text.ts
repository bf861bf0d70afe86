import { Random } from './random';

const TOKENS = [
  '\t', '\r\n', '\r', '\u0000', '\ufeff', '---\n', '--- ', '...\n', '\n- ', ': ', '? ', '&a ', '*a', '<<: *a', '!!binary ', '!x ', '|\n', '>-\n', '"', '\'', '{', '}', '[', ']', ',', '#', '%YAML 1.1\n',
  'kind: List\n', 'items:\n', '- {apiVersion: v1, kind: List, items: []}\n', 'null', '~', '.inf', '0777', '1e999', '-', '\ud800', '\u2028', 'é', '\u{1f600}', '\\', '__proto__: {a: b}\n', 'constructor: x\n', 'metadata: 5\n',
];

/** A text that is changed in some places: characters, lines and larger parts come, go and are repeated. */
export function mutateText(text: string, random: Random): string {
  let result = text;
  for (let i = random.pick([1, 1, 2, 3, 8]); i > 0; i--) result = mutateOnce(result, random);
  return result;
}

function mutateOnce(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const lines = text.split('\n');
  const line = random.below(lines.length);
  const withLines = (...between: string[]): string => [...lines.slice(0, line), ...between, ...lines.slice(line + 1)].join('\n');
  switch (random.below(12)) {
    case 0: return text.slice(0, at) + text.slice(at + 1 + random.below(4));
    case 1: return text.slice(0, at) + String.fromCharCode(random.pick([32 + random.below(95), random.below(32), random.below(0x10000)])) + text.slice(at + 1);
    case 2: return text.slice(0, at);
    case 3: return withLines();
    case 4: return withLines(lines[line], lines[line]);
    case 5: return withLines(`${' '.repeat(random.below(6))}${lines[line].trimStart()}`);
    case 6: return withLines(lines[random.below(lines.length)]);
    case 7: return text.slice(0, at) + random.pick(['[', '{a: ', '- ', '"', 'a']).repeat(random.pick([2, 100, 3000])) + text.slice(at);
    case 8: return random.pick([`${text}\n---\n${text}`, text.replace(/\n/g, '\r\n'), `\ufeff${text}`, text.replace(/^/gm, '# '), text.replace(/ {2}/g, '\t')]);
    default: return text.slice(0, at) + random.pick(TOKENS) + text.slice(at);
  }
}
