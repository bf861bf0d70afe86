import { describeSeconds, HOUR } from './lifetimes';
import { CertificateRecord, isDue } from './store/store-index';
import { instant } from './verify';

/** How a certificate stands at some instant. */
export type CertificateState = 'valid' | 'renew' | 'expired' | 'not-yet-valid' | 'revoked' | 'replaced';

/** A line of the table of what was issued, or of what stands in manifests. */
export interface ExpiryRow {
  /** What it is for. */
  readonly name: string;
  /** Identity, hosts or subject. */
  readonly stands: string;
  readonly serial: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly state: CertificateState;
  /** Seconds until it ends; negative once it has. */
  readonly left: number;
}

/** The line of a certificate of a store. */
export function rowOf(record: CertificateRecord, now: Date): ExpiryRow {
  const { name, serial, request, notBefore, notAfter } = record;
  const stands = [...request.uris, ...request.dnsNames, ...request.ipAddresses][0] ?? request.subject.commonName ?? '';
  return { name, stands, serial, notBefore, notAfter, state: stateOf(record, now), left: secondsLeft(notAfter, now) };
}

/** How a certificate of a store stands. */
export function stateOf(record: CertificateRecord, now: Date): CertificateState {
  if (record.revoked) { return 'revoked'; }
  if (!record.current) { return 'replaced'; }
  if (record.notAfter < instant(now)) { return 'expired'; }
  if (record.notBefore > instant(now)) { return 'not-yet-valid'; }
  return isDue(record, now) ? 'renew' : 'valid';
}

/** Seconds until an instant. */
export function secondsLeft(notAfter: string, now: Date): number {
  return Math.floor((Date.parse(notAfter) - now.getTime()) / 1000);
}

/** Those that are in use and end within some seconds, or have ended. */
export function expiringWithin(rows: readonly ExpiryRow[], seconds: number): ExpiryRow[] {
  return rows.filter(({ state, left }) => state !== 'revoked' && state !== 'replaced' && left < seconds);
}

/** A table for people: one line a certificate, columns as wide as they need be. */
export function printRows(rows: readonly ExpiryRow[]): string {
  const head = ['NAME', 'STANDS FOR', 'SERIAL', 'VALID UNTIL', 'LEFT', 'STATE'];
  const lines = [head, ...rows.map(({ name, stands, serial, notAfter, state, left }) => [name, stands, serial, notAfter, describeLeft(left), state])];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()).join('\n');
}

/** Time left in a unit that people can take in at a glance. */
export function describeLeft(seconds: number): string {
  if (seconds < 0) { return 'none'; }
  const unit = [365 * 24 * HOUR, 24 * HOUR, HOUR, 60].find((size) => seconds >= 2 * size) ?? 1;
  return describeSeconds(Math.floor(seconds / unit) * unit);
}
