import { lowerAuthorization } from './authorization';
import { lowerDestinationRule } from './destination-rule';
import { egressHop } from './egress/egress-hop';
import { lowerExternal } from './egress/external';
import { enrolWorkload } from './enrolment';
import { lowerNamespace } from './namespace';
import { lowerPeerAuthentication } from './peer-authentication';
import { lowerRequestAuthentication } from './request-authentication';
import { lowerAuthorizer, lowerRateLimits } from './request-guards';
import { lowerSidecar } from './sidecar';
import { lowerVirtualService } from './virtual-service';
import type { MtlsMode } from '../../core/mesh';
import type { MeshPlan } from '../../core/plan';
import { lowerEach } from '../../core/private/lower-each';

/** What lowering to sidecars needs to know of the mesh. */
export interface SidecarOptions {
  readonly mtls: MtlsMode;
  readonly revision?: string;
  /** Root namespace, when the mutual TLS mode is written for the whole mesh. */
  readonly rootNamespace?: string;
  /** DNS domain of the cluster. */
  readonly clusterDomain: string;
}

/** Writes a plan down for the data plane with a proxy beside every pod. */
export function lowerSidecars(plan: MeshPlan, { mtls, revision, rootNamespace, clusterDomain }: SidecarOptions): void {
  lowerEach(plan.services, (service) => {
    service.workloads.forEach((workload) => enrolWorkload(workload, service, revision));
    lowerDestinationRule(service);
    lowerVirtualService(service);
    lowerRequestAuthentication(service, { selector: { matchLabels: { ...service.podLabels } } });
    lowerAuthorization(service);
    lowerAuthorizer(service, { selector: { matchLabels: { ...service.podLabels } } }, 'workload');
    lowerRateLimits(service);
    lowerSidecar(service);
  });
  const claimed = new Map<string, string>();
  lowerEach(plan.externals, (external) => lowerExternal(external, { hop: external.egressGateway && egressHop(external.egressGateway, clusterDomain, claimed) }));
  lowerPeerAuthentication(plan, mtls, rootNamespace);
  plan.namespaces.forEach((namespace) => lowerNamespace(namespace, revision));
}
