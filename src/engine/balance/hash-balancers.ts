import { BalancedRequest, Balancer, Host, weightOf } from './host';
import { Seeded } from './seeded';
import { xxHash64 } from './xx-hash';

/** Bounds of a ring, as Envoy has them. */
export interface RingOptions {
  /** @default 1024 */
  readonly minimumRingSize?: number;
  /** @default 8388608 */
  readonly maximumRingSize?: number;
}

/** Requests without anything to hash go anywhere. */
abstract class HashBalancer implements Balancer {
  private readonly random: Seeded;

  constructor(seed: number) {
    this.random = new Seeded(seed);
  }

  next({ hashKey }: BalancedRequest): Host | undefined {
    const hash = hashKey === undefined ? BigInt(Math.floor(this.random.next() * Number.MAX_SAFE_INTEGER)) * 2048n : xxHash64(hashKey);
    return this.at(hash);
  }

  protected abstract at(hash: bigint): Host | undefined;
}

/** A ring on which each host has places by its weight, and each request goes to the next place (Envoy's `RING_HASH`). */
export class RingHash extends HashBalancer {
  private readonly ring: { readonly hash: bigint; readonly host: Host }[] = [];

  constructor(hosts: readonly Host[], seed = 0, { minimumRingSize = 1024, maximumRingSize = 8_388_608 }: RingOptions = {}) {
    super(seed);
    const total = hosts.reduce((sum, host) => sum + weightOf(host), 0);
    if (total === 0) return;
    const least = Math.min(...hosts.map((host) => weightOf(host) / total));
    // The smallest share gets whole places, unless the ring would become too large.
    const scale = Math.min(Math.ceil(least * minimumRingSize) / least, maximumRingSize);
    let current = 0;
    let target = 0;
    for (const host of hosts) {
      target += scale * weightOf(host) / total;
      for (let index = 0; current < target; current++, index++) this.ring.push({ hash: xxHash64(`${host.address}_${index}`), host });
    }
    this.ring.sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0));
  }

  /** Places on the ring. */
  get size(): number {
    return this.ring.length;
  }

  protected at(hash: bigint): Host | undefined {
    if (this.ring.length === 0) return undefined;
    let [low, high] = [0, this.ring.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.ring[middle].hash < hash) low = middle + 1;
      else high = middle;
    }
    return this.ring[low % this.ring.length].host;
  }
}

/** Envoy's size of a Maglev table. */
const TABLE_SIZE = 65_537;

/** A table that the hosts fill in turns, each by its own permutation (Envoy's `MAGLEV`). */
export class Maglev extends HashBalancer {
  private readonly table: Host[];

  constructor(hosts: readonly Host[], seed = 0, private readonly size = TABLE_SIZE) {
    super(seed);
    const most = Math.max(0, ...hosts.map(weightOf));
    const modulus = BigInt(size);
    const entries = hosts.filter((host) => weightOf(host) > 0).map((host) => ({
      host,
      offset: Number(xxHash64(host.address) % modulus),
      skip: Number(xxHash64(host.address, 1n) % (modulus - 1n)) + 1,
      weight: weightOf(host) / most,
      next: 0,
      turns: 0,
    }));
    this.table = new Array<Host>(entries.length === 0 ? 0 : size);
    let filled = 0;
    for (let turn = 1; filled < this.table.length; turn++) {
      for (const entry of entries) {
        if (filled >= size) break;
        // Lighter hosts miss turns.
        if (turn * entry.weight < entry.turns) continue;
        entry.turns += 1;
        let place = (entry.offset + entry.skip * entry.next) % size;
        while (this.table[place] !== undefined) {
          entry.next += 1;
          place = (entry.offset + entry.skip * entry.next) % size;
        }
        this.table[place] = entry.host;
        entry.next += 1;
        filled += 1;
      }
    }
  }

  protected at(hash: bigint): Host | undefined {
    return this.table.length === 0 ? undefined : this.table[Number(hash % BigInt(this.size))];
  }
}
