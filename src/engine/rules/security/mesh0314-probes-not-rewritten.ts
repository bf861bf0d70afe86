import { CORE } from '../../model/core';
import { objectOf, objectsOf, own } from '../../model/json';
import type { Rule } from '../rule';
import { istioModeOf } from '../support/pods';
import { mtlsOf } from '../support/policies';
import { deployment, INJECTED, security, service } from '../support/samples';

const OFF = 'sidecar.istio.io/rewriteAppHTTPProbers';
const probed = (annotations: string): string => INJECTED + service('shop/api') + deployment('shop/api', 'ports: [{containerPort: 8080}], readinessProbe: {httpGet: {path: /ready, port: 8080}}', '', '', annotations);
const STRICT = security('PeerAuthentication', 'shop/default', '{mtls: {mode: STRICT}}');

/** Probes that the pod's own proxy refuses. */
export const MESH0314: Rule = {
  id: 'MESH0314',
  title: 'Probes reach a pod without mutual TLS, and the pod accepts nothing else',
  severity: 'error',
  why: 'The kubelet has no certificate of the mesh. Istio sends its probes past the check, unless an annotation turns that off; with mode STRICT the pod then never becomes ready.',
  fix: `Remove the annotation \`${OFF}: "false"\`, or make an exception for the port in \`portLevelMtls\`.`,
  sources: ['https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/'],
  bad: [probed(`{${OFF}: "false"}`) + STRICT],
  good: [probed('{}') + STRICT, probed(`{${OFF}: "false"}`)],
  check(cluster, tell) {
    for (const pod of cluster.family(CORE).workloads) {
      if (own(pod.annotations, OFF) !== 'false' || istioModeOf(cluster, pod) !== 'sidecar') continue;
      const mtls = mtlsOf(cluster, pod);
      objectsOf(pod.podSpec.containers).forEach((container) => {
        for (const name of ['readinessProbe', 'livenessProbe', 'startupProbe']) {
          const probe = objectOf(container[name]);
          const { port } = objectOf(probe.httpGet ?? probe.tcpSocket);
          const number = typeof port === 'string' ? pod.ports.find((it) => it.name === port)?.number : typeof port === 'number' ? port : undefined;
          if (number !== undefined && mtls.forPort(number).mode === 'STRICT') tell(pod.owner, ['spec'], `the ${name} on port ${number} is refused by the pod's own proxy`);
        }
      });
    }
  },
};
