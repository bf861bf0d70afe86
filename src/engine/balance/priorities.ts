import { Host, Locality } from './host';

/** Hosts with how preferred they are: 0 first. */
export interface PriorityLevel {
  readonly priority: number;
  readonly hosts: readonly Host[];
  /** Percent of the traffic, from 0 to 100. */
  readonly load: number;
}

/** Envoy takes a level as whole while this many times its healthy share makes all of it. */
const OVERPROVISIONING = 1.4;

/** How preferred an endpoint is for a client, by Istio's default failover: same subzone, zone, region, elsewhere. */
export function priorityOf(client: Locality, host: Locality | undefined, failover: readonly { readonly from: string; readonly to: string }[] = []): number {
  if (host?.region === client.region) {
    if (host.zone !== client.zone) return 2;
    return host.subzone === client.subzone ? 0 : 1;
  }
  const chosen = failover.find((it) => it.from === client.region);
  return !chosen || host?.region === chosen.to ? 3 : 4;
}

/**
 * The levels with the share of the traffic that each gets: a level is whole while its healthy hosts, 1.4 times, make all of it, and
 * what is missing goes to the next. When nothing is healthy anywhere, all hosts of the first level are tried.
 */
export function priorityLevels(hosts: readonly Host[], rank: (host: Host) => number): PriorityLevel[] {
  const grouped = new Map<number, Host[]>();
  for (const host of hosts) grouped.set(rank(host), [...grouped.get(rank(host)) ?? [], host]);
  const levels = [...grouped].sort(([a], [b]) => a - b);
  const health = levels.map(([, all]) => Math.min(100, Math.floor(OVERPROVISIONING * 100 * all.filter(isHealthy).length / all.length)));
  const total = Math.min(100, health.reduce((sum, it) => sum + it, 0));
  if (total === 0) return levels.map(([priority, all], index) => ({ priority, hosts: all, load: index === 0 ? 100 : 0 }));
  let left = 100;
  return levels.map(([level, all], index): PriorityLevel => {
    const load = Math.min(left, Math.floor(health[index] * 100 / total));
    left -= load;
    return { priority: level, hosts: all.filter(isHealthy), load };
  }).map((level, index, all) => (index === firstWith(all) ? { ...level, load: level.load + left } : level));
}

/** What rounding leaves over goes to the first level that has any. */
function firstWith(levels: readonly PriorityLevel[]): number {
  return levels.findIndex((it) => it.load > 0);
}

function isHealthy(host: Host): boolean {
  return host.healthy !== false;
}
