import { checkPolicies } from '../istio/curated/policies';
import { checkRateLimits } from '../istio/curated/rate-limits';
import { RunningShop } from '../istio/shop';
import { envoy, etcd, iptables, istio, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

/** What is said with the constructs for Istio's own kinds happens in real proxies. */
export const part: SuitePart = {
  name: 'istio-curated',
  needs: [etcd, kubeApiserver, envoy, iptables, istio],
  needsRoot: true,
  needsCrds: true,
  run: async (t) => {
    const shop = await RunningShop.start(t);
    await checkRateLimits(t, shop);
    await checkPolicies(t, shop);
  },
};
