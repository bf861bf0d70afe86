import { isIstioUsed } from '../../dataplane/istio/membership';
import { CORE } from '../../model/core';
import { serviceProtocol } from '../../routing/istio/protocol';
import type { Rule } from '../rule';
import { istioModeOf, workloadsOf } from '../support/pods';
import { deployment, INJECTED, service } from '../support/samples';

/** Ports whose protocol Istio must guess. */
export const MESH0210: Rule = {
  id: 'MESH0210',
  title: 'The port of a Service does not say its protocol',
  severity: 'info',
  why: 'Istio looks at the first bytes of each connection to find out. That works for HTTP and for clients that speak first, and costs a wait when the server does.',
  fix: 'Set `appProtocol`, or begin the name of the port with the protocol, such as `http-api`.',
  upstream: ['IST0118', 'KIA0601'],
  sources: ['https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/'],
  bad: [INJECTED + service('shop/api', '[{name: main, port: 80, targetPort: 8080}]') + deployment('shop/api')],
  good: [
    INJECTED + service('shop/api', '[{name: main, appProtocol: http, port: 80, targetPort: 8080}]') + deployment('shop/api'),
    INJECTED + service('shop/api', '[{name: db, port: 3306}]') + deployment('shop/api', 'ports: [{containerPort: 3306}]'),
  ],
  check(cluster, tell) {
    if (!isIstioUsed(cluster)) return;
    for (const item of cluster.family(CORE).services) {
      if (item.externalName !== undefined || cluster.find('', 'Service', item.namespace, item.name) !== item.resource) continue;
      if (!workloadsOf(cluster, item).some((workload) => istioModeOf(cluster, workload) === 'sidecar')) continue;
      item.ports.forEach((port, index) => {
        if (serviceProtocol(port) === 'Unsupported') tell(item.resource, ['spec', 'ports', index], `neither name nor appProtocol of port ${port.number} says what it speaks`);
      });
    }
  },
};
