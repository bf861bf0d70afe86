import { CORE } from '../../model/core';
import { objectOf, objectsOf, textOf } from '../../model/json';
import type { Rule } from '../rule';
import { istioModeOf } from '../support/pods';
import { deployment, INJECTED, service, SHOP } from '../support/samples';

const PROXY_USER = 1337;

/** Containers whose traffic looks like the proxy's. */
export const MESH0316: Rule = {
  id: 'MESH0316',
  title: 'A container runs as the user of the proxy',
  severity: 'warning',
  why: 'Traffic of user 1337 is not redirected to the sidecar, which itself runs as that user. What the container sends goes past the mesh.',
  fix: 'Choose another `runAsUser`.',
  upstream: ['IST0144'],
  bad: [
    INJECTED + service('shop/api') + deployment('shop/api', 'ports: [{containerPort: 8080}], securityContext: {runAsUser: 1337}'),
    INJECTED + service('shop/api') + deployment('shop/api', 'ports: [{containerPort: 8080}]', 'securityContext: {runAsUser: 1337}, '),
  ],
  good: [SHOP, INJECTED + service('shop/api') + deployment('shop/api', 'ports: [{containerPort: 8080}], securityContext: {runAsUser: 1000}', 'securityContext: {runAsUser: 1337}, ')],
  check(cluster, tell) {
    for (const pod of cluster.family(CORE).workloads) {
      if (istioModeOf(cluster, pod) !== 'sidecar') continue;
      const ofPod = objectOf(pod.podSpec.securityContext).runAsUser;
      const found = objectsOf(pod.podSpec.containers).find((container) => textOf(container.name) !== 'istio-proxy' && (objectOf(container.securityContext).runAsUser ?? ofPod) === PROXY_USER);
      if (found) tell(pod.owner, ['spec'], `container ${textOf(found.name) ?? ''} runs as user ${PROXY_USER}`);
    }
  },
};
