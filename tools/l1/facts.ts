import { Schema } from './crd';
import { Member, Place, Shape, shapeOf, TypeRef } from './model';

/** Longer patterns and rules are in the schema data only. */
const LONGEST_PATTERN = 80;
const MOST_RULES = 3;

/** What else is known about a place: its channel, the version that introduced it. */
export type PlaceNotes = (place: Place) => string[];

/** One sentence about a member, made of what holds at every place where its struct occurs. */
export function describeMember(member: Member, notes: PlaceNotes): string {
  if (member.places.every(({ kind, path }) => path === `${kind.kind}.spec`)) {
    return 'What is wanted.';
  }
  const rules = shapeOf(member.type) ? () => [] : celFacts; // a struct has its own docstring
  const facts = common(member.places.map((place) => [...valueFacts(place.schema), ...rules(place.schema), ...notes(place)]));
  const spelling = member.name === member.wire ? [] : [`\`${member.wire}\` in the manifest`];
  return [capital(noun(member.type, member.places[0].schema)), ...facts, ...spelling].join(', ') + '.';
}

/** One or two sentences about a struct or an enum. */
export function describeShape(shape: Shape): string {
  const facts = common(shape.places.map((place) => {
    const schema = innermost(place.schema);
    return [...alternatives(schema), ...structRules(schema)];
  }));
  const paths = [...new Set(shape.places.map((place) => place.path))];
  const where = paths.length === 1 ? `\`${paths[0]}\`` : `\`${paths[0]}\` and ${paths.length - 1} other place${paths.length > 2 ? 's' : ''}`;
  return [`${shape.form === 'enum' ? 'Values' : 'Members'} of ${where}.`, ...facts].join(' ');
}

/** The facts that every list holds, in the order of the first. */
function common(lists: string[][]): string[] {
  return [...new Set(lists[0])].filter((fact) => lists.every((list) => list.includes(fact)));
}

function noun(type: TypeRef, schema: Schema): string {
  switch (type.kind) {
    case 'string': return STRING_FORMATS[schema.format ?? ''] ?? 'string';
    case 'number': return schema.type === 'integer' ? 'integer' : 'number';
    case 'boolean': return 'boolean';
    case 'intOrString': return 'number or string';
    case 'any': return 'any value';
    case 'shape': return type.shape.form === 'enum' ? `one of ${type.shape.values.join(', ')}` : `${type.shape.name} object`;
    case 'list': return `list of ${plural(type.of, schema.items ?? {})}`;
    case 'map': return type.of.kind === 'any' ? 'open map' : `map of ${plural(type.of, schema.additionalProperties as Schema)}`;
  }
}

const STRING_FORMATS: Record<string, string> = { 'date-time': 'RFC 3339 time', 'byte': 'base64 string', 'uri': 'URI', 'duration': 'duration' };

function plural(type: TypeRef, schema: Schema): string {
  switch (type.kind) {
    case 'shape': return `${type.shape.name}`;
    case 'any': return 'any values';
    case 'intOrString': return 'numbers or strings';
    case 'list':
    case 'map': return type.of.kind === 'any' ? `open ${type.kind}s` : `${type.kind}s of ${plural(type.of, schema.items ?? schema.additionalProperties as Schema ?? {})}`;
    default: return `${noun(type, schema)}s`;
  }
}

/** What the schema says about a value, beyond its type. */
function valueFacts(schema: Schema): string[] {
  const facts: string[] = [];
  const say = (fact: string | undefined) => fact && facts.push(fact);
  if (schema.enum && !(schema.type === 'string' && schema.enum.every((value) => value))) {
    say(`one of ${schema.enum.map((value) => value === '' ? 'the empty string' : String(value)).join(', ')}`);
  }
  say(range('', schema.minimum, schema.maximum, '', schema.exclusiveMinimum, schema.exclusiveMaximum));
  say(range('', schema.minLength, schema.maxLength, 'character'));
  say(range('', schema.minItems, schema.maxItems, 'item'));
  say(range('', schema.minProperties, schema.maxProperties, 'entry'));
  say(patternFact(schema.pattern));
  say(schema['x-kubernetes-list-type'] === 'set' ? 'no repeated items' : undefined);
  const keys = schema['x-kubernetes-list-map-keys'];
  say(keys?.length ? `unique by ${keys.join(' and ')}` : undefined);
  say(schema.default === undefined || typeof schema.default === 'object' ? undefined : `default ${JSON.stringify(schema.default)}`);
  if (schema.items && !schema.items.properties) {
    facts.push(...[...valueFacts(schema.items), ...celFacts(schema.items)].map((fact) => `each ${fact}`));
  }
  return facts;
}

function range(prefix: string, low?: number, high?: number, unit = '', openLow = false, openHigh = false): string | undefined {
  if (low === undefined && high === undefined) {
    return undefined;
  }
  const unitFor = (n: number) => unit === '' ? '' : n === 1 ? ` ${unit}` : ` ${unit === 'entry' ? 'entries' : `${unit}s`}`;
  const floor = low === 0 && (unit !== '' || !openLow) && unit !== '' ? undefined : low;
  if (floor === undefined) {
    return high === undefined ? undefined : `${prefix}${openHigh ? 'less than' : 'at most'} ${high}${unitFor(high)}`;
  }
  if (high === undefined) {
    return `${prefix}${openLow ? 'more than' : 'at least'} ${floor}${unitFor(floor)}`;
  }
  return floor === high ? `${prefix}exactly ${floor}${unitFor(floor)}` : `${prefix}${openLow ? 'above ' : ''}${floor} to ${openHigh ? 'below ' : ''}${high}${unitFor(high)}`;
}

function patternFact(pattern: string | undefined): string | undefined {
  if (!pattern) {
    return undefined;
  }
  return pattern.length > LONGEST_PATTERN ? 'restricted by a pattern' : `pattern \`${pattern.replace(/`/g, '\\`')}\``;
}

/** Rules that read better as words than as an expression. */
function celFacts(schema: Schema): string[] {
  return (schema['x-kubernetes-validations'] ?? []).flatMap(({ rule }) => {
    const least = /^duration\(self\) >= duration\('(\w+)'\)$/.exec(rule.trim());
    if (least) {
      return [`a duration of at least ${least[1]}`];
    }
    const tidy = rule.trim().replace(/\s+/g, ' ');
    return tidy.length <= LONGEST_PATTERN && !tidy.includes('`') ? [`rule \`${tidy}\``] : [];
  });
}

/** The rules between a struct's members; more than a few are only counted. */
function structRules(schema: Schema): string[] {
  const rules = celFacts(schema);
  const all = schema['x-kubernetes-validations']?.length ?? 0;
  return all > MOST_RULES ? [`${all} CEL rules relate the members.`] : rules.map((rule) => `${capital(rule)}.`);
}

/** `oneOf` in the two forms in which controllers write it: exactly one of, at most one of. */
function alternatives(schema: Schema): string[] {
  return [schema.oneOf, ...(schema.allOf ?? []).map((part) => part.oneOf)].flatMap((branches) => {
    const required = (branches ?? []).filter((branch) => !branch.not).map((branch) => branch.required ?? []);
    const mayBeNone = (branches ?? []).some((branch) => branch.not);
    if (required.length < 2 || required.some((names) => names.length !== 1)) {
      return [];
    }
    return [`${mayBeNone ? 'At most' : 'Exactly'} one of ${required.map(([name]) => name).join(', ')}.`];
  });
}

function innermost(schema: Schema): Schema {
  if (schema.properties) {
    return schema;
  }
  const inner = schema.items ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
  return inner ? innermost(inner) : schema;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
