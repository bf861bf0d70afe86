import { own, StringMap } from '../../model/json';

/** Retries of requests. */
export interface LinkerdRetries {
  readonly attempts: number;
  /** Conditions of HTTP and gRPC, as written. */
  readonly retryOn: string;
  /** Milliseconds. */
  readonly perTryTimeout?: number;
}

/** When endpoints are left alone. */
export interface LinkerdAccrual {
  readonly kind: string;
  readonly maxFailures: number;
  /** Milliseconds. */
  readonly minPenalty: number;
  /** Milliseconds. */
  readonly maxPenalty: number;
  readonly jitterRatio: number;
}

/** What annotations of a Service or route say. */
export interface LinkerdPolicy {
  readonly retries?: LinkerdRetries;
  /** Milliseconds. */
  readonly timeout?: number;
}

const UNITS: ReadonlyMap<string, number> = new Map([['ms', 1], ['s', 1e3], ['m', 6e4], ['h', 3.6e6], ['d', 8.64e7]]);

/** Reads a duration as Linkerd's annotations spell it: whole numbers with one unit, or `0`; undefined for anything else. */
export function parseLinkerdDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  return match ? Number(match[1]) * UNITS.get(match[2])! : undefined;
}

const HTTP_CONDITION = /^(5xx|gateway-error|[1-5]\d\d(-[1-5]\d\d)?)$/;
const GRPC_CONDITIONS = new Set(['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable']);

/** Whether annotations say anything about retries. */
function speaksOfRetries(annotations: StringMap): boolean {
  return Object.keys(annotations).some(name => name.startsWith('retry.linkerd.io/'));
}

function speaksOfTimeouts(annotations: StringMap): boolean {
  return Object.keys(annotations).some(name => name.startsWith('timeout.linkerd.io/'));
}

/** Conditions are read without any trimming: one that is unknown spoils the list. */
function retriesOf(annotations: StringMap): LinkerdRetries | undefined {
  const http = own(annotations, 'retry.linkerd.io/http');
  const grpc = own(annotations, 'retry.linkerd.io/grpc');
  const conditions = [
    ...(http?.split(',').every(item => HTTP_CONDITION.test(item)) ? [http] : []),
    ...(grpc?.split(',').every(item => GRPC_CONDITIONS.has(item)) ? [grpc] : []),
  ];
  if (conditions.length === 0) return undefined;
  const limit = Number(own(annotations, 'retry.linkerd.io/limit') ?? '1');
  const perTryTimeout = parseLinkerdDuration(own(annotations, 'retry.linkerd.io/timeout') ?? '');
  return { attempts: Number.isInteger(limit) && limit > 0 && limit < 65536 ? limit : 1, retryOn: conditions.join(','), ...(perTryTimeout ? { perTryTimeout } : {}) };
}

function timeoutOf(annotations: StringMap): number | undefined {
  return parseLinkerdDuration(own(annotations, 'timeout.linkerd.io/request') ?? '') || undefined;
}

/**
 * What counts for requests of a route: any annotation about retries on the route takes the place of all of the Service's, and so with
 * timeouts; an annotation wins over the rule's own timeout.
 *
 * @param ruleTimeout milliseconds
 */
export function policyOf(service: StringMap, route: StringMap, ruleTimeout: number | undefined): LinkerdPolicy {
  const retries = retriesOf(speaksOfRetries(route) ? route : service);
  const ruled = timeoutOf(route) ?? (ruleTimeout || undefined);
  const timeout = ruled ?? (speaksOfTimeouts(route) ? undefined : timeoutOf(service));
  return { ...(retries ? { retries } : {}), ...(timeout ? { timeout } : {}) };
}

const ACCRUAL = 'balancer.linkerd.io/failure-accrual';

/** When a Service's endpoints are left alone; undefined where they never are. */
export function accrualOf(annotations: StringMap): LinkerdAccrual | undefined {
  const kind = own(annotations, ACCRUAL);
  if (kind !== 'consecutive' && kind !== 'unified') return undefined;
  const text = (name: string): string | undefined => own(annotations, `${ACCRUAL}-consecutive-${name}`);
  const minPenalty = parseLinkerdDuration(text('min-penalty') ?? '1s');
  const maxPenalty = parseLinkerdDuration(text('max-penalty') ?? '60s');
  const [maxFailures, jitterRatio] = [Number(text('max-failures') ?? '7'), Number(text('jitter-ratio') ?? '0.5')];
  if (minPenalty === undefined || !maxPenalty || minPenalty > maxPenalty || !(jitterRatio >= 0 && jitterRatio <= 100)) return undefined;
  if (!Number.isInteger(maxFailures) || maxFailures < 0) return undefined;
  return { kind, maxFailures, minPenalty, maxPenalty, jitterRatio };
}
