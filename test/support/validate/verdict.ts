import { Validation } from '../../../src/engine/validate/validate-document';

/** What an API server, or we, said about an object: complaints as `PATH REASON`, sorted. */
export interface Complaints {
  /** `unread`: it could not even be read; then only one of the complaints may be told. */
  readonly kind: 'accepted' | 'unknown-fields' | 'unread' | 'refused';
  readonly complaints: readonly string[];
  /** What the API server said in words. */
  readonly text?: string;
}

/** The relevant parts of an API server's answer. */
export interface ServerVerdict {
  readonly ok: boolean;
  readonly status: number;
  readonly message: string;
  readonly causes: readonly ServerCause[];
}

interface ServerCause {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

const NOT_CHECKED = /^Invalid value: null: some validation rules were not checked/;

/** What an API server said. */
export function serverComplaints(verdict: ServerVerdict): Complaints {
  if (verdict.ok) return { kind: 'accepted', complaints: [] };
  if (verdict.message.includes('strict decoding error: ')) {
    const fields = [...verdict.message.matchAll(/unknown field "((?:[^"\\]|\\.)*)"/g)].map((match) => `${unescaped(match[1])} FieldUnknown`);
    return { kind: 'unknown-fields', complaints: sorted(fields) };
  }
  if (verdict.causes.length === 0) return { kind: 'unread', complaints: [verdict.message] };
  // A number of the wrong type is told a second time, as one out of range.
  const wrongTypes = new Set(verdict.causes.filter((cause) => cause.reason === 'FieldValueTypeInvalid').map((cause) => cause.field));
  const isEcho = (cause: ServerCause): boolean => / Checked value must be /.test(cause.message) && wrongTypes.has(fieldOf(cause));
  const relevant = verdict.causes.filter((cause) => !NOT_CHECKED.test(cause.message) && !isEcho(cause));
  return { kind: 'refused', text: verdict.message, complaints: sorted(relevant.map((cause) => `${fieldOf(cause)} ${cause.reason}`)) };
}

/** What we said, as the API server would have told it: unknown fields hide all else. */
export function ourComplaints(validation: Validation): Complaints {
  const errors = validation.violations.filter((it) => it.severity === 'error' && it.source !== 'webhook');
  if (errors.length === 0) return { kind: 'accepted', complaints: [] };
  const all = errors.map((it) => `${it.field} ${it.reason}`);
  // An unknown field is told by the same reader, but only when all types are right.
  const unread = errors.filter((it) => it.source === 'type');
  if (unread.length > 0) return { kind: 'unread', complaints: sorted(unread.map((it) => it.field)) };
  const unknown = all.filter((it) => it.endsWith(' FieldUnknown'));
  if (unknown.length > 0) return { kind: 'unknown-fields', complaints: sorted(unknown) };
  return { kind: 'refused', complaints: sorted(all) };
}

/** Whether both mean the same. Of what could not be read, the API server tells one place at most, and without positions in lists. */
export function isSame(server: Complaints, ours: Complaints): boolean {
  if (server.kind !== 'unread') return server.kind === ours.kind && server.complaints.join('\n') === ours.complaints.join('\n');
  const field = / Go struct field [^.]+\.([^ ]+) of type /.exec(server.complaints[0])?.[1];
  // Go names the structs that are embedded, too.
  const place = field?.split('.').filter((it) => !/^[A-Z][a-z]/.test(it)).join('.');
  return ours.kind === 'unread' && (place === undefined || ours.complaints.some((it) => `.${it.replace(/\[[^\]]*\]/g, '')}`.includes(`.${place}`)));
}

/** Some complaints of the API server name the place in their text only. */
function fieldOf(cause: ServerCause): string {
  // The replicas of a scale subresource are spelled with the dot of their JSON path.
  if (cause.field !== '<nil>') return cause.field.replace(/^\./, '');
  const named = /: "([^"]*)" must (?:not )?validate/.exec(cause.message) ?? / in ([^ ]+)$/.exec(cause.message);
  return named?.[1] ?? '';
}

function sorted(lines: readonly string[]): string[] {
  return [...new Set(lines)].sort();
}

function unescaped(text: string): string {
  return JSON.parse(`"${text}"`) as string;
}
