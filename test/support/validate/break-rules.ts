import { Random } from './random';
import { StructuralSchema } from '../../../src/engine/schema/types';
import { sampleValue } from '../l1/sample-value';

type Json = any;

/** A value that rules are about, within an object. */
export interface RuledValue {
  readonly schema: StructuralSchema;
  /** Names and positions from the object. */
  readonly path: readonly (string | number)[];
}

/** The values of an object that carry rules, wherever they are. */
export function ruledValues(object: Json, schema: StructuralSchema): RuledValue[] {
  const found: RuledValue[] = [];
  const visit = (value: Json, node: StructuralSchema, path: readonly (string | number)[]): void => {
    if (node['x-kubernetes-validations']) found.push({ schema: node, path });
    if (Array.isArray(value)) {
      if (node.items) value.forEach((item, index) => visit(item, node.items!, [...path, index]));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        const child = childOf(node, name);
        if (child) visit(item, child, [...path, name]);
      }
    }
  };
  visit(object, schema, []);
  return found;
}

/** Changes what a rule speaks of, with the words that the rule uses: where it says `DaemonSet`, that is a value worth trying. */
export function provoke(object: Json, place: RuledValue, rule: string, random: Random): Json {
  const root = { object: structuredClone(object) };
  let holder: Json = root;
  let key: string | number = 'object';
  for (const part of place.path) {
    holder = holder[key];
    key = part;
  }
  const words = wordsOf(rule);
  for (let i = random.pick([1, 2, 2, 3, 4]); i > 0; i--) holder[key] = changed(holder[key], place.schema, words, random, 0);
  const { apiVersion, kind, metadata } = object;
  const name = place.path.length === 0 && random.below(2) ? random.pick([...words.texts, 'other']) : metadata.name;
  return { ...root.object, apiVersion, kind, metadata: { ...metadata, name } };
}

interface Words {
  readonly fields: ReadonlySet<string>;
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

function wordsOf(rule: string): Words {
  const texts = [...rule.matchAll(/r?'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)+)"/g)].map((match) => match[1] ?? match[2]).filter((it) => !/[\\^]/.test(it));
  const fields = [...rule.matchAll(/\.(\w+)\b(?!\()/g)].map((match) => match[1].replace(/^__(\w+)__$/, '$1'));
  return { fields: new Set(fields), texts, numbers: [...rule.matchAll(/\b\d+\b/g)].map((match) => Number(match[0])) };
}

function changed(value: Json, schema: StructuralSchema, words: Words, random: Random, depth: number): Json {
  switch (schema.type) {
    case 'string': return text(schema, words, random);
    case 'integer':
    case 'number': return random.pick([...words.numbers, ...words.numbers.map((it) => it + 1), 0, -1, 1, 5]);
    case 'boolean': return !value;
    case 'array': return list(Array.isArray(value) ? value : [], schema, words, random, depth);
    case 'object': return typeof value === 'object' && value !== null ? map(value, schema, words, random, depth) : generate(schema);
    default: return value;
  }
}

function text(schema: StructuralSchema, words: Words, random: Random): string {
  if (schema.enum && random.below(3) > 0) return String(random.pick(schema.enum));
  const word = words.texts.length > 0 ? random.pick(words.texts) : 'x';
  return random.pick([word, word, word, `a${word}`, `${word}a`, `/a${word}`, `a${word}/b`, '', 'a b', '10.0.0.1', 'x'.repeat(300), '0s', '1ms', '2h', '10s', '1us', 'a.*.b', '/a', 'ftp://x', '/é']);
}

function list(value: Json[], schema: StructuralSchema, words: Words, random: Random, depth: number): Json[] {
  const items = schema.items ?? {};
  const copy = structuredClone(value);
  if (copy.length === 0) copy.push(generate(items));
  switch (random.below(5)) {
    case 0: return [...copy, structuredClone(random.pick(copy))];
    case 1: return [...copy, changed(structuredClone(random.pick(copy)), items, words, random, depth + 1)];
    case 2: return [];
    case 3: return many(copy[0], schema, words, random);
    default: {
      const index = random.below(copy.length);
      copy[index] = changed(copy[index], items, words, random, depth + 1);
      return copy;
    }
  }
}

/** As many items as the list allows; lists within them are filled, too. */
function many(item: Json, schema: StructuralSchema, words: Words, random: Random): Json[] {
  const full = structuredClone(item);
  for (const name of words.fields) {
    const inner = schema.items?.properties?.[name];
    if (inner?.type === 'array' && inner.items && (inner.maxItems ?? 0) > 16) full[name] = Array.from({ length: inner.maxItems! }, () => generate(inner.items!));
  }
  return Array.from({ length: Math.min(schema.maxItems ?? 3, random.pick([2, 3, 16])) }, () => structuredClone(full));
}

function map(value: Json, schema: StructuralSchema, words: Words, random: Random, depth: number): Json {
  const copy = structuredClone(value);
  if (!schema.properties) {
    if (typeof schema.additionalProperties !== 'object') return copy;
    const key = random.pick(['', '*', 'a*', 'a b', 'x'.repeat(300), '0', '65536', 'http', ...words.texts, ...words.texts.map((it) => `${it}a`)]);
    return { ...copy, [key]: changed(undefined, schema.additionalProperties, words, random, depth + 1) ?? generate(schema.additionalProperties) };
  }
  const spoken = Object.keys(schema.properties).filter((name) => words.fields.has(name));
  const name = random.pick(spoken.length > 0 && random.below(8) > 0 ? spoken : Object.keys(schema.properties));
  const child = schema.properties[name];
  if (child === undefined) return copy;
  if (name in copy && random.below(3) === 0) delete copy[name];
  else copy[name] = name in copy && depth < 6 ? changed(copy[name], child, words, random, depth + 1) : generate(child);
  return copy;
}

function childOf(node: StructuralSchema, name: string): StructuralSchema | undefined {
  return node.properties?.[name] ?? (typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined);
}

function generate(schema: StructuralSchema): Json {
  try {
    return sampleValue(schema, '', { extent: 'full', variant: 0, overrides: () => undefined });
  } catch {
    return 'x';
  }
}
