import { isIstioUsed } from '../../dataplane/istio/membership';
import { own } from '../../model/json';
import type { Rule } from '../rule';
import { namespace, service, deployment } from '../support/samples';

const PODS = service('shop/api') + deployment('shop/api');

/** Namespaces that say two things. */
export const MESH0317: Rule = {
  id: 'MESH0317',
  title: 'A namespace has two labels that say how its pods join the mesh',
  severity: 'warning',
  why: 'Only one counts: `istio-injection` wins over `istio.io/rev`, and sidecars win over the ambient mesh. The other one says what does not happen.',
  fix: 'Keep one of `istio-injection`, `istio.io/rev` and `istio.io/dataplane-mode`.',
  upstream: ['IST0123'],
  bad: [namespace('shop', '{istio-injection: enabled, istio.io/rev: stable}') + PODS, namespace('shop', '{istio-injection: enabled, istio.io/dataplane-mode: ambient}') + PODS],
  good: [namespace('shop', '{istio.io/rev: stable}') + PODS, namespace('shop', '{istio-injection: disabled, istio.io/dataplane-mode: ambient}') + PODS],
  check(cluster, tell) {
    if (!isIstioUsed(cluster)) return;
    for (const resource of cluster.kind('', 'Namespace')) {
      const injection = own(resource.labels, 'istio-injection');
      const revision = own(resource.labels, 'istio.io/rev');
      const mode = own(resource.labels, 'istio.io/dataplane-mode');
      const set = [injection !== undefined && 'istio-injection', revision !== undefined && 'istio.io/rev', mode !== undefined && mode !== 'none' && 'istio.io/dataplane-mode'].filter((it) => it !== false);
      if (set.length < 2 || (injection !== undefined && injection !== 'enabled')) continue;
      // A revision in an ambient namespace says which control plane its waypoints have.
      if (injection === undefined && mode === 'ambient') continue;
      tell(resource, ['metadata', 'labels'], `${set.join(' and ')} are both set`);
    }
  },
};
