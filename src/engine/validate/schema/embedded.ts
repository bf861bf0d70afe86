import { SchemaNode } from './schema-node';
import { isObject, JsonObject, textOf } from '../../model/json';
import { FieldPath } from '../field-path';
import { ANY_NAME, checkMeta, decodeMeta } from '../object-meta';
import { dns1035LabelProblem } from '../text/names';
import { shown, Violations } from '../violation';

/** Checks the types of objects within the object, which a reader must be able to understand; what it cannot read hides all else. */
export function decodeEmbedded(value: unknown, schema: SchemaNode, violations: Violations): void {
  visitEmbedded(value, schema, FieldPath.ROOT, (object, place) => {
    for (const name of ['apiVersion', 'kind']) {
      if (Object.hasOwn(object, name) && typeof object[name] !== 'string') {
        violations.add('FieldValueTypeInvalid', place.field(name), `must be of type string, not ${shown(object[name])}`);
      }
    }
    decodeMeta(object.metadata, place.field('metadata'), violations);
  });
}

/** Checks apiVersion, kind and metadata of objects within the object. */
export function checkEmbedded(value: unknown, schema: SchemaNode, path: FieldPath, violations: Violations): void {
  visitEmbedded(value, schema, path, (object, place) => {
    checkTypeName(object, 'apiVersion', place, violations, (it) => it.split('/').length > 2 ? 'GROUP/VERSION' : undefined);
    checkTypeName(object, 'kind', place, violations, (it) => dns1035LabelProblem(it.toLowerCase()));
    if (!Object.hasOwn(object, 'metadata')) return;
    const { meta } = decodeMeta(object.metadata, place.field('metadata'), new Violations('metadata'));
    const isNamespaced = (textOf(meta.namespace) ?? '') !== '';
    checkMeta(meta, { isNamespaced, name: ANY_NAME, needsName: false }, place.field('metadata'), violations);
  });
}

function checkTypeName(object: JsonObject, name: string, path: FieldPath, violations: Violations, check: (value: string) => string | undefined): void {
  const value = object[name];
  if (!Object.hasOwn(object, name)) {
    violations.add('FieldValueRequired', path.field(name), 'is required');
  } else if (typeof value === 'string') {
    const problem = value === '' ? 'a value' : check(value);
    if (problem) violations.add('FieldValueInvalid', path.field(name), `invalid value ${shown(value)}`, { allowed: problem });
  }
}

function visitEmbedded(value: unknown, schema: SchemaNode, path: FieldPath, visit: (object: JsonObject, path: FieldPath) => void): void {
  if (!schema.hasEmbedded) return;
  if (Array.isArray(value)) {
    if (schema.items) value.forEach((item, index) => visitEmbedded(item, schema.items!, path.index(index), visit));
  } else if (isObject(value)) {
    if (schema.isEmbedded) visit(value, path);
    for (const name of Object.keys(value)) {
      const child = schema.child(name);
      if (child) visitEmbedded(value[name], child, schema.properties?.has(name) ? path.field(name) : path.key(name), visit);
    }
  }
}
