import { isLinkerdUsed } from '../../dataplane/linkerd/membership';
import { CORE } from '../../model/core';
import { LINKERD } from '../../model/linkerd';
import type { Rule } from '../rule';
import { deployment, gatewayApi, LINKERD_SHOP, namespace, service } from '../support/samples';

const ROUTE = gatewayApi('HTTPRoute', 'shop/api', '{parentRefs: [{group: "", kind: Service, name: api, port: 80}], rules: [{backendRefs: [{name: api, port: 80}]}]}');

/** Routes for services that Linkerd cannot route. */
export const MESH0613: Rule = {
  id: 'MESH0613',
  title: 'A route of Linkerd is for a headless Service',
  severity: 'error',
  why: 'Callers of such a Service connect to pods directly. Linkerd refuses the route, and sends requests as if there was none.',
  fix: 'Attach the route to a Service with an address.',
  bad: [namespace('shop', '{}', '{linkerd.io/inject: enabled}') + service('shop/api', '[{name: http, port: 80}]', ', clusterIP: None') + deployment('shop/api', 'ports: [{containerPort: 80}]') + ROUTE],
  good: [LINKERD_SHOP + ROUTE],
  check(cluster, tell) {
    if (!isLinkerdUsed(cluster)) return;
    const { servicesByName } = cluster.family(CORE);
    for (const { resource, parents } of cluster.family(LINKERD).routes) {
      parents.forEach((parent, index) => {
        const found = parent.kind === 'Service' ? servicesByName.get(`${parent.namespace}/${parent.name}`) : undefined;
        if (found && (found.headless || found.externalName !== undefined)) tell(resource, ['spec', 'parentRefs', index], `Service ${found.name} has no address`);
      });
    }
  },
};
