import { FieldChecks } from './field-checks';
import { FieldPath } from '../field-path';

const PERCENT = /^[0-9]+%$/;

/** A count or a percentage, zero or more. */
export function checkIntOrPercent(value: unknown, path: FieldPath, checks: FieldChecks): void {
  if (value === undefined) return;
  if (typeof value === 'string') {
    if (!PERCENT.test(value)) checks.invalid(path, value, 'a count, or a percentage such as 25%');
  } else {
    checks.range(path, value, 0);
  }
}

/** A percentage must not be more than all. */
export function checkAtMostAll(value: unknown, path: FieldPath, checks: FieldChecks): void {
  if (typeof value === 'string' && PERCENT.test(value) && amountOf(value) > 100) checks.invalid(path, value, 'at most 100%');
}

/** The number of a count or a percentage; 0 for what is neither. */
export function amountOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^[+-]?[0-9]+%?$/.test(value) ? parseInt(value, 10) : 0;
}
