import { CONSUL_SERVICES, portOf } from './services';
import { CONSUL } from '../../model/consul';
import { CORE } from '../../model/core';
import type { Cluster } from '../../model/model';
import type { ChainTarget } from '../../routing/consul/chain';
import type { Pod, SentDestination, TransportSecurity } from '../data-plane';
import { destinationOf, ServiceShare } from '../service-targets';

/** Destinations of a discovery chain, with what is said of their way. */
export interface ChainDestinations {
  readonly destinations: readonly SentDestination[];
  readonly notes: readonly string[];
}

/** The pods that the targets of a chain lead to; targets without healthy instances give way to their failover. */
export function chainDestinations(
  cluster: Cluster, targets: readonly ChainTarget[], port: number, securityOf: (pod: Pod, port: number) => TransportSecurity,
): ChainDestinations {
  const notes: string[] = [];
  const reach = (target: Omit<ChainTarget, 'failover' | 'weight'>, weight: number): SentDestination => {
    if (target.peer !== undefined || target.datacenter !== undefined) {
      notes.push(`what ${target.peer === undefined ? `datacenter ${target.datacenter}` : `peer ${target.peer}`} does with it is not known here`);
      return { host: target.service, ...(target.subset === undefined ? {} : { subset: target.subset }), port, weight, targets: [] };
    }
    return destinationOf(cluster, shareOf(cluster, target, weight, port, notes), securityOf);
  };
  const destinations = targets.map(target => {
    const first = reach(target, target.weight);
    if (first.healthy !== false) return first;
    const other = target.failover.map(item => reach(item, target.weight)).find(item => item.healthy !== false);
    if (other) notes.push(`no instance of ${target.service} serves, so ${other.host} takes its place`);
    return other ?? first;
  });
  return { destinations: together(destinations), notes: [...new Set(notes)] };
}

function shareOf(cluster: Cluster, { service: name, subset }: Omit<ChainTarget, 'failover' | 'weight'>, weight: number, port: number, notes: string[]): ServiceShare {
  const services = cluster.family(CONSUL_SERVICES);
  const [service] = services.behind(name);
  const base = { host: name, ...(subset === undefined ? {} : { subset }), weight };
  if (!service) {
    const fault = cluster.family(CORE).workloads.length > 0 ? `no pod is registered as ${name}` : undefined;
    return { ...base, port, ...(fault === undefined ? {} : { fault }) };
  }
  const takes = subset === undefined ? undefined : services.subset(cluster.family(CONSUL), name, subset);
  if (subset !== undefined && !takes) notes.push(`the filter of subset ${subset} of ${name} cannot be read from manifests, so all instances are taken for it`);
  return { ...base, port: portOf(service, port), service, takes };
}

/** Shares for one destination are one. */
function together(destinations: readonly SentDestination[]): SentDestination[] {
  const found = new Map<string, SentDestination>();
  for (const item of destinations) {
    const key = `${item.host} ${item.subset ?? ''} ${item.port}`;
    const known = found.get(key);
    found.set(key, known ? { ...known, weight: known.weight + item.weight } : item);
  }
  return [...found.values()];
}
