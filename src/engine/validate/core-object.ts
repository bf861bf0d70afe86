import { CORE_KINDS } from './core/kinds';
import { FieldPath } from './field-path';
import { Decoding } from './native/decode';
import { checkMeta, decodeMeta } from './object-meta';
import { unknownFieldsAsViolations } from './schema/prepare';
import { SchemaNode } from './schema/schema-node';
import { dnsSubdomainProblem } from './text/names';
import { Violation, Violations } from './violation';
import { isObject, JsonObject } from '../model/json';
import { NativeKind } from '../schema/native-schema';

/** Checks an object of a built-in kind: what cannot be read into its types is told alone, as nothing else can be known of it. */
export function checkCoreObject(object: JsonObject, group: string, kind: NativeKind): readonly Violation[] {
  const metadata = new Violations('metadata');
  const types = new Violations('type');
  const { meta, isReadable } = decodeMeta(object.metadata, FieldPath.ROOT.field('metadata'), metadata);
  const unknown = new Violations('schema');
  const decoded = new Decoding(types, unknownFieldsAsViolations(unknown)).value(object, SchemaNode.of(kind.schema), FieldPath.ROOT);
  if (!isReadable || !types.isEmpty || !isObject(decoded)) return [...metadata.list(), ...types.list(), ...unknown.list()];
  const core = new Violations('core');
  const { name = dnsSubdomainProblem, check, keepsGeneration, hasStrictFinalizers = true } = CORE_KINDS[`${group}/${String(object.kind)}`] ?? {};
  const rules = { isNamespaced: kind.scope === 'Namespaced', name, needsName: true, keepsGeneration, hasStrictFinalizers };
  checkMeta(meta, rules, FieldPath.ROOT.field('metadata'), metadata);
  check?.({ ...decoded, metadata: meta }, core);
  return [...metadata.list(), ...unknown.list(), ...core.list()];
}
