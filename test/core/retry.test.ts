import { Duration } from 'cdk8s';
import { Retries, RetryOn } from '../../src';
import { errorOf } from '../support/manifests';

describe('retries', () => {
  test('are safe unless they say otherwise', () => {
    expect(Retries.attempts(2)).toMatchObject({ maxAttempts: 2, conditions: [RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM, RetryOn.GRPC_UNAVAILABLE], statusCodes: [] });
    expect(Retries.none()).toMatchObject({ maxAttempts: 0, conditions: [] });
  });

  test('name every condition and status once', () => {
    const retries = Retries.attempts(1, { conditions: [RetryOn.RESET, RetryOn.RESET], statusCodes: [503, 502, 503] });
    expect(retries).toMatchObject({ conditions: [RetryOn.RESET], statusCodes: [502, 503] });
  });

  test.each([0, 101, 1.5])('are not %d', (attempts) => {
    expect(errorOf(() => Retries.attempts(attempts))).toMatchObject({ code: 'MESH-E028', what: `invalid number of retries, got ${attempts}`, fix: 'use a whole number from 1 to 100, or Retries.none()' });
  });

  test('have a condition, real statuses and real times', () => {
    expect(errorOf(() => Retries.attempts(1, { conditions: [] }))).toMatchObject({ code: 'MESH-E030', what: 'retries without any condition' });
    expect(Retries.attempts(1, { conditions: [], statusCodes: [503] }).conditions).toEqual([]);
    expect(errorOf(() => Retries.attempts(1, { statusCodes: [99] }))).toMatchObject({ code: 'MESH-E028', what: 'invalid HTTP status code, got 99' });
    expect(errorOf(() => Retries.attempts(1, { perTryTimeout: Duration.millis(0) }))).toMatchObject({ code: 'MESH-E010', what: 'invalid time for each try, got 0 ms' });
    expect(errorOf(() => Retries.attempts(1, { backoff: Duration.millis(0) }))).toMatchObject({ code: 'MESH-E010', what: 'invalid back-off, got 0 ms' });
  });
});
