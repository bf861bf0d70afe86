import { ApiObject, JsonPatch } from 'cdk8s';
import { fail } from '../../private/errors';

/** A JSON object of which only some fields are known. */
export type Json = { [key: string]: unknown };

/** Where each kind of workload keeps its pod template. */
const TEMPLATE_PATHS: { readonly [kind: string]: string[] } = {
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  Rollout: ['spec', 'template'],
  Pod: [],
};

/** Kinds of objects that run pods, as far as this library knows them. */
export const WORKLOAD_KINDS = Object.keys(TEMPLATE_PATHS);

/** Path from the object to its pod template; empty for a Pod, which is its own; undefined for anything that runs no pods. */
export function templatePath(kind: string): string[] | undefined {
  return TEMPLATE_PATHS[kind];
}

/** The manifest of an object that somebody else built, as it stands now. */
export function manifestOf(object: ApiObject): unknown {
  try {
    return object.toJson();
  } catch (thrown) {
    return fail('MESH-E014', `${object.kind} "${object.name}" cannot be read: ${String(thrown)}`, 'complete it before the mesh asks for its pods', object.node.path);
  }
}

/** The value at a path of plain objects; undefined when any part is missing. */
export function at(json: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isJson(value) ? value[key] : undefined), json);
}

/** The fields of an object that are texts. */
export function textFields(json: unknown): { [key: string]: string } {
  if (!isJson(json)) { return {}; }
  return Object.fromEntries(Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Whether the value is a JSON object (not a list, not null). */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Sets fields below a path of an API object that somebody else built, keeping what else stands there.
 * The fields go in as patches, because the object's own properties may be closed or not yet known.
 */
export function patchFields(object: ApiObject, path: readonly string[], fields: { readonly [key: string]: unknown }): void {
  const entries = Object.entries(fields);
  if (entries.length === 0) { return; }
  const manifest = manifestOf(object);
  const missing = path.findIndex((_, index) => at(manifest, path.slice(0, index + 1)) === undefined);
  if (missing >= 0) {
    const inner = path.slice(missing + 1).reduceRight<unknown>((value, key) => ({ [key]: value }), fields);
    object.addJsonPatch(JsonPatch.add(pointer(path.slice(0, missing + 1)), inner));
    return;
  }
  object.addJsonPatch(...entries.map(([key, value]) => JsonPatch.add(pointer([...path, key]), value)));
}

/** The path as a JSON pointer. */
export function pointer(path: readonly string[]): string {
  return path.map((key) => `/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
}
