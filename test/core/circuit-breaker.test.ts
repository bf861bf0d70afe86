import { Duration } from 'cdk8s';
import { CircuitBreaker } from '../../src';
import { errorOf } from '../support/manifests';

describe('a circuit breaker', () => {
  test('counts errors in a row', () => {
    expect(CircuitBreaker.consecutiveErrors(5)).toEqual({ outliers: { consecutiveServerErrors: 5 }, pool: undefined });
  });

  test('without any limit is refused', () => {
    expect(errorOf(() => CircuitBreaker.of({}))).toMatchObject({ code: 'MESH-E028', what: 'a circuit breaker without any limit', fix: 'give outliers, pool or both' });
  });

  test.each([0, -1, 1.5, NaN, 3_000_000_000])('with %d of anything is refused', (amount) => {
    expect(errorOf(() => CircuitBreaker.consecutiveErrors(amount))).toMatchObject({ code: 'MESH-E028', what: `invalid consecutiveServerErrors, got ${amount}` });
    for (const field of ['maxConnections', 'maxPendingRequests', 'maxRequests', 'maxRequestsPerConnection', 'maxRetries']) {
      expect(errorOf(() => CircuitBreaker.of({ pool: { [field]: amount } }))).toMatchObject({ code: 'MESH-E028', what: `invalid ${field}, got ${amount}` });
    }
  });

  test('with a time of nothing is refused', () => {
    const zero = Duration.millis(0);
    expect(errorOf(() => CircuitBreaker.of({ outliers: { interval: zero } }))).toMatchObject({ code: 'MESH-E010', what: 'invalid interval, got 0 ms' });
    expect(errorOf(() => CircuitBreaker.of({ outliers: { baseEjectionTime: zero } }))).toMatchObject({ code: 'MESH-E010' });
    expect(errorOf(() => CircuitBreaker.of({ pool: { connectTimeout: zero } }))).toMatchObject({ code: 'MESH-E010' });
    expect(errorOf(() => CircuitBreaker.of({ pool: { idleTimeout: Duration.millis(0.5) } }))).toMatchObject({ code: 'MESH-E010', what: 'invalid idle timeout, got 0.5 ms' });
  });
});
