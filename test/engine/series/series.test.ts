import { Host } from '../../../src/engine/balance/host';
import { RoundRobin } from '../../../src/engine/balance/turn-balancers';
import { OutlierEjection } from '../../../src/engine/series/outlier-ejection';
import { Answer, Outcome, playSeries, SeriesOptions, SeriesRequest } from '../../../src/engine/series/play';
import { TokenBucket } from '../../../src/engine/series/token-bucket';

const HOSTS: Host[] = [{ address: 'a' }, { address: 'b' }];
const every = (ms: number, count: number): SeriesRequest[] => Array.from({ length: count }, (_, index) => ({ at: index * ms }));
const fine = (): Answer => ({ status: 200, takes: 10 });
const run = (requests: readonly SeriesRequest[], options: Partial<SeriesOptions> = {}, answer: (host: Host, attempt: number) => Answer = fine): Outcome[] =>
  playSeries(requests, { hosts: HOSTS, balancer: (hosts) => new RoundRobin(hosts), answer: (host, _, attempt) => answer(host, attempt), ...options });
const statuses = (outcomes: readonly Outcome[]): number[] => outcomes.map((it) => it.status);

describe('a rate limit', () => {
  test('lets a bucketful through and then as many as it fills', () => {
    expect(statuses(run(every(100, 8), { rateLimit: { maxTokens: 2, tokensPerFill: 1, fillInterval: 300 } }))).toEqual([200, 200, 429, 200, 429, 429, 200, 429]);
    expect(run(every(0, 2), { rateLimit: { maxTokens: 1, fillInterval: 1000 } })[1]).toEqual({ status: 429, tried: [], endedAt: 0, by: 'rate-limited' });
  });

  test('never holds more than its size', () => {
    const bucket = new TokenBucket({ maxTokens: 1, fillInterval: 10 });
    expect([bucket.take(1000), bucket.take(1000), bucket.take(1010)]).toEqual([true, false, true]);
  });
});

describe('a circuit breaker', () => {
  test('refuses requests beyond those under way', () => {
    expect(statuses(run([{ at: 0 }, { at: 1 }, { at: 2 }, { at: 11 }], { circuit: { maxRequests: 2 } }))).toEqual([200, 200, 503, 200]);
  });

  test('lets some wait for a connection, in their order', () => {
    const outcomes = run([{ at: 0 }, { at: 1 }, { at: 2 }, { at: 3 }], { circuit: { maxConnections: 1, maxPendingRequests: 2 } });
    expect(outcomes.map((it) => [it.status, it.endedAt])).toEqual([[200, 10], [200, 20], [200, 30], [503, 3]]);
    expect(outcomes[3].by).toBe('overflow');
  });

  test('bounds retries under way', () => {
    const fails = (): Answer => ({ status: 503, takes: 10 });
    const tries = run(every(0, 3), { circuit: { maxRetries: 1 }, retries: { attempts: 1, retryOn: '5xx' } }, fails).map((it) => it.tried.length);
    expect(tries).toEqual([2, 1, 1]);
  });
});

describe('retries', () => {
  const onlyB = (host: Host): Answer => ({ status: host.address === 'b' ? 200 : 503, takes: 10 });
  test('try another endpoint for what their conditions name, and nothing else', () => {
    expect(run([{ at: 0 }], { retries: { attempts: 2, retryOn: 'gateway-error' } }, onlyB)[0]).toMatchObject({ status: 200, tried: ['a', 'b'] });
    expect(run([{ at: 0 }], { retries: { attempts: 2, retryOn: '500' } }, onlyB)[0]).toMatchObject({ status: 503, tried: ['a'] });
    expect(run([{ at: 0 }], { retries: { attempts: 2, retryOn: 'connect-failure, 503' } }, onlyB)[0].status).toBe(200);
  });

  test('end after their number', () => {
    const outcome = run([{ at: 0 }], { retries: { attempts: 3, retryOn: '5xx' } }, () => ({ status: 500, takes: 1 }))[0];
    expect(outcome).toMatchObject({ status: 500, tried: ['a', 'b', 'a', 'b'] });
  });

  test('give up waiting for a try', () => {
    const outcome = run([{ at: 0 }], { retries: { attempts: 1, retryOn: 'gateway-error', perTryTimeout: 50 } }, (host) => ({ status: 200, takes: host.address === 'a' ? 1000 : 10 }))[0];
    expect(outcome).toMatchObject({ status: 200, tried: ['a', 'b'] });
    expect(outcome.endedAt).toBeLessThan(100);
  });

  test('wait by chance that only the seed decides', () => {
    const ends = (seed: number): number[] => run(every(1, 20), { seed, retries: { attempts: 2, retryOn: '5xx' } }, () => ({ status: 500, takes: 1 })).map((it) => it.endedAt);
    expect(ends(1)).toEqual(ends(1));
    expect(ends(1)).not.toEqual(ends(2));
  });
});

describe('outlier ejection', () => {
  const badA = (host: Host): Answer => ({ status: host.address === 'a' ? 500 : 200, takes: 1 });
  test('leaves an endpoint out after failures in a row, and takes it back after its time', () => {
    const outcomes = run(every(1000, 60), { outliers: { consecutive5xx: 3, baseEjectionTime: 20_000, maxEjectionPercent: 100 } }, badA);
    const failures = outcomes.flatMap((it, index) => (it.status === 500 ? [index] : []));
    expect(failures.slice(0, 3)).toEqual([0, 2, 4]);
    expect(failures[3]).toBeGreaterThanOrEqual(24);
    expect(failures[3]).toBeLessThan(33);
  });

  test('ejects longer each time', () => {
    const outliers = new OutlierEjection(['a'], { consecutive5xx: 1, baseEjectionTime: 10_000, maxEjectionPercent: 100 });
    expect(outliers.record('a', 500, 1000)).toBe(true);
    expect([outliers.isEjected('a', 19_000), outliers.isEjected('a', 20_000)]).toEqual([true, false]);
    expect(outliers.record('a', 500, 20_500)).toBe(true);
    expect([outliers.isEjected('a', 40_000), outliers.isEjected('a', 50_000)]).toEqual([true, false]);
  });

  test('never ejects more than its share: of two endpoints none by default', () => {
    const outliers = new OutlierEjection(['a', 'b'], { consecutive5xx: 1 });
    expect(outliers.record('a', 500, 0)).toBe(false);
    const half = new OutlierEjection(['a', 'b'], { consecutive5xx: 1, maxEjectionPercent: 50 });
    expect([half.record('a', 500, 0), half.record('b', 500, 0)]).toEqual([true, false]);
  });

  test('without any endpoint left the answer is 503', () => {
    const outcomes = run(every(2, 3), { hosts: [HOSTS[0]], outliers: { consecutive5xx: 1, maxEjectionPercent: 100 } }, badA);
    expect(outcomes.map((it) => [it.status, it.by])).toEqual([[500, undefined], [503, 'no-host'], [503, 'no-host']]);
  });
});
