import { ISTIO } from '../../model/istio';
import type { Rule } from '../rule';
import { istioModeOf, selectedWorkloads } from '../support/pods';
import { AMBIENT, security, SHOP } from '../support/samples';

const OFF = security('PeerAuthentication', 'shop/default', '{mtls: {mode: DISABLE}}');

/** Mutual TLS that cannot be turned off. */
export const MESH0408: Rule = {
  id: 'MESH0408',
  title: 'A PeerAuthentication turns mutual TLS off for pods of the ambient mesh',
  severity: 'warning',
  why: 'ztunnel always accepts connections of the mesh; mode DISABLE is taken as PERMISSIVE.',
  fix: 'Write PERMISSIVE, which is what happens, or leave the pods out of the mesh.',
  bad: [AMBIENT + OFF],
  good: [SHOP + OFF, AMBIENT + security('PeerAuthentication', 'shop/default', '{mtls: {mode: STRICT}}')],
  check(cluster, tell) {
    for (const { resource, selector, mode, portLevel } of cluster.family(ISTIO).peerAuthentications) {
      if (mode !== 'DISABLE' && ![...portLevel.values()].includes('DISABLE')) continue;
      const pods = selectedWorkloads(cluster, resource.namespace, selector);
      if (pods.length > 0 && pods.every((pod) => istioModeOf(cluster, pod) === 'ambient')) tell(resource, ['spec'], 'DISABLE is taken as PERMISSIVE by ztunnel');
    }
  },
};
