import { ISTIO } from '../../model/istio';
import type { Rule } from '../rule';
import { portsOf, selectedWorkloads } from '../support/pods';
import { security, SHOP } from '../support/samples';

const policy = (port: number): string => SHOP + security('PeerAuthentication', 'shop/api', `{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}, portLevelMtls: {${port}: {mode: PERMISSIVE}}}`);

/** Exceptions for ports that pods do not have. */
export const MESH0302: Rule = {
  id: 'MESH0302',
  title: 'A PeerAuthentication makes an exception for the port of a Service, not of the pods',
  severity: 'error',
  why: '`portLevelMtls` is by the port on which the pods listen. For a number that only the Service has, the exception does nothing, and callers without mutual TLS are refused.',
  fix: 'Use the `targetPort` of the Service.',
  sources: ['https://istio.io/latest/docs/reference/config/security/peer_authentication/'],
  bad: [policy(80)],
  good: [policy(8080), policy(9090)],
  check(cluster, tell) {
    for (const { resource, selector, portLevel } of cluster.family(ISTIO).peerAuthentications) {
      if (portLevel.size === 0) continue;
      const { services, pods } = portsOf(cluster, selectedWorkloads(cluster, resource.namespace, selector));
      for (const port of portLevel.keys()) {
        const target = services.get(port);
        if (target !== undefined && !pods.has(port)) tell(resource, ['spec', 'portLevelMtls', `${port}`], `port ${port} is one of the Service, and the pods listen on ${target}`, { fix: `Write ${target}.` });
      }
    }
  },
};
