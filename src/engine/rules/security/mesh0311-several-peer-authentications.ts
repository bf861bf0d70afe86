import { ISTIO } from '../../model/istio';
import type { PeerAuthentication } from '../../model/istio/policies';
import { pushTo } from '../../model/label-index';
import { orderIsKnown } from '../../model/order';
import { mention } from '../finding-of-hit';
import type { Rule } from '../rule';
import { security, SHOP } from '../support/samples';

/** Two defaults for one namespace. */
export const MESH0311: Rule = {
  id: 'MESH0311',
  title: 'Two PeerAuthentications of one rank set the mode of the same pods',
  severity: 'error',
  why: 'Only the oldest policy without selector counts for a namespace, and only the oldest that selects a pod. Which is older depends on the order in which they were created.',
  fix: 'Keep one of them.',
  upstream: ['KIA0002', 'KIA0003'],
  bad: [
    SHOP + security('PeerAuthentication', 'shop/one', '{mtls: {mode: STRICT}}') + security('PeerAuthentication', 'shop/two', '{mtls: {mode: PERMISSIVE}}'),
    SHOP + security('PeerAuthentication', 'shop/one', '{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}}') + security('PeerAuthentication', 'shop/two', '{selector: {matchLabels: {app: api}}, mtls: {mode: DISABLE}}'),
  ],
  good: [SHOP + security('PeerAuthentication', 'shop/default', '{mtls: {mode: STRICT}}') + security('PeerAuthentication', 'shop/api', '{selector: {matchLabels: {app: api}}, mtls: {mode: PERMISSIVE}}')],
  check(cluster, tell) {
    const groups = new Map<string, PeerAuthentication[]>();
    for (const policy of cluster.family(ISTIO).peerAuthentications) {
      const labels = Object.entries(policy.selector).map(([key, value]) => `${key}=${value}`).sort().join(',');
      pushTo(groups, `${policy.resource.namespace} ${labels}`, policy);
    }
    for (const list of groups.values()) {
      for (const policy of list) {
        const other = list.find((it) => it !== policy && modesOf(it) !== modesOf(policy) && !orderIsKnown(it.resource, policy.resource));
        if (other) tell(policy.resource, ['spec'], `${mention(other.resource)} sets another mode for the same pods`);
      }
    }
  },
};

function modesOf({ mode, portLevel }: PeerAuthentication): string {
  return JSON.stringify([mode, ...portLevel]);
}
