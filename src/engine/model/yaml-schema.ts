import type * as yaml from 'js-yaml';

/** The part of js-yaml that the schema is built from; handed in so that the library loads on first use. */
type JsYaml = typeof yaml;

const TRUE = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);
const FALSE = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);
const DIGITS = [...'0123456789'];

/** Decimal numbers; what looks like an integer was tried before. */
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/**
 * The scalars of YAML as Kubernetes' clients and API server read them: YAML 1.1 words and octals, but no sexagesimal
 * numbers and no dates (text stays text).
 */
export function kubernetesSchema(lib: JsYaml): yaml.Schema {
  const bool = lib.defineScalarTag<boolean>('tag:yaml.org,2002:bool', {
    implicit: true,
    implicitFirstChars: [...'yYnNtTfFoO'],
    resolve: text => (TRUE.has(text) ? true : FALSE.has(text) ? false : lib.NOT_RESOLVED),
    identify: value => typeof value === 'boolean',
  });
  const int = lib.defineScalarTag<number>('tag:yaml.org,2002:int', {
    implicit: true,
    implicitFirstChars: ['-', '+', ...DIGITS],
    resolve: text => integer(text) ?? lib.NOT_RESOLVED,
    identify: value => Number.isInteger(value),
  });
  const float = lib.defineScalarTag<number>('tag:yaml.org,2002:float', {
    implicit: true,
    implicitFirstChars: ['-', '+', '.', ...DIGITS],
    resolve: text => decimal(text) ?? lib.NOT_RESOLVED,
    identify: value => typeof value === 'number' && !Number.isInteger(value),
  });
  const binary = lib.defineScalarTag<string>('tag:yaml.org,2002:binary', {
    resolve: text => Buffer.from(text, 'base64').toString('utf8'),
    identify: () => false,
  });
  const map = lib.defineMappingTag('tag:yaml.org,2002:map', {
    ...lib.mapTag,
    addPair: (carrier, key, value) => key === null ? 'null cannot be a key' : lib.mapTag.addPair(carrier, key, value),
  });
  return lib.FAILSAFE_SCHEMA.withTags(lib.nullYaml11Tag, bool, int, float, binary, lib.mergeTag, map, ...otherTags(lib, map));
}

/** All other tags mean nothing: their values are read as those of the plainest kind. */
function otherTags(lib: JsYaml, map: yaml.MappingTagDefinition<Record<string, unknown>>): yaml.TagDefinition[] {
  return ['!', 'tag:'].flatMap((prefix) => [
    lib.defineScalarTag<string>(prefix, { matchByTagPrefix: true, resolve: (text) => text, identify: () => false }),
    lib.defineSequenceTag(prefix, { ...lib.seqTag, matchByTagPrefix: true, identify: () => false }),
    lib.defineMappingTag(prefix, { ...map, matchByTagPrefix: true, identify: () => false }),
  ]);
}

function integer(source: string): number | undefined {
  const text = source.replace(/_/g, '');
  const match = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/.exec(text);
  if (!match) return undefined;
  const value = match[2] ? parseInt(match[2], 16) : match[3] ? parseInt(match[3], 2) : match[4] ? parseInt(match[4], 8) : Number(match[5]);
  return match[1] === '-' ? -value : value;
}

function decimal(source: string): number | undefined {
  // An error, as JSON has no such number.
  if (/^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(source)) throw new SyntaxError(`${source} is no number that JSON can hold`);
  // After a leading dot, underscores must be between digits.
  if (source.startsWith('.') && /(?<!\d)_|_(?!\d)/.test(source)) return undefined;
  const text = source.replace(/_/g, '');
  const value = FLOAT.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}
