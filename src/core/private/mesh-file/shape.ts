import { parseGoDuration } from '../../../private/duration';
import { fail } from '../../../private/errors';

/** What a value of a settings file may be. It is also what its JSON schema is made of. */
export type Shape =
  | { readonly type: 'text'; readonly about: string; readonly oneOf?: readonly string[]; readonly pattern?: RegExp; readonly example?: string }
  | { readonly type: 'duration'; readonly about: string }
  | { readonly type: 'flag'; readonly about: string }
  | { readonly type: 'number'; readonly about: string; readonly least: number; readonly most?: number; readonly whole?: boolean }
  | { readonly type: 'list'; readonly about: string; readonly of: 'text' | 'number'; readonly oneOf?: readonly string[] }
  | { readonly type: 'map'; readonly about: string; readonly fields: { readonly [key: string]: Shape }; readonly required?: readonly string[] };

/** Throws when a value is not what it may be; keys that nobody knows are named with the nearest one. */
export function checkShape(shape: Shape, value: unknown, place: string, source: string): void {
  const wrong = (fix: string): never => fail('MESH-E072', `invalid ${place} in ${source}, got ${JSON.stringify(value)}`, fix);
  switch (shape.type) {
    case 'text':
      if (typeof value !== 'string' || value === '' || (shape.oneOf && !shape.oneOf.includes(value)) || (shape.pattern && !shape.pattern.test(value))) {
        wrong(shape.oneOf ? `use ${shape.oneOf.join(', ')}${typeof value === 'string' ? hint(value, shape.oneOf) : ''}` : `give a text${shape.example ? ` such as "${shape.example}"` : ''}`);
      }
      return;
    case 'duration':
      if (typeof value !== 'string' || !((parseGoDuration(value) ?? 0) >= 1)) { wrong('use a length of time such as "500ms" or "1m30s"'); }
      return;
    case 'flag':
      if (typeof value !== 'boolean') { wrong('use true or false'); }
      return;
    case 'number': {
      const { least, most = Number.MAX_SAFE_INTEGER, whole } = shape;
      if (typeof value !== 'number' || value < least || value > most || (whole && !Number.isInteger(value))) {
        wrong(`use a ${whole ? 'whole ' : ''}number from ${least}${shape.most === undefined ? '' : ` to ${most}`}`);
      }
      return;
    }
    case 'list':
      if (!Array.isArray(value)) { wrong('use a list'); }
      (value as unknown[]).forEach((item, index) => checkShape(
        shape.of === 'text' ? { type: 'text', about: '', oneOf: shape.oneOf } : { type: 'number', about: '', least: 100, most: 599, whole: true }, item, `${place}[${index}]`, source));
      return;
    case 'map':
      checkMap(shape, value, place, source);
  }
}

function checkMap({ fields, required = [] }: Shape & { readonly type: 'map' }, value: unknown, place: string, source: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fail('MESH-E072', `${place === '' ? source : `${place} of ${source}`} is no map`, `use the keys ${Object.keys(fields).join(', ')}`);
  }
  const known = Object.keys(fields);
  for (const [key, field] of Object.entries(value)) {
    const at = place === '' ? key : `${place}.${key}`;
    if (!Object.hasOwn(fields, key)) {
      fail('MESH-E072', `unknown key "${at}" in ${source}`, `use one of ${known.join(', ')}${hint(key, known)}`);
    }
    checkShape(fields[key], field, at, source);
  }
  const missing = required.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) {
    fail('MESH-E072', `"${place === '' ? missing : `${place}.${missing}`}" is missing in ${source}`, `give it: ${fields[missing].about}`);
  }
}

/** What was probably meant. */
function hint(given: string, known: readonly string[]): string {
  const [nearest] = known.map((candidate) => ({ candidate, distance: distance(given.toLowerCase(), candidate.toLowerCase()) })).sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= Math.max(3, given.length / 2) ? ` (did you mean "${nearest.candidate}"?)` : '';
}

/** How many letters differ (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}

/** The JSON schema of a shape. */
export function jsonSchema(shape: Shape): object {
  switch (shape.type) {
    case 'text': return { type: 'string', description: shape.about, ...(shape.oneOf ? { enum: shape.oneOf } : { minLength: 1 }), ...(shape.pattern ? { pattern: shape.pattern.source } : {}) };
    case 'duration': return { type: 'string', description: `${shape.about} A length of time such as 500ms or 1m30s.`, pattern: '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$' };
    case 'flag': return { type: 'boolean', description: shape.about };
    case 'number': return { type: shape.whole ? 'integer' : 'number', description: shape.about, minimum: shape.least, ...(shape.most === undefined ? {} : { maximum: shape.most }) };
    case 'list': return {
      type: 'array', description: shape.about, items: shape.of === 'text' ? { type: 'string', ...(shape.oneOf ? { enum: shape.oneOf } : {}) } : { type: 'integer', minimum: 100, maximum: 599 },
    };
    case 'map': return {
      type: 'object',
      description: shape.about,
      additionalProperties: false,
      properties: Object.fromEntries(Object.entries(shape.fields).map(([key, field]) => [key, jsonSchema(field)])),
      ...(shape.required ? { required: shape.required } : {}),
    };
  }
}
