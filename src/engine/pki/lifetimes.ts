import type { CertificateKind } from './request';
import { fail } from '../../private/errors';

/** Seconds. */
export const HOUR = 3600;
/** Seconds. */
export const DAY = 24 * HOUR;
/** Seconds. */
export const YEAR = 365 * DAY;

interface Limits {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

const LEAF: Limits = { usual: DAY, least: HOUR, most: YEAR };
const LIMITS: { readonly [kind in CertificateKind]: Limits } = {
  root: { usual: 10 * YEAR, least: DAY, most: 30 * YEAR },
  intermediate: { usual: YEAR, least: 2 * HOUR, most: 10 * YEAR },
  workload: LEAF,
  gateway: LEAF,
};

/** How long something is valid and how long before its end it is renewed, in seconds. */
export interface Lifetime {
  readonly kind: CertificateKind;
  readonly lifetime: number;
  readonly renewBefore: number;
}

/** Seconds that certificates of a kind are valid unless said otherwise. */
export function usualLifetime(kind: CertificateKind): number {
  return LIMITS[kind].usual;
}

/** Seconds before its end when a certificate is renewed unless said otherwise: when a third of its life is left. */
export function usualRenewBefore(lifetime: number): number {
  return Math.floor(lifetime / 3);
}

/** Fails for a lifetime that no certificate of the kind may have, or a renewal that could not come in time. */
export function checkLifetime({ kind, lifetime, renewBefore }: Lifetime, path?: string): void {
  const { least, most } = LIMITS[kind];
  if (!Number.isInteger(lifetime) || lifetime < least || lifetime > most) {
    fail('MESH-E050', `invalid lifetime of a ${kind} certificate, got ${describeSeconds(lifetime)}`, `use ${describeSeconds(least)} to ${describeSeconds(most)}`, path);
  }
  if (!Number.isInteger(renewBefore) || renewBefore <= 0 || renewBefore >= lifetime) {
    fail('MESH-E057', `a ${kind} certificate of ${describeSeconds(lifetime)} that is renewed ${describeSeconds(renewBefore)} before its end`,
      'renew it after its beginning and before its end', path);
  }
}

/** Fails when certificates of an issuer outlive it, or when it has no time to be renewed between two of them. */
export function checkIssuerLifetime(issuer: Lifetime, issued: { readonly what: string; readonly lifetime: number }, path?: string): void {
  if (issuer.renewBefore < issued.lifetime || issuer.lifetime < 2 * issued.lifetime) {
    fail('MESH-E057', `${issued.what} of ${describeSeconds(issued.lifetime)} from an issuer of ${describeSeconds(issuer.lifetime)} that is renewed ${describeSeconds(issuer.renewBefore)} before its end`,
      'let the issuer live at least twice as long, and renew it while it still outlives what it issues', path);
  }
}

/** What is allowed and still not wise. */
export function lifetimeFindings({ kind, lifetime, renewBefore }: Lifetime): string[] {
  const found: string[] = [];
  const { usual } = LIMITS[kind];
  if (kind === 'root' ? lifetime < 5 * YEAR : lifetime > usual) {
    found.push(kind === 'root'
      ? `a root that lives ${describeSeconds(lifetime)} only: every rotation of a root touches every cluster`
      : `a ${kind} certificate that lives ${describeSeconds(lifetime)}, longer than ${describeSeconds(usual)}: whoever gets hold of its key can use it that long`);
  }
  if (renewBefore * 3 < lifetime - 2) {
    found.push(`a ${kind} certificate of ${describeSeconds(lifetime)} that is renewed only ${describeSeconds(renewBefore)} before its end: little time is left when a renewal fails`);
  }
  return found;
}

/** Seconds in the largest units that fit: `365 days`, `36 hours`, `90 minutes`. */
export function describeSeconds(seconds: number): string {
  const [unit, size] = ([['days', DAY], ['hours', HOUR], ['minutes', 60]] as const).find(([, length]) => seconds >= 2 * length && seconds % length === 0)
    ?? ([['days', DAY], ['hours', HOUR], ['minutes', 60], ['seconds', 1]] as const).find(([, length]) => seconds % length === 0) ?? ['seconds', 1];
  const count = seconds / size;
  return `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
}
