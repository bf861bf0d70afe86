import { ISTIO } from '../../model/istio';
import type { Rule } from '../rule';
import { PODS } from '../support/pods';
import { EDGE, INJECTED, networking } from '../support/samples';

/** Gateways without pods. */
export const MESH0104: Rule = {
  id: 'MESH0104',
  title: 'A Gateway selects no pods',
  severity: 'warning',
  why: 'A Gateway configures the pods that its selector selects. Where there are none, nothing listens on its ports.',
  fix: 'Use the labels of the gateway\'s pods; the charts of Istio give them `istio: ingressgateway` or `istio: <name of the release>`.',
  upstream: ['IST0101', 'KIA0302'],
  needsEverything: true,
  bad: [INJECTED + EDGE + networking('Gateway', 'shop/other', '{selector: {app: egde}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [b.example.com]}]}')],
  good: [
    INJECTED + EDGE,
    INJECTED + networking('Gateway', 'shop/edge', '{selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}'),
  ],
  check(cluster, tell) {
    const pods = cluster.family(PODS);
    for (const { resource, selector } of cluster.family(ISTIO).gateways) {
      // What istioctl install and the charts bring is seldom among the manifests of apps.
      if (!selector || pods.exists(selector) || Object.hasOwn(selector, 'istio')) continue;
      tell(resource, ['spec', 'selector'], `no pod has the labels ${Object.entries(selector).map(([key, value]) => `${key}=${value}`).join(', ')}`,
        pods.knows(resource.namespace) ? {} : { severity: 'info' });
    }
  },
};
