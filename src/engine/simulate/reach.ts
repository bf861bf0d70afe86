import { compareText } from '../../private/compare-text';
import type { DataPlane, Target } from '../dataplane/data-plane';
import { ESTATE_PLANES } from '../dataplane/planes';
import { podOfWorkload } from '../dataplane/pods';
import { CORE, workloadsSelectedBy } from '../model/core';
import type { Cluster, Model } from '../model/model';
import { targetPortOn } from '../model/service';
import type { Workload } from '../model/workload';

/** What a client may do at a port. */
export type Access =
  /** Whatever it asks. */
  | 'all'
  /** Nothing. */
  | 'none'
  /** Some requests: it depends on their method, path, headers or token. */
  | 'some';

/** Clients that no policy tells apart. */
export interface ClientGroup {
  /** `NS/ACCOUNT` of each, sorted. */
  readonly accounts: readonly string[];
}

/** A port of a workload with what each group of clients may do there. */
export interface ReachedPort {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** Port of the pods. */
  readonly port: number;
  /** Whether its proxy looks into HTTP. */
  readonly layer: 'http' | 'tcp';
  /** By index of the client's group. */
  readonly access: readonly Access[];
}

/** Who may call whom. */
export interface Reachability {
  readonly clients: readonly ClientGroup[];
  readonly ports: readonly ReachedPort[];
  /** What a client of an account may do at a port. */
  access(account: string, port: ReachedPort): Access | undefined;
}

/**
 * The matrix of an estate: which account may reach which port of which workload, by policies and mutual TLS.
 *
 * Each server's policies are compiled once, and clients that all of them treat alike are one column.
 */
export function reach(model: Model, options: { readonly cluster?: string } = {}): Reachability {
  const cluster = model.cluster(options.cluster);
  const planes = cluster.family(ESTATE_PLANES);
  const accounts = accountsOf(cluster, planes.usual.trustDomain(cluster));
  const ports = portsOf(cluster);
  const rows = ports.map(({ target, workload }) => {
    const plane = planes.of(target.pod);
    return { workload, target, row: accounts.map(account => (plane ? accessOf(cluster, plane, target, account) : 'all')) };
  });
  // Accounts with equal columns are one group.
  const groups = new Map<string, number[]>();
  accounts.forEach((_, index) => {
    const column = rows.map(({ row }) => row[index][0]).join('');
    const members = groups.get(column);
    if (members) members.push(index);
    else groups.set(column, [index]);
  });
  const columns = [...groups.values()];
  const groupOf = new Map(columns.flatMap((members, group) => members.map(index => [accounts[index].key, group] as const)));
  const reached = rows.map(({ row, target, workload }): ReachedPort => ({
    namespace: workload.namespace,
    kind: workload.kind,
    name: workload.name,
    port: target.port,
    layer: planes.of(target.pod)?.layerOf(cluster, target) ?? 'tcp',
    access: columns.map(([first]) => row[first]),
  }));
  return {
    clients: columns.map(members => ({ accounts: members.map(index => accounts[index].key) })),
    ports: reached,
    access: (account, port) => {
      const group = groupOf.get(account);
      return group === undefined ? undefined : port.access[group];
    },
  };
}

interface Account {
  readonly key: string;
  readonly identity: string;
}

function accountsOf(cluster: Cluster, trustDomain: string): Account[] {
  const keys = new Set(cluster.family(CORE).workloads.map(item => `${item.namespace}/${item.serviceAccount}`));
  return [...keys].sort(compareText).map(key => {
    const [namespace, account] = key.split('/');
    return { key, identity: `${trustDomain}/ns/${namespace}/sa/${account}` };
  });
}

/** The ports by which Services lead to workloads. */
function portsOf(cluster: Cluster): { workload: Workload; target: Target }[] {
  const core = cluster.family(CORE);
  const found = new Map<string, { workload: Workload; target: Target }>();
  for (const service of core.services) {
    if (!service.selector || Object.keys(service.selector).length === 0) continue;
    for (const workload of workloadsSelectedBy(core, service.namespace, service.selector)) {
      for (const item of service.ports) {
        const port = targetPortOn(item, workload.ports);
        if (port === undefined) continue;
        const key = `${workload.namespace}/${workload.kind}/${workload.name}/${port}`;
        if (!found.has(key)) found.set(key, { workload, target: { pod: podOfWorkload(workload), port, security: 'mtls' } });
      }
    }
  }
  return [...found].sort(([a], [b]) => compareText(a, b)).map(([, item]) => item);
}

function accessOf(cluster: Cluster, plane: DataPlane, target: Target, account: Account): Access {
  return plane.accessOf(cluster, target, { identity: account.identity, protocol: 'http', layer: 'http', vouched: true });
}

