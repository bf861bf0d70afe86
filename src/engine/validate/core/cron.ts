import { FieldChecks } from './field-checks';
import { FieldPath } from '../field-path';
import { parseBoundedDuration } from '../text/formats';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Field {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { least: 0, most: 59 }, { least: 0, most: 23 }, { least: 1, most: 31 }, { least: 1, most: 12, names: MONTHS }, { least: 0, most: 6, names: DAYS },
];
const WORDS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** Checks a schedule of five fields, or one of the words for common ones. */
export function checkCronSchedule(schedule: string, path: FieldPath, checks: FieldChecks): void {
  if (!isSchedule(schedule.replace(/^(CRON_)?TZ=\S*\s+/, ''))) {
    checks.invalid(path, schedule, 'five fields (minute, hour, day, month, weekday), or a word such as @daily');
  }
  if (schedule.includes('TZ')) checks.add('FieldValueInvalid', path, 'the time zone stands in the schedule', 'the field timeZone');
}

function isSchedule(text: string): boolean {
  if (text.startsWith('@')) {
    const every = /^@every (.*)$/.exec(text);
    return every ? parseBoundedDuration(every[1]) !== undefined : WORDS.includes(text);
  }
  const parts = text.trim().split(/\s+/);
  return parts.length === FIELDS.length && parts.every((part, index) => part.split(',').every((it) => it === '' || isRange(it, FIELDS[index])) && part !== '');
}

function isRange(text: string, field: Field): boolean {
  const [range, step, ...more] = text.split('/');
  if (more.length > 0) return false;
  const steps = step === undefined ? 1 : numberOf(step);
  if (steps === undefined || steps === 0) return false;
  if (range === '*' || range === '?') return true;
  const ends = range.split('-').map((it) => valueOf(it, field));
  if (ends.length > 2 || ends.some((it) => it === undefined)) return false;
  const [start, end = start] = ends as number[];
  return start >= field.least && end <= field.most && start <= end;
}

function valueOf(text: string, field: Field): number | undefined {
  const position = field.names?.indexOf(text.toLowerCase()) ?? -1;
  return position >= 0 ? position + field.least : numberOf(text);
}

function numberOf(text: string): number | undefined {
  return /^\+?\d+$/.test(text) ? Number(text) : undefined;
}

/** Checks the name of a time zone. */
export function checkTimeZone(name: string, path: FieldPath, checks: FieldChecks): void {
  const isWellFormed = name !== '' && name.split('/').every((part) => /^[A-Za-z.\-_0-9+]{1,14}$/.test(part) && part !== '.' && part !== '..' && !part.startsWith('-'));
  if (!isWellFormed || name.toLowerCase() === 'local' || !isZone(name)) checks.invalid(path, name, 'a time zone such as Europe/Paris');
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}
