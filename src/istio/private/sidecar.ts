import type { ServicePlan } from '../../core/plan';
import { compareText } from '../../private/compare';
import * as crd from '../crd';
import { egressHosts } from './egress-hosts';

/** Tells the proxies of a service only of the services that it was declared to call. */
export function lowerSidecar(service: ServicePlan): void {
  if (!service.egressScope && !service.denyUndeclaredCalls) { return; }
  const hosts = service.outbound.flatMap((edge) => edge.hosts.map((host) => `${edge.namespace}/${host}`)).sort(compareText);
  new crd.Sidecar(service.scope, 'Sidecar', {
    metadata: { name: service.serviceName, namespace: service.namespace },
    spec: {
      workloadSelector: { labels: { ...service.podLabels } },
      egress: [{ hosts: egressHosts(hosts) }],
      outboundTrafficPolicy: service.denyUndeclaredCalls ? { mode: crd.OutboundTrafficPolicyMode.REGISTRY_ONLY } : undefined,
    },
  });
}
