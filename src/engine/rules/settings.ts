import { fail } from '../../private/errors';
import { isObject, JsonObject, listOf, textOf } from '../model/json';
import { parseYaml } from '../model/yaml-text';
import type { Finding, FindingSeverity } from '../report/finding';

/** A suppression that stands in the settings. */
export interface ListedSuppression {
  readonly id: string;
  /** `Kind namespace/name`, with `*` at one end for many. */
  readonly resource: string;
  readonly reason: string;
}

/** What a team decided about rules. */
export interface RuleSettings {
  /** Severity of findings by id; `off` for none at all. */
  readonly severity: ReadonlyMap<string, FindingSeverity | 'off'>;
  readonly suppress: readonly ListedSuppression[];
  /** Where the settings stand. */
  readonly file?: string;
}

/** No settings. */
export const NO_SETTINGS: RuleSettings = { severity: new Map(), suppress: [] };

const LEVELS = ['error', 'warning', 'info', 'off'] as const;

/**
 * Reads settings: YAML with `severity` (id to `error`, `warning`, `info` or `off`) and `suppress` (a list of `id`, `resource` and `reason`).
 *
 * @throws MESH-E072 for settings that cannot be used
 */
export function readSettings(text: string, file: string, isKnown: (id: string) => boolean): RuleSettings {
  const value = parsed(text, file);
  const unknown = Object.keys(value).find((key) => key !== 'severity' && key !== 'suppress');
  if (unknown !== undefined) refuse(`${file} has a field ${unknown}`, 'use severity and suppress');
  const known = (id: string): string => (isKnown(id) ? id : refuse(`${file} names ${id}, which is no rule`, 'docs/rules lists all of them'));
  const severity = new Map<string, FindingSeverity | 'off'>();
  for (const [id, level] of Object.entries(isObject(value.severity) ? value.severity : {})) {
    const found = LEVELS.find((it) => it === level || (it === 'off' && level === false));
    if (!found) refuse(`${file} gives ${id} the severity ${String(level)}`, `use ${LEVELS.join(', ')}`);
    severity.set(known(id), found!);
  }
  const suppress = listOf(value.suppress).map((item, index): ListedSuppression => {
    const entry: JsonObject = isObject(item) ? item : {};
    const [id, resource, reason] = [textOf(entry.id), textOf(entry.resource), textOf(entry.reason)];
    if (!id || !resource || !reason?.trim()) refuse(`${file} has a suppression (${index}) without id, resource or reason`, 'write all three');
    return { id: known(id!), resource: resource!, reason: reason! };
  });
  return { severity, suppress, file };
}

/** Gives findings the severity that was decided on. */
export function applySeverity(findings: readonly Finding[], settings: RuleSettings): Finding[] {
  return findings.flatMap((finding) => {
    const severity = settings.severity.get(finding.id) ?? finding.severity;
    return severity === 'off' ? [] : [{ ...finding, severity }];
  });
}

function parsed(text: string, file: string): JsonObject {
  try {
    const value = parseYaml(text) ?? {};
    if (isObject(value)) return value;
  } catch (error) {
    return refuse(`${file} is not YAML: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`, 'correct it');
  }
  return refuse(`${file} holds no settings`, 'write severity and suppress');
}

function refuse(what: string, fix: string): never {
  fail('MESH-E072', what, fix);
}
