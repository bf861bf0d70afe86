import { checkGammaRoutes } from '../gamma/routes';
import { RunningShop } from '../istio/shop';
import { envoy, etcd, iptables, istio, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

/** Routes of the Gateway API that are bound to Services do in real proxies what they say, without a resource of any mesh. */
export const part: SuitePart = {
  name: 'gamma',
  needs: [etcd, kubeApiserver, envoy, iptables, istio],
  needsRoot: true,
  needsCrds: true,
  run: async (t) => {
    const shop = await RunningShop.start(t);
    await checkGammaRoutes(t, shop);
  },
};
