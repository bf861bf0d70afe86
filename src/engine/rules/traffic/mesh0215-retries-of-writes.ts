import { ISTIO } from '../../model/istio';
import { numberOf, objectOf, objectsOf, textOf } from '../../model/json';
import type { Rule } from '../rule';
import { networking, SHOP } from '../support/samples';

const WRITES = new Set(['POST', 'PATCH']);
/** Conditions under which the server may have done the work already. */
const AFTER_WORK = new Set(['5xx', 'gateway-error', 'reset', 'retriable-4xx', 'retriable-status-codes', 'deadline-exceeded', 'internal', 'unavailable', 'cancelled']);
const route = (match: string, more = ''): string => SHOP + networking('VirtualService', 'shop/api', `{hosts: [api], http: [{${match}${more}route: [{destination: {host: api}}]}]}`);

/** Writes that are done twice. */
export const MESH0215: Rule = {
  id: 'MESH0215',
  title: 'Requests that write are tried again after they may have been carried out',
  severity: 'warning',
  why: 'A POST or PATCH that failed on the way back was carried out all the same; a proxy that sends it again does the work twice. Istio tries twice by default, after some failures, also on routes without `retries`.',
  fix: 'Set `retries: {attempts: 0}` for the methods that write, or retry on `connect-failure,refused-stream` alone.',
  sources: ['https://istio.io/latest/docs/concepts/traffic-management/#retries'],
  bad: [
    route('match: [{method: {exact: POST}}], ', 'retries: {attempts: 3, retryOn: "5xx,connect-failure"}, '),
    route('match: [{method: {exact: POST}}], '),
  ],
  good: [
    route('match: [{method: {exact: POST}}], ', 'retries: {attempts: 0}, '),
    route('match: [{method: {exact: POST}}], ', 'retries: {attempts: 2, retryOn: "connect-failure,refused-stream"}, '),
    route('match: [{uri: {prefix: /}}], '),
  ],
  check(cluster, tell) {
    const { virtualServices, mesh } = cluster.family(ISTIO);
    const fallback = mesh.defaultHttpRetryPolicy;
    for (const { resource, http } of virtualServices) {
      http.forEach((rule, index) => {
        const methods = objectsOf(rule.match).map((match) => textOf(objectOf(match.method).exact));
        const writes = methods.length > 0 && methods.every((method) => method !== undefined && WRITES.has(method));
        if (!writes || rule.redirect || rule.directResponse) return;
        const own = rule.retries === undefined ? undefined : objectOf(rule.retries);
        const policy = own ?? fallback;
        if (policy && (numberOf(policy.attempts) ?? 0) === 0) return;
        const conditions = textOf(policy?.retryOn)?.split(',').map((it) => it.trim());
        const risky = conditions ? conditions.filter((it) => AFTER_WORK.has(it) || /^[1-5]\d\d$/.test(it)) : ['unavailable', 'cancelled'];
        if (risky.length === 0) return;
        tell(resource, ['spec', 'http', index, ...own ? ['retries'] : []], `${[...new Set(methods)].join(' and ')} is sent again on ${risky.join(', ')}${own ? '' : ', which is the default'}`, own ? {} : { severity: 'info' });
      });
    }
  },
};
