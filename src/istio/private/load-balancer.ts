import type { Duration } from 'cdk8s';
import { HashKey, HashKeyKind } from '../../core/hash-key';
import { HashTable, LoadBalancing, LoadBalancingAlgorithm } from '../../core/load-balancing';
import type { Locality } from '../../core/locality';
import { positive, wholeNumber } from '../../core/private/check-values';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import type { HashTuning, WarmUpTuning, ZoneAwareness } from '../endpoint-tuning';
import { istioDuration } from './duration';
import { renderLocality, renderZoneAwareness } from './locality';

/** What is said of how endpoints are picked. */
export interface BalancingWords {
  readonly loadBalancing?: LoadBalancing;
  readonly hashTuning?: HashTuning;
  readonly locality?: Locality;
  readonly ignoreLocality?: boolean;
  readonly zoneAware?: ZoneAwareness;
  readonly warmUp?: Duration;
  readonly warmUpTuning?: WarmUpTuning;
}

const SIMPLE: { readonly [algorithm in LoadBalancingAlgorithm]: crd.SimpleLB | undefined } = {
  [LoadBalancingAlgorithm.ROUND_ROBIN]: crd.SimpleLB.ROUND_ROBIN,
  [LoadBalancingAlgorithm.LEAST_REQUEST]: crd.SimpleLB.LEAST_REQUEST,
  [LoadBalancingAlgorithm.RANDOM]: crd.SimpleLB.RANDOM,
  [LoadBalancingAlgorithm.PASSTHROUGH]: crd.SimpleLB.PASSTHROUGH,
  [LoadBalancingAlgorithm.CONSISTENT_HASH]: undefined,
};

/** Algorithms that know how to give a new endpoint less than its share. */
const WARMS_UP = [LoadBalancingAlgorithm.ROUND_ROBIN, LoadBalancingAlgorithm.LEAST_REQUEST];

/** Size of Maglev's table unless it is said; Istio demands that it is written down. */
const MAGLEV_TABLE = 65_537;

/** How endpoints are picked, in Istio's words; undefined when nothing is said. */
export function renderLoadBalancer(words: BalancingWords): crd.LoadBalancerSettings | undefined {
  const { loadBalancing, hashTuning, warmUp, warmUpTuning, zoneAware } = words;
  if (Object.values(words).every((word) => word === undefined)) { return undefined; }
  if (hashTuning && !loadBalancing?.hashKey) {
    fail('MESH-E030', 'hashTuning without consistent hashing', 'give loadBalancing: LoadBalancing.consistentHash(), or leave hashTuning out');
  }
  if (warmUp && loadBalancing && !WARMS_UP.includes(loadBalancing.algorithm)) {
    fail('MESH-E027', `a warm-up with ${loadBalancing.algorithm} load balancing, which knows none`, 'use LoadBalancing.roundRobin() or LoadBalancing.leastRequest()');
  }
  return {
    simple: loadBalancing && SIMPLE[loadBalancing.algorithm],
    consistentHash: loadBalancing?.hashKey && renderHash(loadBalancing.hashKey, loadBalancing.hashTable, hashTuning ?? {}),
    localityLbSetting: renderLocality(words),
    zoneAwareLbSetting: zoneAware && renderZoneAwareness(zoneAware),
    warmup: renderWarmUp(warmUp, warmUpTuning),
  };
}

function renderWarmUp(warmUp: Duration | undefined, tuning: WarmUpTuning | undefined): crd.WarmupConfiguration | undefined {
  if (!warmUp) {
    if (tuning) { fail('MESH-E030', 'warmUpTuning without warmUp', 'say how long with warmUp, or leave warmUpTuning out'); }
    return undefined;
  }
  positive('warm-up', warmUp);
  if (tuning?.aggression !== undefined && !(tuning.aggression > 0)) {
    fail('MESH-E028', `invalid aggression, got ${tuning.aggression}`, 'use a number above zero');
  }
  return { duration: istioDuration(warmUp), minimumPercent: tuning?.minimum?.toPercent(), aggression: tuning?.aggression };
}

function renderHash(key: HashKey, table: HashTable | undefined, tuning: HashTuning): crd.ConsistentHashLB {
  return { ...renderKey(key, tuning), ...renderTable(table, tuning) };
}

function renderKey(key: HashKey, { cookieAttributes }: HashTuning): crd.ConsistentHashLB {
  if (cookieAttributes && key.kind !== HashKeyKind.COOKIE) {
    fail('MESH-E031', `attributes of a cookie, and the ${key.kind} decides`, 'use HashKey.cookie(), or leave cookieAttributes out');
  }
  switch (key.kind) {
    case HashKeyKind.HEADER: return { httpHeaderName: key.name };
    case HashKeyKind.COOKIE: return {
      httpCookie: {
        name: key.name,
        ttl: istioDuration(key.ttl) ?? '0s',
        path: key.path,
        attributes: cookieAttributes && Object.entries(cookieAttributes).map(([name, value]) => ({ name, value })),
      },
    };
    case HashKeyKind.SOURCE_IP: return { useSourceIp: true };
    case HashKeyKind.QUERY: return { httpQueryParameterName: key.name };
  }
}

function renderTable(table: HashTable | undefined, { minimumRingSize, tableSize }: HashTuning): crd.ConsistentHashLB {
  const maglev = table === HashTable.MAGLEV;
  if (maglev ? minimumRingSize !== undefined : tableSize !== undefined) {
    fail('MESH-E031', maglev ? 'minimumRingSize of a Maglev table' : 'tableSize of a ring', maglev ? 'use tableSize, or HashTable.RING' : 'use minimumRingSize, or HashTable.MAGLEV');
  }
  if (maglev) {
    if (tableSize !== undefined && !(tableSize < 5_000_011 && isPrime(tableSize))) {
      fail('MESH-E028', `invalid table size, got ${tableSize}`, 'use a prime number below 5000011');
    }
    return { maglev: { tableSize: tableSize ?? MAGLEV_TABLE } };
  }
  wholeNumber('ring size', minimumRingSize, 1, 8_388_608);
  return minimumRingSize === undefined ? {} : { ringHash: { minimumRingSize } };
}

function isPrime(candidate: number): boolean {
  if (!Number.isInteger(candidate) || candidate < 2) { return false; }
  for (let factor = 2; factor * factor <= candidate; factor++) {
    if (candidate % factor === 0) { return false; }
  }
  return true;
}
