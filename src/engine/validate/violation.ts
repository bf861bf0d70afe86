import { FieldPath } from './field-path';

/** Kinds of violations, by the names that the API server's answers have; an unknown field and a webhook's word have none there. */
export type ViolationReason =
  | 'FieldValueInvalid' | 'FieldValueRequired' | 'FieldValueNotSupported' | 'FieldValueTypeInvalid' | 'FieldValueTooLong'
  | 'FieldValueTooMany' | 'FieldValueDuplicate' | 'FieldValueForbidden' | 'FieldValueNotFound' | 'FieldUnknown';

/** Where a violated rule is written down. */
export type ViolationSource =
  /** The types of fields that the API server must be able to read before it checks anything. */
  | 'type'
  /** Types, limits and patterns. */
  | 'schema'
  /** CEL rules of a custom resource. */
  | 'rule'
  /** Names, labels and whatever else all objects have. */
  | 'metadata'
  /** What the API server checks of its own kinds. */
  | 'core'
  /** What the mesh's own validation webhook checks. */
  | 'webhook';

/** One way in which an object breaks the rules of its kind. */
export interface Violation {
  /** A warning is told, but the object is accepted; so is what is merely worth knowing. */
  readonly severity: 'error' | 'warning' | 'info';
  readonly source: ViolationSource;
  readonly reason: ViolationReason;
  /** The field in the API server's spelling, such as `spec.http[0].route`; empty for the object itself. */
  readonly field: string;
  /** The same as names and positions. */
  readonly path: readonly (string | number)[];
  /** What is wrong: lower case, no full stop. */
  readonly message: string;
  /** What would be right: lower case, no full stop. */
  readonly allowed?: string;
  /** Codes of other tools for the same problem, such as `IST0106`. */
  readonly upstream?: readonly string[];
}

/** What else is known of a violation. */
export interface ViolationDetails {
  readonly allowed?: string;
  readonly severity?: 'error' | 'warning' | 'info';
  readonly upstream?: readonly string[];
}

/** Collects the violations of one object; one that was found before is not told again. */
export class Violations {
  private readonly found: Violation[] = [];
  private seen?: Set<string>;

  constructor(private readonly source: ViolationSource) {}

  get isEmpty(): boolean {
    return this.found.length === 0;
  }

  add(reason: ViolationReason, path: FieldPath, message: string, details: ViolationDetails = {}): void {
    const field = path.toString();
    const { severity = 'error', allowed, upstream } = details;
    this.keep({
      severity,
      source: this.source,
      reason,
      field,
      path: path.parts(),
      message,
      ...allowed !== undefined && { allowed },
      ...upstream && { upstream },
    });
  }

  addAll(others: Violations): void {
    for (const one of others.found) this.keep(one);
  }

  list(): readonly Violation[] {
    return this.found;
  }

  private keep(violation: Violation): void {
    const key = `${violation.reason} ${violation.field}\0${violation.message}`;
    this.seen ??= new Set();
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.found.push(violation);
  }
}

/** A value as messages show it: JSON, cut when long. */
export function shown(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = String(value);
  }
  return text.length > 80 ? `${[...text.slice(0, 77)].join('')}...` : text;
}
