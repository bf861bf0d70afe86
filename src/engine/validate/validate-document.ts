import { checkRules } from './cel/rules';
import { checkCoreObject } from './core-object';
import { checkCustomResource } from './custom-resource';
import { FieldPath } from './field-path';
import { Violation, Violations } from './violation';
import { checkWebhooks } from './webhook';
import { JsonObject } from '../model/json';
import { kindSchema, schemaFor } from '../schema/load-schema';
import { nativeKind } from '../schema/native-schema';
import { Channel } from '../schema/types';

/** What validation takes into account. */
export interface ValidationOptions {
  /**
   * Channel of the Gateway API whose definitions the cluster has.
   * @default - experimental, which has all that the standard one has
   */
  readonly channel?: Channel;
}

/** What is known of an object. */
export interface Validation {
  /** Whether the kind is known; of an unknown one, nothing was checked. */
  readonly isChecked: boolean;
  readonly violations: readonly Violation[];
}

const UNCHECKED: Validation = { isChecked: false, violations: [] };

/** Checks an object as the API server would if the object was created. */
export function validateDocument(object: JsonObject, options: ValidationOptions = {}): Validation {
  try {
    return validate(object, options);
  } catch (error) {
    // What is nested so deeply that the stack ends is refused by the API server, too.
    if (!(error instanceof RangeError)) throw error;
    const violations = new Violations('schema');
    violations.add('FieldValueInvalid', FieldPath.ROOT, 'is nested too deeply to be read');
    return { isChecked: true, violations: violations.list() };
  }
}

function validate(object: JsonObject, options: ValidationOptions): Validation {
  const { apiVersion, kind } = object;
  if (apiVersion === undefined && kind === undefined) return UNCHECKED;
  const wrong = checkTypeMeta(object);
  if (wrong.length > 0) return { isChecked: true, violations: wrong };
  const group = String(apiVersion).split('/')[0];
  const native = nativeKind(String(apiVersion), String(kind));
  if (native) return { isChecked: true, violations: checkCoreObject(object, String(apiVersion).includes('/') ? group : '', native) };
  const definition = kindSchema(group, String(kind));
  if (!definition) return UNCHECKED;
  const version = schemaFor(String(apiVersion), String(kind), options.channel);
  if (!version?.served) return { isChecked: true, violations: unservedVersion(String(apiVersion), String(kind), Object.keys(definition.versions)) };
  const found = checkCustomResource(object, version, definition.scope === 'Namespaced', checkRules);
  // A webhook is only asked about what the definition allows.
  return { isChecked: true, violations: found.some((it) => it.severity === 'error') ? found : [...found, ...checkWebhooks(object, group)] };
}

function checkTypeMeta(object: JsonObject): readonly Violation[] {
  const violations = new Violations('metadata');
  for (const name of ['apiVersion', 'kind']) {
    const value = object[name];
    if (value === undefined || value === null || value === '') violations.add('FieldValueRequired', FieldPath.ROOT.field(name), 'is required');
    else if (typeof value !== 'string') violations.add('FieldValueTypeInvalid', FieldPath.ROOT.field(name), 'must be of type string');
  }
  return violations.list();
}

function unservedVersion(apiVersion: string, kind: string, versions: readonly string[]): readonly Violation[] {
  const violations = new Violations('metadata');
  const group = apiVersion.split('/')[0];
  violations.add('FieldValueNotSupported', FieldPath.ROOT.field('apiVersion'), `${kind} has no version ${apiVersion}`, {
    allowed: `one of ${versions.map((it) => `${group}/${it}`).join(', ')}`,
  });
  return violations.list();
}
