import { isObject, JsonObject, objectOf, objectsOf, textOf } from '../../model/json';
import { FieldPath } from '../field-path';
import { checkLabels } from '../object-meta';
import { labelValueProblem, NameCheck, portNameProblem, qualifiedNameProblem } from '../text/names';
import { shown, ViolationReason, Violations } from '../violation';

/** The checks that many fields of built-in kinds share, by the reasons that the API server gives. */
export class FieldChecks {
  constructor(private readonly violations: Violations) {}

  add(reason: ViolationReason, path: FieldPath, message: string, allowed?: string): void {
    this.violations.add(reason, path, message, { allowed });
  }

  /** A text must not be empty. */
  required(path: FieldPath, value: unknown, allowed?: string): boolean {
    const isThere = value !== undefined && value !== '';
    if (!isThere) this.add('FieldValueRequired', path, 'is required', allowed);
    return isThere;
  }

  invalid(path: FieldPath, value: unknown, allowed: string): void {
    this.add('FieldValueInvalid', path, `invalid value ${shown(value)}`, allowed);
  }

  forbidden(path: FieldPath, why: string): void {
    this.add('FieldValueForbidden', path, why);
  }

  duplicate(path: FieldPath, value: unknown): void {
    this.add('FieldValueDuplicate', path, `duplicate value ${shown(value)}`);
  }

  /** A value of a closed set. */
  oneOf(path: FieldPath, value: unknown, values: readonly string[]): boolean {
    const isKnown = values.includes(String(value));
    if (!isKnown) this.add('FieldValueNotSupported', path, `unsupported value ${shown(value)}`, `one of ${values.filter((it) => it !== '').join(', ')}`);
    return isKnown;
  }

  /** A text that a check accepts. */
  name(path: FieldPath, value: unknown, check: NameCheck): boolean {
    const problem = check(textOf(value) ?? '');
    if (problem !== undefined) this.invalid(path, value ?? '', problem);
    return problem === undefined;
  }

  /** A number within limits; absent counts as right. */
  range(path: FieldPath, value: unknown, least: number, most = Infinity): boolean {
    if (typeof value !== 'number' || (value >= least && value <= most)) return true;
    this.invalid(path, value, most === Infinity ? `at least ${least}` : `from ${least} to ${most}`);
    return false;
  }

  port(path: FieldPath, value: unknown): void {
    this.range(path, numberOr(value, 0), 1, 65535);
  }

  /** The number or the name of a port. */
  portOrName(path: FieldPath, value: unknown): void {
    if (typeof value === 'string') this.name(path, value, portNameProblem);
    else this.port(path, value);
  }

  labels(path: FieldPath, value: unknown): void {
    checkLabels(value, path, this.violations);
  }

  /** A label selector; absent counts as right. */
  selector(path: FieldPath, value: unknown): void {
    if (!isObject(value)) return;
    this.labels(path.field('matchLabels'), value.matchLabels);
    each(value.matchExpressions, path.field('matchExpressions'), (it, place) => this.requirement(place, it, ['In', 'NotIn', 'Exists', 'DoesNotExist']));
  }

  /** One expression of a selector. */
  requirement(path: FieldPath, value: JsonObject, operators: readonly string[], options: { readonly anyValues?: boolean } = {}): void {
    const values = Array.isArray(value.values) ? value.values as unknown[] : [];
    const operator = textOf(value.operator) ?? '';
    if (!operators.includes(operator)) this.invalid(path.field('operator'), operator, `one of ${operators.join(', ')}`);
    else if (['In', 'NotIn'].includes(operator) && values.length === 0) this.required(path.field('values'), undefined, `values, because the operator is ${operator}`);
    else if (['Exists', 'DoesNotExist'].includes(operator) && values.length > 0) this.forbidden(path.field('values'), `the operator ${operator} takes no values`);
    else if (['Gt', 'Lt'].includes(operator) && values.length !== 1) this.required(path.field('values'), undefined, 'exactly one value');
    this.name(path.field('key'), value.key, qualifiedNameProblem);
    if (!options.anyValues) values.forEach((it, index) => this.name(path.field('values').index(index), it, labelValueProblem));
  }
}

/** Visits the objects of a list. */
export function each(list: unknown, path: FieldPath, visit: (item: JsonObject, path: FieldPath, index: number) => void): void {
  objectsOf(list).forEach((item, index) => visit(item, path.index(index), index));
}

/** A number, or what stands for it when it is absent. */
export function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** The fields of an object that are set, of some. */
export function setOf(object: JsonObject, names: readonly string[]): string[] {
  return names.filter((name) => object[name] !== undefined);
}

export { isObject, objectOf, textOf };
export type { JsonObject };
