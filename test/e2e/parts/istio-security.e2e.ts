import { checkAccess } from '../istio/security/access';
import { checkEgress } from '../istio/security/egress';
import { checkEgressGateway } from '../istio/security/egress-gateway';
import { checkMetrics } from '../istio/security/metrics';
import { checkRequestGuards, guardConfig } from '../istio/security/request-guards';
import { checkTokens } from '../istio/security/tokens';
import { RunningShop } from '../istio/shop';
import { envoy, etcd, iptables, istio, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

/** What the library writes about who may call whom holds in real proxies. */
export const part: SuitePart = {
  name: 'istio-security',
  needs: [etcd, kubeApiserver, envoy, iptables, istio],
  needsRoot: true,
  needsCrds: true,
  run: async (t) => {
    const shop = await RunningShop.start(t, { meshConfig: { ...guardConfig(), outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } });
    await checkAccess(t, shop);
    await checkTokens(t, shop);
    await checkMetrics(t, shop);
    await checkRequestGuards(t, shop);
    await checkEgress(t, shop);
    await checkEgressGateway(t, shop);
  },
};
