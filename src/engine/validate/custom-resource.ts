import { FieldPath } from './field-path';
import { checkMeta, decodeMeta } from './object-meta';
import { checkSchema } from './schema/check';
import { checkEmbedded, decodeEmbedded } from './schema/embedded';
import { Preparation, unknownFieldsAsViolations } from './schema/prepare';
import { SchemaNode } from './schema/schema-node';
import { checkUniqueLists } from './schema/unique-lists';
import { dnsSubdomainProblem } from './text/names';
import { Violation, ViolationReason, Violations } from './violation';
import { JsonObject } from '../model/json';
import { VersionSchema } from '../schema/types';

/** What keeps the API server from running CEL rules: values that the rules could not cope with. */
const BLOCKING: ReadonlySet<ViolationReason> = new Set([
  'FieldValueNotSupported', 'FieldValueRequired', 'FieldValueTooLong', 'FieldValueTooMany', 'FieldValueTypeInvalid',
]);

/** Runs the CEL rules of a schema over an object. */
export type RuleCheck = (object: JsonObject, schema: SchemaNode, violations: Violations) => void;

/** Checks a custom resource as the API server does when it is created. */
export function checkCustomResource(object: JsonObject, version: VersionSchema, isNamespaced: boolean, checkRules: RuleCheck): readonly Violation[] {
  const schema = SchemaNode.of(version.schema);
  const metadata = new Violations('metadata');
  const structure = new Violations('schema');
  const { meta, isReadable } = decodeMeta(object.metadata, FieldPath.ROOT.field('metadata'), metadata);
  const prepared = new Preparation(unknownFieldsAsViolations(structure)).object(object, schema);
  const types = new Violations('type');
  decodeEmbedded(prepared, schema, types);
  metadata.addAll(types);
  const checked = version.status ? withoutStatus(prepared) : prepared;
  if (isReadable) checkMeta(meta, { isNamespaced, name: dnsSubdomainProblem, needsName: true }, FieldPath.ROOT.field('metadata'), metadata);
  checkSchema(checked, schema, FieldPath.ROOT, structure);
  if (version.scale) checkReplicas(checked, version.scale.specReplicasPath, structure);
  checkEmbedded(checked, schema, FieldPath.ROOT, structure);
  checkUniqueLists(checked, schema, FieldPath.ROOT, structure);

  const found = [...metadata.list(), ...structure.list()];
  if (!schema.hasRules || found.some((it) => BLOCKING.has(it.reason))) return found;
  const rules = new Violations('rule');
  checkRules({ ...checked, metadata: meta }, schema, rules);
  return [...found, ...rules.list()];
}

/** Creating an object cannot set a status that is a subresource. */
function withoutStatus(object: JsonObject): JsonObject {
  if (!Object.hasOwn(object, 'status')) return object;
  const { status: _, ...rest } = object;
  return rest;
}

/** The field that `kubectl scale` would write must be a count. */
function checkReplicas(object: JsonObject, jsonPath: string, violations: Violations): void {
  const names = jsonPath.replace(/^\./, '').split('.');
  const value = names.reduce<unknown>((at, name) => typeof at === 'object' && at !== null ? (at as JsonObject)[name] : undefined, object);
  if (typeof value !== 'number') return;
  if (value < 0 || value > 2147483647) {
    violations.add('FieldValueInvalid', FieldPath.ROOT.fields(...names), `${value} is no number of replicas`, { allowed: 'from 0 to 2147483647' });
  }
}
