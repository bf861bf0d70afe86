import { SchemaNode } from './schema-node';
import { isObject } from '../../model/json';
import { FieldPath } from '../field-path';
import { shown, Violations } from '../violation';

/** Checks that lists which are sets or maps by some keys hold each item once. */
export function checkUniqueLists(value: unknown, schema: SchemaNode, path: FieldPath, violations: Violations): void {
  if (!schema.hasUniqueLists) return;
  if (Array.isArray(value)) {
    if (schema.listType === 'set') checkSet(value, path, violations);
    if (schema.listType === 'map') checkMapList(value, schema.mapKeys, path, violations);
    if (schema.items) value.forEach((item, index) => checkUniqueLists(item, schema.items!, path.index(index), violations));
  } else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      const child = schema.child(name);
      if (child) checkUniqueLists(value[name], child, schema.properties?.has(name) ? path.field(name) : path.key(name), violations);
    }
  }
}

function checkSet(items: readonly unknown[], path: FieldPath, violations: Violations): void {
  for (const index of repeated(items)) violations.add('FieldValueDuplicate', path.index(index), `duplicate value ${shown(items[index])}`);
}

function checkMapList(items: readonly unknown[], keys: readonly string[], path: FieldPath, violations: Violations): void {
  const odd = items.findIndex((item) => item !== null && !isObject(item));
  if (odd >= 0) {
    violations.add('FieldValueInvalid', path.index(odd), 'must be an object');
    return;
  }
  const identities = items.map((item) => {
    const present = keys.filter((key) => isObject(item) && Object.hasOwn(item, key));
    return Object.fromEntries(present.map((key) => [key, isObject(item) ? item[key] : undefined]));
  });
  for (const index of repeated(identities)) {
    violations.add('FieldValueDuplicate', path.index(index), `duplicate item ${shown(identities[index])}`, { allowed: `items that differ in ${keys.join(' or ')}` });
  }
}

/** Positions at which a value stands for the second time. */
function repeated(values: readonly unknown[]): number[] {
  if (values.length < 2) return [];
  const times = new Map<string, number>();
  return values.flatMap((value, index) => {
    const key = JSON.stringify(value);
    const before = times.get(key) ?? 0;
    times.set(key, before + 1);
    return before === 1 ? [index] : [];
  });
}
