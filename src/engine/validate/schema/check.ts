import { JsonType, SchemaNode, typeOf } from './schema-node';
import { isObject, JsonObject } from '../../model/json';
import { FieldPath } from '../field-path';
import { shown, Violations } from '../violation';

/**
 * Checks a value against a schema as the API server does.
 *
 * @returns how many checks it passed, by the count that the API server goes by when it chooses which of several failed alternatives to tell of
 */
export function checkSchema(value: unknown, schema: SchemaNode, path: FieldPath, violations: Violations): number {
  const type = typeOf(value);
  if (type === 'null') {
    const isRight = (schema.types.length === 0 || schema.isNullable) ? 1 : wrongType(schema.types.join(' or '), type, path, violations);
    checkEnum(null, schema, path, violations);
    return isRight;
  }
  let passed = 2;
  if (schema.types.length > 0 || schema.format !== undefined) passed += 1 + checkType(type, schema, path, violations);
  passed += 2 + checkAlternatives(value, schema, path, violations);
  switch (type) {
    case 'string':
      passed += 1;
      checkText(value as string, schema, path, violations);
      if (schema.textFormat) {
        passed += 1;
        if (!schema.textFormat.test(value as string)) {
          violations.add('FieldValueTypeInvalid', path, `${shown(value)} is not ${schema.textFormat.hint}`, { allowed: `the format ${schema.format}` });
        }
      }
      break;
    case 'integer':
    case 'number':
      passed += 2;
      checkNumber(value as number, schema, path, violations);
      break;
    case 'array':
      passed += 2 + checkList(value as unknown[], schema, path, violations);
  }
  checkEnum(value, schema, path, violations);
  if (type === 'object') passed += 1 + checkMap(value as JsonObject, schema, path, violations);
  return passed;
}

function wrongType(expected: string, type: JsonType, path: FieldPath, violations: Violations): 0 {
  violations.add('FieldValueTypeInvalid', path, `must be of type ${expected}, not ${type}`);
  return 0;
}

/** Whether the type fits, as 1 or 0. A list where a format is declared passes: upstream looks at formats first. */
function checkType(type: JsonType, schema: SchemaNode, path: FieldPath, violations: Violations): 0 | 1 {
  const { types, format } = schema;
  const isNumeric = types.includes('number') || types.includes('integer');
  if (format !== undefined && !isNumeric && (type === 'string' || type === 'array')) return 1;
  const fits = types.includes(type) || (type === 'integer' && types.includes('number'));
  return fits ? 1 : wrongType(types.length > 0 ? types.join(' or ') : `string of the format ${format}`, type, path, violations);
}

function checkEnum(value: unknown, schema: SchemaNode, path: FieldPath, violations: Violations): void {
  if (!schema.enum || schema.enum.includes(value) && value !== null) return;
  if (typeof value === 'object' && value !== null && schema.enum.some((it) => JSON.stringify(it) === JSON.stringify(value))) return;
  violations.add('FieldValueNotSupported', path, `unsupported value ${shown(value)}`, { allowed: `one of ${schema.enum.map(shown).join(', ')}` });
}

/** The first limit that is broken is told, as upstream. */
function checkText(value: string, schema: SchemaNode, path: FieldPath, violations: Violations): void {
  const { maxLength, minLength, pattern } = schema.limits;
  if (maxLength !== undefined && value.length > maxLength && codePoints(value) > maxLength) {
    violations.add('FieldValueTooLong', path, `is longer than ${maxLength} characters`, { allowed: `at most ${maxLength} characters` });
  } else if (minLength !== undefined && codePoints(value) < minLength) {
    violations.add('FieldValueInvalid', path, `${shown(value)} is too short`, { allowed: `at least ${minLength} characters` });
  } else if (pattern !== undefined && pattern !== '' && !schema.matchesPattern(value)) {
    violations.add('FieldValueInvalid', path, `${shown(value)} does not match the pattern`, { allowed: `a match of ${pattern}` });
  }
}

function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    const unit = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    if (unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
      count--;
      i++;
    }
  }
  return count;
}

function checkNumber(value: number, schema: SchemaNode, path: FieldPath, violations: Violations): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema.limits;
  if (schema.format === 'int32' && Number.isInteger(value) && Math.abs(value) < 2 ** 63 && (value > 2147483647 || value < -2147483648)) {
    violations.add('FieldValueInvalid', path, `${value} does not fit into 32 bits`, { allowed: 'from -2147483648 to 2147483647' });
  }
  if (multipleOf !== undefined && !Number.isInteger(multipleOf < 1 ? (1 / multipleOf) * value : value / multipleOf)) {
    violations.add('FieldValueInvalid', path, `${value} is not a multiple of ${multipleOf}`, { allowed: `a multiple of ${multipleOf}` });
  }
  if (minimum !== undefined && (value < minimum || (exclusiveMinimum && value === minimum))) {
    violations.add('FieldValueInvalid', path, `${value} is too small`, { allowed: exclusiveMinimum ? `more than ${minimum}` : `at least ${minimum}` });
  }
  if (maximum !== undefined && (value > maximum || (exclusiveMaximum && value === maximum))) {
    violations.add('FieldValueInvalid', path, `${value} is too large`, { allowed: exclusiveMaximum ? `less than ${maximum}` : `at most ${maximum}` });
  }
}

function checkList(value: readonly unknown[], schema: SchemaNode, path: FieldPath, violations: Violations): number {
  const { minItems, maxItems, uniqueItems } = schema.limits;
  let passed = 0;
  if (schema.items) {
    for (let i = 0; i < value.length; i++) passed += checkSchema(value[i], schema.items, path.index(i), violations);
  }
  if (minItems !== undefined && value.length < minItems) {
    violations.add('FieldValueInvalid', path, `has ${value.length} items`, { allowed: `at least ${minItems} items` });
  }
  if (maxItems !== undefined && value.length > maxItems) {
    violations.add('FieldValueTooMany', path, `has ${value.length} items`, { allowed: `at most ${maxItems} items` });
  }
  if (uniqueItems && new Set(value.map((it) => JSON.stringify(it))).size < value.length) {
    violations.add('FieldValueInvalid', path, 'has equal items', { allowed: 'items that differ' });
  }
  return passed;
}

function checkMap(value: JsonObject, schema: SchemaNode, path: FieldPath, violations: Violations): number {
  const names = Object.keys(value);
  const { minProperties, maxProperties } = schema.limits;
  let passed = 0;
  if (minProperties !== undefined && names.length < minProperties) {
    violations.add('FieldValueInvalid', path, `has ${names.length} entries`, { allowed: `at least ${minProperties} entries` });
  }
  if (maxProperties !== undefined && names.length > maxProperties) {
    violations.add('FieldValueTooMany', path, `has ${names.length} entries`, { allowed: `at most ${maxProperties} entries` });
  }
  for (const name of names) {
    const child = schema.child(name);
    if (child) passed += checkSchema(value[name], child, path.field(name), violations);
    else if (schema.additional === false) violations.add('FieldValueForbidden', path.field(name), 'unknown field');
  }
  for (const name of schema.required) {
    if (!Object.hasOwn(value, name)) violations.add('FieldValueRequired', path.field(name), 'is required');
  }
  return passed;
}

function checkAlternatives(value: unknown, schema: SchemaNode, path: FieldPath, violations: Violations): number {
  let passed = 0;
  if (schema.anyOf.length > 0) passed += checkAnyOf(value, schema.anyOf, path, violations);
  if (schema.oneOf.length > 0) passed += checkOneOf(value, schema.oneOf, path, violations);
  let failed = false;
  for (const part of schema.allOf) {
    const trial = attempt(value, part, path);
    passed += trial.passed;
    failed ||= !trial.violations.isEmpty;
    violations.addAll(trial.violations);
  }
  if (failed) violations.add('FieldValueInvalid', path, 'breaks a rule that holds beside others (allOf)');
  if (schema.not && attempt(value, schema.not, path).violations.isEmpty) {
    violations.add('FieldValueInvalid', path, `has a form that is excluded${describeFields(schema.not)} (not)`);
  }
  return passed;
}

interface Attempt {
  readonly passed: number;
  readonly violations: Violations;
}

function attempt(value: unknown, schema: SchemaNode, path: FieldPath): Attempt {
  const violations = new Violations('schema');
  return { passed: checkSchema(value, schema, path, violations), violations };
}

function checkAnyOf(value: unknown, alternatives: readonly SchemaNode[], path: FieldPath, violations: Violations): number {
  let best: Attempt | undefined;
  for (const alternative of alternatives) {
    const trial = attempt(value, alternative, path);
    if (trial.violations.isEmpty) return trial.passed;
    if (!best || trial.passed > best.passed) best = trial;
  }
  violations.add('FieldValueInvalid', path, `has none of the possible forms (anyOf)${describeForms(alternatives)}`);
  violations.addAll(best!.violations);
  return best!.passed;
}

function checkOneOf(value: unknown, alternatives: readonly SchemaNode[], path: FieldPath, violations: Violations): number {
  let best: Attempt | undefined;
  let first: Attempt | undefined;
  let valid = 0;
  for (const alternative of alternatives) {
    const trial = attempt(value, alternative, path);
    if (trial.violations.isEmpty) {
      valid++;
      first ??= trial;
      best = undefined;
    } else if (valid === 0 && (!best || trial.passed > best.passed)) {
      best = trial;
    }
  }
  if (valid === 1) return first!.passed;
  const found = setFields(value, alternatives);
  const message = valid === 0 ? 'has none of the forms of which it must have exactly one (oneOf)'
    : `has ${valid} forms of which it may have one only (oneOf)${found.length > 1 ? `: ${found.join(' and ')} exclude each other` : ''}`;
  violations.add('FieldValueInvalid', path, message, { allowed: oneOfHint(alternatives) });
  if (best) violations.addAll(best.violations);
  return best?.passed ?? 0;
}

/** Fields that single alternatives demand. */
function demandedFields(alternatives: readonly SchemaNode[]): string[] {
  return [...new Set(alternatives.flatMap((it) => it.required))];
}

function setFields(value: unknown, alternatives: readonly SchemaNode[]): string[] {
  return isObject(value) ? demandedFields(alternatives).filter((name) => Object.hasOwn(value, name)) : [];
}

function oneOfHint(alternatives: readonly SchemaNode[]): string | undefined {
  const names = demandedFields(alternatives);
  if (names.length < 2) return undefined;
  return `${alternatives.some((it) => it.not) ? 'at most' : 'exactly'} one of ${names.join(', ')}`;
}

function describeForms(alternatives: readonly SchemaNode[]): string {
  const names = demandedFields(alternatives);
  return names.length > 0 ? `: it needs ${names.join(' or ')}` : '';
}

function describeFields(schema: SchemaNode): string {
  const names = [...schema.required, ...demandedFields(schema.anyOf)];
  return names.length > 0 ? `: ${names.join(', ')}` : '';
}
