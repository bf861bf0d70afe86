import { Balancer, Host, weightOf } from './host';
import { Seeded } from './seeded';

/** Hosts in turn, each as often as its weight says: the one whose turn is due first (Envoy's `ROUND_ROBIN`). */
export class RoundRobin implements Balancer {
  private readonly entries: { readonly host: Host; due: number; readonly order: number }[];

  constructor(hosts: readonly Host[]) {
    this.entries = hosts.filter((host) => weightOf(host) > 0).map((host, order) => ({ host, due: 1 / weightOf(host), order }));
  }

  next(): Host | undefined {
    let [chosen] = this.entries;
    for (const entry of this.entries) {
      if (entry.due < chosen.due) chosen = entry;
    }
    if (!chosen) return undefined;
    chosen.due += 1 / weightOf(chosen.host);
    // Among equals, whoever just had a turn comes last.
    this.entries.splice(this.entries.indexOf(chosen), 1);
    this.entries.push(chosen);
    return chosen.host;
  }
}

/** Any host, by weight (Envoy's `RANDOM`; its hosts have equal chances when their weights are equal). */
export class RandomChoice implements Balancer {
  private readonly random: Seeded;
  private readonly total: number;

  constructor(private readonly hosts: readonly Host[], seed = 0) {
    this.random = new Seeded(seed);
    this.total = hosts.reduce((sum, host) => sum + weightOf(host), 0);
  }

  next(): Host | undefined {
    let place = this.random.next() * this.total;
    for (const host of this.hosts) {
      place -= weightOf(host);
      if (place < 0) return host;
    }
    return undefined;
  }
}

/**
 * The least busy of some hosts (Envoy's `LEAST_REQUEST`, and Istio's default): of two drawn by chance where all weights are equal,
 * else in turns by weight over one more than the requests under way.
 */
export class LeastRequest implements Balancer {
  private readonly active = new Map<Host, number>();
  private readonly random: Seeded;
  private readonly isEven: boolean;
  private readonly due: Map<Host, number>;

  constructor(private readonly hosts: readonly Host[], seed = 0, private readonly choices = 2) {
    this.random = new Seeded(seed);
    this.isEven = hosts.every((host) => weightOf(host) === weightOf(hosts[0]));
    this.due = new Map(hosts.map((host) => [host, 1 / weightOf(host)]));
  }

  next(): Host | undefined {
    if (this.hosts.length === 0) return undefined;
    const host = this.isEven ? this.drawn() : this.dueFirst();
    this.active.set(host, this.underWay(host) + 1);
    return host;
  }

  done(host: Host): void {
    this.active.set(host, Math.max(0, this.underWay(host) - 1));
  }

  private underWay(host: Host): number {
    return this.active.get(host) ?? 0;
  }

  private drawn(): Host {
    let best = this.hosts[this.random.below(this.hosts.length)];
    for (let draw = 1; draw < this.choices; draw++) {
      const other = this.hosts[this.random.below(this.hosts.length)];
      if (this.underWay(other) < this.underWay(best)) best = other;
    }
    return best;
  }

  private dueFirst(): Host {
    let [best] = this.hosts;
    for (const host of this.hosts) {
      if (this.due.get(host)! < this.due.get(best)!) best = host;
    }
    this.due.set(best, this.due.get(best)! + (this.underWay(best) + 1) / weightOf(best));
    return best;
  }
}
