import { pushTo } from '../../model/label-index';
import { LINKERD } from '../../model/linkerd';
import type { LinkerdServer } from '../../model/linkerd/policies';
import { orderIsKnown } from '../../model/order';
import { mention } from '../finding-of-hit';
import type { Rule } from '../rule';
import { portsOfServer, SERVER_PODS } from '../support/linkerd';
import { linkerd, LINKERD_SHOP } from '../support/samples';

const server = (name: string, port: number, more = ''): string => linkerd('v1beta3', 'Server', `shop/${name}`, `{podSelector: {matchLabels: {app: api}}, port: ${port}, accessPolicy: all-authenticated${more}}`);

/** Two Servers for one port. */
export const MESH0601: Rule = {
  id: 'MESH0601',
  title: 'Two Servers claim the same port of the same pods',
  severity: 'error',
  why: 'Linkerd takes the oldest Server for a port, and ignores the others in silence, with all policies and routes that are attached to them. Which is older depends on the order in which they were created.',
  fix: 'Keep one Server per port of a pod.',
  sources: ['https://linkerd.io/2/reference/authorization-policy/#server'],
  bad: [LINKERD_SHOP + server('one', 8080) + server('two', 8080)],
  good: [LINKERD_SHOP + server('one', 8080) + server('two', 9090)],
  check(cluster, tell) {
    const pods = cluster.family(SERVER_PODS);
    const claims = new Map<string, LinkerdServer[]>();
    for (const item of cluster.family(LINKERD).servers) {
      for (const pod of pods.get(item) ?? []) for (const port of portsOfServer(item, pod)) pushTo(claims, `${pod.namespace}/${pod.kind}/${pod.name} ${port}`, item);
    }
    for (const [key, servers] of claims) {
      for (const item of servers) {
        const other = servers.find((it) => it !== item);
        const [place, port] = key.split(' ');
        if (other) tell(item.resource, ['spec', 'port'], `${mention(other.resource)} claims port ${port} of ${place.split('/').slice(1).join(' ')}, too`, orderIsKnown(item.resource, other.resource) ? { severity: 'warning' } : {});
      }
    }
  },
};
