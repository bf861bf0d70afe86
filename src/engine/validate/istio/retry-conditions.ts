import { checkCount, checkDuration } from './fields';
import { Place } from '../place';

const CONDITIONS = ['5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'retriable-4xx', 'refused-stream', 'retriable-status-codes',
  'retriable-headers', 'envoy-ratelimited', 'http3-post-connect-failure', 'cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable'];
/** Statuses that have a name in Go's library, which is what tells them from other numbers. */
const NAMED_STATUSES: readonly (readonly [number, number])[] = [
  [100, 103], [200, 208], [226, 226], [300, 305], [307, 308], [400, 418], [421, 426], [428, 429], [431, 431], [451, 451], [500, 508], [510, 511],
];

/** Whether a number is a status that an answer can have. */
export function isHttpStatus(number: number): boolean {
  return number >= 200 && number <= 600;
}

/** Checks when a request is sent again. */
export function checkRetries(retries: Place): void {
  if (!retries.isSet) return;
  checkCount(retries.at('attempts'));
  const useless = ['perTryTimeout', 'retryOn', 'retryRemoteLocalities'].filter((name) => retries.at(name).isSet && retries.at(name).value !== '');
  if (retries.at('attempts').number === 0 && useless.length > 0) retries.at(useless[0]).forbidden('with 0 attempts nothing is sent again');
  checkDuration(retries.at('perTryTimeout'));
  checkDuration(retries.at('backoff'));
  const on = retries.at('retryOn');
  for (const condition of on.text === '' ? [] : on.text.split(',')) {
    if (!CONDITIONS.includes(condition) && !isNamedStatus(condition)) {
      on.error('FieldValueNotSupported', `unknown condition ${JSON.stringify(condition)}`, `${CONDITIONS.join(', ')}, or statuses, separated by commas without spaces`);
    }
  }
}

function isNamedStatus(text: string): boolean {
  return /^[+-]?\d{1,9}$/.test(text) && NAMED_STATUSES.some(([from, to]) => Number(text) >= from && Number(text) <= to);
}
