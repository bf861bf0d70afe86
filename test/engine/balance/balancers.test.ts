import { Maglev, RingHash } from '../../../src/engine/balance/hash-balancers';
import { Balancer, Host } from '../../../src/engine/balance/host';
import { priorityLevels, priorityOf } from '../../../src/engine/balance/priorities';
import { LeastRequest, RandomChoice, RoundRobin } from '../../../src/engine/balance/turn-balancers';
import { xxHash64 } from '../../../src/engine/balance/xx-hash';

const hosts = (...weights: readonly number[]): Host[] => weights.map((weight, index) => ({ address: `10.0.0.${index + 1}:8080`, weight }));
const play = (balancer: Balancer, count: number, key?: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => balancer.next(key ? { hashKey: key(index) } : {})!.address.slice(7, 8));
const counts = (played: readonly string[]): Record<string, number> => {
  const result: Record<string, number> = {};
  for (const name of [...played].sort()) result[name] = (result[name] ?? 0) + 1;
  return result;
};

describe('XXH64', () => {
  // The values of the algorithm's own specification.
  test.each([['', 'ef46db3751d8e999'], ['a', 'd24ec4f1a98c6e5b'], ['abc', '44bc2cf5ad770999'],
    ['Nobody inspects the spammish repetition', 'fbcea83c8a378bf1'], ['The quick brown fox jumps over the lazy dog', '0b242d361fda71bc']])('of %j is %s', (text, hash) => {
    expect(xxHash64(text).toString(16).padStart(16, '0')).toBe(hash);
  });

  test('differs by seed', () => expect(xxHash64('a', 1n)).not.toBe(xxHash64('a')));
});

describe('in turns', () => {
  test('round robin takes one after the other, and heavier ones more often, spread out', () => {
    expect(play(new RoundRobin(hosts(1, 1, 1)), 6)).toEqual(['1', '2', '3', '1', '2', '3']);
    expect(play(new RoundRobin(hosts(2, 1)), 6)).toEqual(['1', '2', '1', '1', '2', '1']);
    expect(counts(play(new RoundRobin(hosts(5, 3, 2)), 100))).toEqual({ 1: 50, 2: 30, 3: 20 });
    expect(new RoundRobin([]).next()).toBeUndefined();
  });

  test('random goes by weight, and by the seed alone', () => {
    const played = play(new RandomChoice(hosts(3, 1), 7), 4000);
    expect(counts(played)['1']).toBeGreaterThan(2850);
    expect(counts(played)['1']).toBeLessThan(3150);
    expect(play(new RandomChoice(hosts(3, 1), 7), 50)).toEqual(played.slice(0, 50));
    expect(play(new RandomChoice(hosts(3, 1), 8), 50)).not.toEqual(played.slice(0, 50));
  });

  test('least request spares whoever is busy', () => {
    const [slow, fast] = hosts(1, 1);
    const balancer = new LeastRequest([slow, fast], 3);
    const taken = { [slow.address]: 0, [fast.address]: 0 };
    for (let round = 0; round < 200; round++) {
      const host = balancer.next()!;
      taken[host.address]++;
      // Only the fast one ever ends a request.
      if (host === fast) balancer.done(host);
    }
    // Each draw of twice the slow one goes there; all others to the fast one.
    expect(taken[slow.address]).toBeLessThan(80);
    expect(taken[fast.address]).toBeGreaterThan(120);
  });
});

describe('by hash', () => {
  const key = (index: number): string => `user-${index}`;
  test.each([['ring', (all: readonly Host[]) => new RingHash(all)], ['Maglev table', (all: readonly Host[]) => new Maglev(all)]])('a %s keeps a key at its host, shares by weight, and moves few when one goes', (_, make) => {
    const [three, two] = [hosts(1, 1, 2), hosts(1, 1)];
    const first = play(make(three), 2000, key);
    expect(play(make(three), 2000, key)).toEqual(first);
    const share = counts(first);
    expect(share['3'] / 2000).toBeGreaterThan(0.42);
    expect(share['3'] / 2000).toBeLessThan(0.58);
    const moved = play(make(two), 2000, key).filter((host, index) => first[index] !== '3' && host !== first[index]).length;
    expect(moved).toBeLessThan(200);
  });

  test('the ring has as many places as it needs for whole shares', () => {
    expect(new RingHash(hosts(1, 1)).size).toBe(1024);
    expect(new RingHash(hosts(1, 1, 1)).size).toBe(1026);
    expect(new RingHash(hosts(1, 1), 0, { minimumRingSize: 8, maximumRingSize: 4 }).size).toBe(4);
    expect(new RingHash([]).next({ hashKey: 'x' })).toBeUndefined();
  });

  test('a place on the ring is the hash of address and number', () => {
    const all = hosts(1, 1);
    const ring = new RingHash(all, 0, { minimumRingSize: 2 });
    const places = all.map((host) => ({ host, hash: xxHash64(`${host.address}_0`) })).sort((a, b) => (a.hash < b.hash ? -1 : 1));
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const wanted = places.find((it) => it.hash >= xxHash64(name)) ?? places[0];
      expect(ring.next({ hashKey: name })).toBe(wanted.host);
    }
  });
});

describe('localities', () => {
  const client = { region: 'eu', zone: 'a', subzone: 'x' };
  test('same subzone, zone, region and elsewhere follow each other, and failover prefers a region', () => {
    const to = (region: string, zone?: string, subzone?: string): number => priorityOf(client, { region, zone, subzone }, [{ from: 'eu', to: 'us' }]);
    expect([to('eu', 'a', 'x'), to('eu', 'a', 'y'), to('eu', 'b', 'x'), to('us'), to('asia')]).toEqual([0, 1, 2, 3, 4]);
    expect(priorityOf(client, { region: 'asia' })).toBe(3);
  });

  test('a level spills over only when 1.4 times its healthy share is not enough', () => {
    const levels = (near: number, all: number): number[] => priorityLevels(
      Array.from({ length: all + 2 }, (_, index): Host => ({ address: String(index), healthy: index >= all || index < near, locality: { region: index < all ? 'eu' : 'us' } })),
      (host) => (host.locality!.region === 'eu' ? 0 : 3)).map((it) => it.load);
    expect(levels(10, 10)).toEqual([100, 0]);
    expect(levels(8, 10)).toEqual([100, 0]);
    expect(levels(5, 10)).toEqual([70, 30]);
    expect(levels(0, 10)).toEqual([0, 100]);
  });

  test('when nothing is healthy, all of the nearest are tried', () => {
    const sick: Host[] = [{ address: 'a', healthy: false }, { address: 'b', healthy: false }];
    expect(priorityLevels(sick, () => 0)).toEqual([{ priority: 0, hosts: sick, load: 100 }]);
  });
});
