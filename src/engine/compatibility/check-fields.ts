import { FieldHistory } from './history';
import { compareMinor, parseVersion, Version } from '../../private/version';
import { StructuralSchema } from '../schema/types';

/** What a release does with a field. */
export type FieldChange = 'lacks' | 'removed' | 'deprecated' | 'unknown';

/** A field that a release treats differently from what its author thinks. */
export interface FieldIssue {
  readonly change: FieldChange;
  /** Path of the field, without list and map levels; an enum value follows `=`. */
  readonly field: string;
  /** The release that brings or dropped the field. */
  readonly release?: string;
  /** What to use instead. */
  readonly instead?: string;
}

/**
 * The fields of an object that a release lacks, dropped or wants to drop, each once. Nothing is said about what is inside a field that is
 * missing itself.
 *
 * @param schema what the newest known release says about the object; it tells maps from structures
 * @param path of the object; fields are named below it
 */
export function checkFields(value: unknown, schema: StructuralSchema, path: string, history: FieldHistory, target: Version): FieldIssue[] {
  const issues = new Map<string, FieldIssue>();
  const visit = (node: unknown, shape: StructuralSchema | undefined, field: string): void => {
    if (Array.isArray(node)) {
      node.forEach((item) => visit(item, shape?.items, field));
      return;
    }
    if (typeof node !== 'object' || node === null) {
      if (typeof node === 'string' && shape?.enum) { report(`${field}=${node}`, true); }
      return;
    }
    for (const [key, child] of Object.entries(node)) {
      const known = shape?.properties && Object.hasOwn(shape.properties, key) ? shape.properties[key] : undefined;
      if (known) {
        const name = field === '' ? key : `${field}.${key}`;
        if (!report(name, true)) { visit(child, known, name); }
      } else if (typeof shape?.additionalProperties === 'object') {
        visit(child, shape.additionalProperties, field);
      } else if (shape?.properties && !shape['x-kubernetes-preserve-unknown-fields'] && !shape.additionalProperties) {
        report(field === '' ? key : `${field}.${key}`, false);
      }
    }
  };
  /** Whether the field is not there in the release. */
  const report = (field: string, known: boolean): boolean => {
    const issue = issueOf(field, known, history, target);
    if (issue && !issues.has(field)) { issues.set(field, issue); }
    return issue !== undefined && issue.change !== 'deprecated';
  };
  visit(value, schema, path);
  return [...issues.values()];
}

/** Whether a release is later than another. */
export function isAfter(release: string, target: Version): boolean {
  const parsed = parseVersion(release);
  return parsed !== undefined && compareMinor(parsed, target) > 0;
}

function issueOf(field: string, known: boolean, history: FieldHistory, target: Version): FieldIssue | undefined {
  const removed = history.removedIn(field);
  if (!known && removed !== undefined) {
    return isAfter(removed, target) ? undefined : { change: 'removed', field, release: removed };
  }
  const since = history.introducedIn(field);
  if (since !== undefined && isAfter(since, target)) { return { change: 'lacks', field, release: since }; }
  const instead = history.insteadOf(field);
  if (instead !== undefined) { return { change: 'deprecated', field, instead }; }
  // A field that the newest known definition does not have, and no history tells of.
  return known || since !== undefined ? undefined : { change: 'unknown', field };
}
