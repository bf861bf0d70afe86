import { ISTIO } from '../../model/istio';
import { textsOf } from '../../model/json';
import type { Rule } from '../rule';
import { portsOf, istioModeOf } from '../support/pods';
import { subjectsOf } from '../support/policies';
import { security, SHOP } from '../support/samples';

const policy = (port: string): string => SHOP + security('AuthorizationPolicy', 'shop/api', `{selector: {matchLabels: {app: api}}, rules: [{to: [{operation: {ports: ["${port}"]}}]}]}`);

/** Policies that name ports of Services. */
export const MESH0301: Rule = {
  id: 'MESH0301',
  title: 'An AuthorizationPolicy names the port of a Service where that of the pods is meant',
  severity: 'error',
  why: 'The proxy beside a pod sees the port on which the pod listens. A number that only the Service has never matches: an ALLOW rule lets nobody in, a DENY rule keeps nobody out.',
  fix: 'Use the `targetPort` of the Service.',
  sources: ['https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation'],
  bad: [policy('80')],
  good: [policy('8080'), policy('15090')],
  check(cluster, tell) {
    for (const item of cluster.family(ISTIO).authorizationPolicies) {
      const pods = subjectsOf(cluster, item);
      if (pods.length === 0 || pods.some((pod) => istioModeOf(cluster, pod) === 'none')) continue;
      const { services, pods: own } = portsOf(cluster, pods);
      item.rules.forEach((rule, at) => rule?.to.forEach((operation, n) => {
        for (const field of ['ports', 'notPorts']) {
          textsOf(operation[field]).forEach((port, index) => {
            const target = services.get(Number(port));
            if (target === undefined || own.has(Number(port))) return;
            tell(item.resource, ['spec', 'rules', at, 'to', n, 'operation', field, index], `port ${port} is one of the Service, and the pods listen on ${target}`, { fix: `Write "${target}".` });
          });
        }
      }));
    }
  },
};
