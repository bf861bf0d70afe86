import { Random } from './random';
import { StructuralSchema } from '../../../src/engine/schema/types';
import { sampleValue } from '../l1/sample-value';

type Json = any;

/** A place in an object that something can be done to. */
interface Place {
  readonly holder: Json;
  readonly key: string | number;
  readonly schema: StructuralSchema;
  readonly path: string;
}

/** An object that was changed, and how. */
export interface Mutant {
  readonly object: Json;
  readonly changes: readonly string[];
}

/** Texts that one check or another stumbles over. */
const TEXTS = [
  '', ' ', 'a', 'A', '-', '.', '*', '/', '0', '-1', '1', '80', '65536', '5s', '0s', '0.5ms', '1d', '1h30m', '2 days', 'x'.repeat(64), 'x'.repeat(300), 'ä', '日本',
  'a b', 'a_b', 'a.b', 'A.B', '*.example.com', 'example.com.', '10.0.0.1', '10.0.0.0/8', '010.0.0.1', '::1', 'http://a/b?c=d', 'ftp://a', '//a', 'http://[::1', 'a/b/c',
  'example.com/a', 'trust-manager.io/a', 'GET', '1.5', '1e3', '1Gi', '50%', '101%', 'true', 'null', 'a\nb', '~', 'unix://', 'unix:///a/', 'unix://a', 'default', 'spiffe://a/b',
  'Kubernetes', '2026-02-30T00:00:00Z', '2026-01-01T00:00:00Z', 'YQ==', 'YQ', '😀', 'x'.repeat(4097), '24:00', '123e4567-e89b-12d3-a456-426614174000',
];
const NUMBERS = [-1, 0, 1, 2, 99, 100, 101, 443, 599, 600, 1024, 65535, 65536, 2147483647, 2147483648, -2147483649, 1e10, 1.5, 0.1, -0.5, 9007199254740992, 1e19];
const OTHER_TYPES: readonly Json[] = [5, 1.5, 'text', true, {}, [], ['a'], null, [{}], [null]];
const LABELS = [
  { 'a b': 'x' }, { a: 'b c' }, { 'A/b': 'c' }, { 'a/b/c': 'd' }, { '': 'x' }, { a: '-' }, { 'a/': 'b' }, { '/a': 'b' }, { ['x'.repeat(64)]: 'y' }, { a: 'y'.repeat(64) },
  { 'example.com/a_b.c': '1' }, { a: 5 }, { a: null }, 'a', [],
];
const NAMES = ['', 'A', 'a_b', 'a.b', '-a', 'a-', '1', 'x'.repeat(253), 'x'.repeat(254), 'a..b', 'ä', 'a/b', 'default', '.', 5, null, ['a']];

/** Objects that differ from a valid one in one to three places; most are invalid. Fields that are to be avoided are never added. */
export function mutants(object: Json, schema: StructuralSchema, random: Random, count: number, avoided: readonly string[] = []): Mutant[] {
  return Array.from({ length: count }, () => mutant(object, schema, random, avoided));
}

function mutant(object: Json, schema: StructuralSchema, random: Random, avoided: readonly string[]): Mutant {
  const root = { object: structuredClone(object) };
  const changes: string[] = [];
  for (let i = random.pick([1, 1, 1, 2, 3]); i > 0; i--) {
    if (random.below(12) === 0) {
      changes.push(changeMetadata(root.object, random));
      continue;
    }
    const places = placesOf(root.object, schema);
    if (places.length > 0) changes.push(change(random.pick(places), random, avoided));
  }
  return { object: root.object, changes };
}

/** Everything in an object that its schema describes, apart from its metadata. */
function placesOf(object: Json, schema: StructuralSchema): Place[] {
  const places: Place[] = [];
  const visit = (value: Json, node: StructuralSchema, path: string): void => {
    if (Array.isArray(value)) {
      if (node.items) value.forEach((item, index) => add(value, index, node.items!, `${path}[${index}]`, item));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        const child = node.properties?.[name] ?? (typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined);
        if (child && !(path === '' && ['apiVersion', 'kind', 'metadata'].includes(name))) add(value, name, child, `${path}.${name}`, item);
      }
    }
  };
  const add = (holder: Json, key: string | number, node: StructuralSchema, path: string, item: Json): void => {
    places.push({ holder, key, schema: node, path });
    visit(item, node, path);
  };
  visit(object, schema, '');
  return places;
}

function change(place: Place, random: Random, avoided: readonly string[]): string {
  const { holder, key, schema } = place;
  const value = holder[key];
  const set = (to: Json): string => {
    holder[key] = to;
    return `${place.path} = ${JSON.stringify(to)?.slice(0, 60)}`;
  };
  switch (random.below(8)) {
    case 0:
      return set(structuredClone(random.pick(OTHER_TYPES)));
    case 1:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return `${place.path} removed`;
    case 2:
      if (schema.enum) return set(random.pick(schema.enum));
  }
  if (Array.isArray(value)) return changeList(place, random, set);
  if (typeof value === 'object' && value !== null) return changeMap(place, random, set, avoided);
  if (typeof value === 'string') return set(random.pick(schema.enum && random.below(2) ? [...schema.enum, 'NO_SUCH'] : TEXTS));
  if (typeof value === 'number') return set(random.pick(limitsOf(schema)));
  if (typeof value === 'boolean') return set(random.pick([!value, 'true', 1]));
  return set(structuredClone(random.pick(OTHER_TYPES)));
}

function limitsOf(schema: StructuralSchema): number[] {
  const { minimum = 0, maximum = 100 } = schema;
  return [...NUMBERS, minimum - 1, minimum, maximum, maximum + 1];
}

function changeList(place: Place, random: Random, set: (to: Json) => string): string {
  const value: Json[] = place.holder[place.key];
  switch (random.below(4)) {
    case 0: return set([]);
    case 1: return set([...value, ...structuredClone(value)]);
    case 2: return set(Array.from({ length: JSON.stringify(value).length > 2000 ? 2 : (place.schema.maxItems ?? 16) + 1 }, () => structuredClone(value[0] ?? null)));
    default: return set([...value, structuredClone(random.pick(OTHER_TYPES))]);
  }
}

function changeMap(place: Place, random: Random, set: (to: Json) => string, avoided: readonly string[]): string {
  const { schema } = place;
  const value = place.holder[place.key];
  if (schema.properties && random.below(3) > 0) {
    const absent = Object.keys(schema.properties).filter((name) => !(name in value) && !avoided.includes(name));
    if (absent.length > 0) {
      const name = random.pick(absent);
      const sample = without(generate(schema.properties[name]), avoided);
      value[name] = sample === undefined ? random.pick(OTHER_TYPES) : sample;
      return `${place.path}.${name} added`;
    }
  }
  if (typeof schema.additionalProperties === 'object') {
    const key = random.pick(TEXTS);
    value[key] = Object.values(value)[0] ?? generate(schema.additionalProperties) ?? 'x';
    return `${place.path}[${key.slice(0, 40)}] added`;
  }
  return set({});
}

/** A full value of a schema, or undefined when there is no sample of it. */
function generate(schema: StructuralSchema): Json {
  try {
    return sampleValue(schema, '', { extent: 'full', variant: 0, overrides: () => undefined });
  } catch {
    return undefined;
  }
}

/** A value without some fields, wherever they are. */
function without(value: Json, names: readonly string[]): Json {
  if (Array.isArray(value)) return value.map((it) => without(it, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)).map(([name, it]) => [name, without(it, names)]));
}

function changeMetadata(object: Json, random: Random): string {
  const { metadata } = object;
  const [name, value] = random.pick<readonly [string, Json]>([
    ['name', random.pick(NAMES)], ['labels', random.pick(LABELS)], ['annotations', random.pick(LABELS)],
    ['generateName', random.pick(NAMES)], ['finalizers', random.pick([['a b'], ['a.b/c'], ['orphan', 'foregroundDeletion'], 'x', [5]])],
    ['ownerReferences', random.pick([[{}], [{ apiVersion: 'v1', kind: 'Event', name: 'a', uid: 'u' }], [{ apiVersion: 'a/', kind: 'B', name: 'c', uid: 'd' }], {}])],
    ['creationTimestamp', random.pick(['2026-01-01T00:00:00Z', 'yesterday', null, 5])], ['generation', random.pick([1, -1, 'x', 1.5])],
  ]);
  if (typeof metadata !== 'object' || metadata === null) return 'nothing';
  metadata[name] = structuredClone(value);
  return `metadata.${name} = ${JSON.stringify(value).slice(0, 60)}`;
}

/** An object with fields that its schema does not have. */
export function withUnknownFields(object: Json, schema: StructuralSchema, random: Random): Json {
  const root = structuredClone(object);
  for (let i = random.pick([1, 2, 3]); i > 0; i--) {
    const holders = [root, root.metadata, ...placesOf(root, schema).map(({ holder, key }) => holder[key])]
      .filter((it) => typeof it === 'object' && it !== null && !Array.isArray(it));
    random.pick(holders)[random.pick(['unknownField', 'Spec', 'names', 'x-y', 'a.b'])] = structuredClone(random.pick([1, 'x', { a: 1 }, [{ b: 2 }]]));
  }
  return root;
}
