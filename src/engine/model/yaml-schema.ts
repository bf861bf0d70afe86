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
  return lib.FAILSAFE_SCHEMA.withTags(lib.nullYaml11Tag, bool, int, float, binary, lib.mergeTag);
}

function integer(source: string): number | undefined {
  const text = source.replace(/_/g, '');
  const match = /^([-+]?)(?:0x([0-9a-fA-F]+)|0b([01]+)|0o?([0-7]+)|(0|[1-9][0-9]*))$/.exec(text);
  if (!match) return undefined;
  const value = match[2] ? parseInt(match[2], 16) : match[3] ? parseInt(match[3], 2) : match[4] ? parseInt(match[4], 8) : Number(match[5]);
  return match[1] === '-' ? -value : value;
}

function decimal(source: string): number | undefined {
  if (/^[-+]?\.(inf|Inf|INF)$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
  if (/^\.(nan|NaN|NAN)$/.test(source)) return NaN;
  const text = source.replace(/_/g, '');
  return FLOAT.test(text) ? Number(text) : undefined;
}
