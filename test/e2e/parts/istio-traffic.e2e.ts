import { RunningShop } from '../istio/shop';
import { checkIngressTls } from '../istio/traffic/ingress-tls';
import { checkMessages } from '../istio/traffic/messages';
import { checkPlaces } from '../istio/traffic/places';
import { checkResilience } from '../istio/traffic/resilience';
import { checkRouting } from '../istio/traffic/routing';
import { envoy, etcd, iptables, istio, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

/** What the library writes about traffic does in real proxies what it says. */
export const part: SuitePart = {
  name: 'istio-traffic',
  needs: [etcd, kubeApiserver, envoy, iptables, istio],
  needsRoot: true,
  needsCrds: true,
  run: async (t) => {
    const shop = await RunningShop.start(t);
    await checkRouting(t, shop);
    await checkIngressTls(t, shop);
    await checkMessages(t, shop);
    await checkResilience(t, shop);
    await checkPlaces(t, shop);
  },
};
