import { hostsMatch, isWildcard } from '../../match/host';
import { CORE } from '../../model/core';
import { ISTIO } from '../../model/istio';
import type { VirtualService } from '../../model/istio/traffic';
import { JsonObject, numberOf, objectOf, objectsOf, textOf } from '../../model/json';
import { pushTo } from '../../model/label-index';
import type { Cluster, Family } from '../../model/model';
import { expandHost } from '../../routing/istio/hosts';
import { MeshService, REGISTRY } from '../../routing/istio/registry';
import type { FieldSteps } from '../rule';

/** Finds services by the names that Istio's objects use. */
export interface HostFinder {
  /** The services that proxies of a namespace know by a full host name. */
  visible(host: string, namespace: string): readonly MeshService[];
  /** Whether the manifests could hold a host: its namespace occurs in them, or it is outside of the cluster. */
  isDecided(host: string): boolean;
}

/** Reader of hosts. */
export const HOSTS: Family<HostFinder> = {
  name: 'rules-hosts',
  read(cluster: Cluster): HostFinder {
    const registry = cluster.family(REGISTRY);
    const wildcards = registry.wildcardHosts;
    const known = new Set(cluster.family(CORE).services.map((service) => service.namespace));
    for (const service of registry.services) known.add(service.namespace);
    return {
      visible(host, namespace) {
        const named = isWildcard(host)
          ? registry.services.filter((service) => hostsMatch(service.hostname, host))
          : [...registry.named(host), ...wildcards.filter((wildcard) => hostsMatch(wildcard, host)).flatMap((wildcard) => registry.named(wildcard))];
        return named.filter((service) => registry.isVisible(service, namespace));
      },
      isDecided(host) {
        const match = /^[^.]+\.([^.]+)\.svc\./.exec(host);
        return !match || !host.endsWith(`.svc.${cluster.domain}`) || known.has(match[1]);
      },
    };
  },
};

/** A place of a VirtualService that sends traffic somewhere. */
export interface RouteDestination {
  readonly service: VirtualService;
  readonly section: 'http' | 'tcp' | 'tls';
  /** Index of the rule. */
  readonly rule: number;
  readonly path: FieldSteps;
  /** As written. */
  readonly written: string;
  /** In full. */
  readonly host: string;
  readonly subset?: string;
  readonly port?: number;
  readonly isMirror: boolean;
}

/** The destinations of all VirtualServices. */
export const DESTINATIONS: Family<readonly RouteDestination[]> = {
  name: 'rules-destinations',
  read: (cluster: Cluster) => cluster.family(ISTIO).virtualServices.flatMap((service) => destinationsOf(service, cluster.domain)),
};

function destinationsOf(service: VirtualService, domain: string): RouteDestination[] {
  const found: RouteDestination[] = [];
  const add = (section: RouteDestination['section'], rule: number, value: unknown, path: FieldSteps, isMirror = false): void => {
    const destination = objectOf(value);
    const written = textOf(destination.host);
    if (written === undefined || written === '') return;
    found.push({
      service,
      section,
      rule,
      path,
      written,
      isMirror,
      host: expandHost(written, service.resource.namespace, domain),
      subset: textOf(destination.subset) || undefined,
      port: numberOf(objectOf(destination.port).number),
    });
  };
  for (const section of ['http', 'tls', 'tcp'] as const) {
    service[section].forEach((rule: JsonObject, index) => {
      const base: FieldSteps = ['spec', section, index];
      objectsOf(rule.route).forEach((route, at) => add(section, index, route.destination, [...base, 'route', at, 'destination']));
      if (rule.mirror) add(section, index, rule.mirror, [...base, 'mirror'], true);
      objectsOf(rule.mirrors).forEach((mirror, at) => add(section, index, mirror.destination, [...base, 'mirrors', at, 'destination'], true));
    });
  }
  return found;
}

/** Names of subsets of DestinationRules by the full host that they are for. */
export const SUBSETS: Family<ReadonlyMap<string, ReadonlySet<string>>> = {
  name: 'rules-subsets',
  read(cluster: Cluster): ReadonlyMap<string, ReadonlySet<string>> {
    const byHost = new Map<string, string[]>();
    for (const rule of cluster.family(ISTIO).destinationRules) {
      for (const subset of rule.subsets) pushTo(byHost, expandHost(rule.host, rule.resource.namespace, cluster.domain), subset.name);
    }
    return new Map([...byHost].map(([host, names]) => [host, new Set(names)]));
  },
};
