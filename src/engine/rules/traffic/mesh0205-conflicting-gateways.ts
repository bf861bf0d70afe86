import { hostsMatch } from '../../match/host';
import { ISTIO } from '../../model/istio';
import type { Gateway, GatewayServer } from '../../model/istio/traffic';
import { pushTo } from '../../model/label-index';
import { mention } from '../finding-of-hit';
import type { Rule } from '../rule';
import { EDGE, INJECTED, networking } from '../support/samples';

const gateway = (name: string, host: string, tls = ''): string => networking('Gateway', name, `{selector: {app: edge}, servers: [{port: {number: 443, name: ${name.split('/')[1]}, protocol: HTTPS}, hosts: [${host}]${tls}}]}`);
const TLS = ', tls: {mode: SIMPLE, credentialName: own-tls}';
const OTHER_TLS = ', tls: {mode: SIMPLE, credentialName: other-tls}';

/** Two gateways for one host and port. */
export const MESH0205: Rule = {
  id: 'MESH0205',
  title: 'Two Gateways serve the same host on the same port of the same pods',
  severity: 'error',
  why: 'Of servers with TLS for the same host only the first is kept, whose certificate and routes are then used. Which one is first depends on the order of creation.',
  fix: 'Serve the host in one Gateway, and bind all VirtualServices to that one.',
  upstream: ['IST0145', 'KIA0301'],
  bad: [INJECTED + EDGE + gateway('shop/one', 'a.example.com', TLS) + gateway('shop/two', 'a.example.com', OTHER_TLS)],
  good: [
    INJECTED + EDGE + gateway('shop/one', 'a.example.com', TLS) + gateway('shop/two', 'b.example.com', OTHER_TLS),
    INJECTED + EDGE + gateway('shop/one', 'shop/a.example.com', TLS) + networking('Gateway', 'shop/two', '{selector: {app: edge}, servers: [{port: {number: 8443, name: two, protocol: HTTPS}, hosts: [a.example.com], tls: {mode: PASSTHROUGH}}]}'),
  ],
  check(cluster, tell) {
    const groups = new Map<string, { gateway: Gateway; server: GatewayServer; index: number }[]>();
    for (const item of cluster.family(ISTIO).gateways) {
      const selector = Object.entries(item.selector ?? {}).map(([key, value]) => `${key}=${value}`).sort().join(',');
      item.servers.forEach((server, index) => {
        if (server.hosts.length > 0) pushTo(groups, `${selector} ${server.port} ${server.bind}`, { gateway: item, server, index });
      });
    }
    for (const list of groups.values()) {
      const seen = new Map<string, typeof list>();
      for (const item of list) for (const host of item.server.hosts) pushTo(seen, host.slice(host.indexOf('/') + 1), item);
      for (const [host, items] of seen) {
        const rivals = host === '*' || items.length > 1 ? items : [...items];
        for (const item of rivals) {
          const other = rivals.find((it) => it.gateway !== item.gateway && overlap(it, item));
          if (other) tell(item.gateway.resource, ['spec', 'servers', item.index, 'hosts'], `${mention(other.gateway.resource)} serves ${host} on port ${item.server.port} of the same pods, too`);
        }
      }
    }
  },
};

type Server = { readonly gateway: Gateway; readonly server: GatewayServer };

/** Whether two servers list a common host for a common namespace. */
function overlap(a: Server, b: Server): boolean {
  return a.server.hosts.some((one) => b.server.hosts.some((other) => {
    const [mine, theirs] = [split(one, a.gateway), split(other, b.gateway)];
    return hostsMatch(mine.host, theirs.host) && (mine.place === '*' || theirs.place === '*' || mine.place === theirs.place);
  }));
}

function split(host: string, owner: Gateway): { readonly place: string; readonly host: string } {
  const slash = host.indexOf('/');
  if (slash < 0) return { place: '*', host };
  const place = host.slice(0, slash);
  return { place: place === '.' ? owner.resource.namespace : place, host: host.slice(slash + 1) };
}
