import { FieldPath } from './field-path';
import { Decoding } from './native/decode';
import { JsonObject, listOf, objectOf, objectsOf, textOf } from '../model/json';
import { unknownFieldsAsViolations } from './schema/prepare';
import { SchemaNode } from './schema/schema-node';
import {
  byteLength, dnsLabelProblem, labelValueProblem, NameCheck, pathSegmentProblem, prefixProblem, qualifiedNameProblem,
} from './text/names';
import { shown, Violations } from './violation';
import { StructuralSchema } from '../schema/types';

const ANNOTATIONS_BYTES = 256 * 1024;

const STANDARD_FINALIZERS: ReadonlySet<string> = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);

const TEXT: StructuralSchema = { type: 'string' };
const TIME: StructuralSchema = { type: 'string', format: 'date-time' };
const TEXTS: StructuralSchema = { type: 'object', additionalProperties: TEXT };
const LONG: StructuralSchema = { type: 'integer', format: 'int64' };
const FLAG: StructuralSchema = { type: 'boolean' };

/** The metadata that every object has. */
export const OBJECT_META: StructuralSchema = {
  type: 'object',
  properties: {
    name: TEXT,
    generateName: TEXT,
    namespace: TEXT,
    selfLink: TEXT,
    uid: TEXT,
    resourceVersion: TEXT,
    generation: LONG,
    creationTimestamp: TIME,
    deletionTimestamp: TIME,
    deletionGracePeriodSeconds: LONG,
    labels: TEXTS,
    annotations: TEXTS,
    ownerReferences: {
      type: 'array',
      items: { type: 'object', properties: { apiVersion: TEXT, kind: TEXT, name: TEXT, uid: TEXT, controller: FLAG, blockOwnerDeletion: FLAG } },
    },
    finalizers: { type: 'array', items: TEXT },
    managedFields: {
      type: 'array',
      items: {
        type: 'object',
        properties: { manager: TEXT, operation: TEXT, apiVersion: TEXT, time: TIME, fieldsType: TEXT, fieldsV1: {}, subresource: TEXT },
      },
    },
  },
};

/** How the metadata of a kind is checked. */
export interface MetaRules {
  readonly isNamespaced: boolean;
  readonly name: NameCheck;
  /** Whether an object without name is told of; embedded ones need none. */
  readonly needsName: boolean;
  /** Whether finalizers must be known or have a domain, as those of built-in kinds must. */
  readonly hasStrictFinalizers?: boolean;
  /** Whether the generation that is given is kept, and hence checked. */
  readonly keepsGeneration?: boolean;
}

/** What comes of reading metadata. */
export interface DecodedMeta {
  readonly meta: JsonObject;
  /** Whether it could be read at all; if not, the API server says nothing else. */
  readonly isReadable: boolean;
}

/** Reads metadata into its types. */
export function decodeMeta(value: unknown, path: FieldPath, violations: Violations): DecodedMeta {
  if (value === undefined || value === null) return { meta: {}, isReadable: true };
  const found = new Violations('type');
  const unknown = new Violations('metadata');
  const meta = new Decoding(found, unknownFieldsAsViolations(unknown)).value(value, SchemaNode.of(OBJECT_META), path);
  violations.addAll(found);
  violations.addAll(unknown);
  return { meta: objectOf(meta), isReadable: found.isEmpty };
}

/** Checks names, labels, annotations, owners and finalizers. */
export function checkMeta(meta: JsonObject, rules: MetaRules, path: FieldPath, violations: Violations): void {
  const report = (field: FieldPath, value: unknown, problem: string | undefined): void => {
    if (problem !== undefined) violations.add('FieldValueInvalid', field, `invalid value ${shown(value)}`, { allowed: problem });
  };
  checkName(meta, rules, path, violations);
  const namespace = textOf(meta.namespace) ?? '';
  if (rules.isNamespaced && namespace !== '') report(path.field('namespace'), namespace, dnsLabelProblem(namespace));
  checkLabels(meta.labels, path.field('labels'), violations);

  checkAnnotations(meta.annotations, path.field('annotations'), violations);
  checkOwners(meta, path.field('ownerReferences'), violations);
  const finalizers = listOf(meta.finalizers);
  finalizers.forEach((it, index) => report(path.field('finalizers').silently(index), it, qualifiedNameProblem(String(it))));
  if (rules.hasStrictFinalizers) {
    finalizers.forEach((it, index) => {
      const name = String(it);
      const isKnown = name.includes('/') || STANDARD_FINALIZERS.has(name);
      report(path.field('finalizers').index(index), it, qualifiedNameProblem(name) ?? (isKnown ? undefined : 'a name with a domain, such as example.com/name'));
    });
  }
  if (rules.keepsGeneration && typeof meta.generation === 'number' && meta.generation < 0) report(path.field('generation'), meta.generation, 'zero or more');
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    violations.add('FieldValueInvalid', path.field('finalizers'), 'orphan and foregroundDeletion exclude each other');
  }
}

/** Checks keys of annotations, and their size. */
export function checkAnnotations(annotations: unknown, path: FieldPath, violations: Violations): void {
  const entries = Object.entries(objectOf(annotations));
  for (const [key] of entries) {
    const problem = qualifiedNameProblem(key.toLowerCase());
    if (problem) violations.add('FieldValueInvalid', path.silently(key), `invalid annotation key ${shown(key)}`, { allowed: problem });
  }
  const size = entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(String(value)), 0);
  if (size > ANNOTATIONS_BYTES) violations.add('FieldValueTooLong', path, `hold ${size} bytes`, { allowed: `at most ${ANNOTATIONS_BYTES} bytes` });
}

/** Checks keys and values of labels, here or in a selector. */
export function checkLabels(labels: unknown, path: FieldPath, violations: Violations): void {
  for (const [key, value] of Object.entries(objectOf(labels))) {
    const place = path.silently(key);
    const keyProblem = qualifiedNameProblem(key);
    const valueProblem = labelValueProblem(String(value));
    if (keyProblem) violations.add('FieldValueInvalid', place, `invalid label key ${shown(key)}`, { allowed: keyProblem });
    if (valueProblem) violations.add('FieldValueInvalid', place, `invalid label value ${shown(value)}`, { allowed: valueProblem });
  }
}

function checkName(meta: JsonObject, rules: MetaRules, path: FieldPath, violations: Violations): void {
  const name = textOf(meta.name) ?? '';
  const prefix = textOf(meta.generateName) ?? '';
  // What a prefix is completed to is checked as a name, too.
  const problem = (field: string, value: string, check: string | undefined): void => {
    if (check !== undefined) violations.add('FieldValueInvalid', path.field(field), `invalid value ${shown(value)}`, { allowed: check });
  };
  if (prefix !== '') problem('generateName', prefix, prefixProblem(prefix, rules.name));
  if (name !== '') problem('name', name, rules.name(name));
  else if (prefix !== '') problem('name', prefix, rules.name(`${prefix.slice(0, 58)}xxxxx`));
  else if (rules.needsName) violations.add('FieldValueRequired', path.field('name'), 'is required', { allowed: 'a name, or generateName' });
}

function checkOwners(meta: JsonObject, path: FieldPath, violations: Violations): void {
  let controllers = 0;
  objectsOf(meta.ownerReferences).forEach((owner, index) => {
    const place = path.silently(index);
    const missing = (field: string) => violations.add('FieldValueInvalid', place.field(field), 'must not be empty');
    const apiVersion = textOf(owner.apiVersion) ?? '';
    if (apiVersion === '' || apiVersion.endsWith('/')) missing('apiVersion');
    for (const field of ['kind', 'name', 'uid']) {
      if ((textOf(owner[field]) ?? '') === '') missing(field);
    }
    if (apiVersion === 'v1' && owner.kind === 'Event') violations.add('FieldValueInvalid', place, 'an Event cannot own anything');
    if (owner.controller === true && ++controllers > 1) violations.add('FieldValueInvalid', place, 'only one owner can be the controller');
  });
}

/** The name check of kinds that allow all that a URL can hold. */
export const ANY_NAME: NameCheck = pathSegmentProblem;

