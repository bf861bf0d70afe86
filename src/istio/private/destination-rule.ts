import { MtlsMode } from '../../core/mesh';
import type { ServicePlan } from '../../core/plan';
import { ClientTls } from '../client-tls';
import * as crd from '../crd';
import { renderTrafficPolicy } from './traffic-policy';

/** Writes a DestinationRule when there is something to say about subsets, balancing or limits. It stands before the routes that name its subsets. */
export function lowerDestinationRule(service: ServicePlan): void {
  const policy = renderTrafficPolicy({ ...service.policy, tls: service.mtls === MtlsMode.DISABLED ? ClientTls.disable() : undefined });
  const speaks = Object.keys(policy).length > 0;
  if (!speaks && service.subsets.length === 0) { return; }
  new crd.DestinationRule(service.scope, 'DestinationRule', {
    metadata: { name: service.serviceName, namespace: service.namespace },
    spec: {
      host: service.host,
      trafficPolicy: speaks ? policy : undefined,
      subsets: service.subsets.length > 0 ? service.subsets.map(({ subsetName, labels }) => ({ name: subsetName, labels })) : undefined,
    },
  });
}
