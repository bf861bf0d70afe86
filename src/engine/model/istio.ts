import { MeshConfig, readMeshConfig } from './istio/mesh-config';
import {
  AuthorizationPolicy, authorizationPolicyOf, PeerAuthentication, peerAuthenticationOf, RequestAuthentication, requestAuthenticationOf,
} from './istio/policies';
import {
  DestinationRule, destinationRuleOf, Gateway, gatewayOf, ServiceEntry, serviceEntryOf, Sidecar, sidecarOf, VirtualService, virtualServiceOf,
  WorkloadEntry, workloadEntryOf,
} from './istio/traffic';
import type { Cluster, Family } from './model';
import { compareByCreation } from './order';
import { Resource } from './resource';

const NETWORKING = 'networking.istio.io';
const SECURITY = 'security.istio.io';

/** What the objects of Istio's API say, each kind in the order in which istiod takes them. */
export interface IstioFacts {
  readonly mesh: MeshConfig;
  readonly virtualServices: readonly VirtualService[];
  readonly destinationRules: readonly DestinationRule[];
  readonly gateways: readonly Gateway[];
  readonly serviceEntries: readonly ServiceEntry[];
  readonly workloadEntries: readonly WorkloadEntry[];
  readonly sidecars: readonly Sidecar[];
  readonly authorizationPolicies: readonly AuthorizationPolicy[];
  readonly peerAuthentications: readonly PeerAuthentication[];
  readonly requestAuthentications: readonly RequestAuthentication[];
}

/** Reader of Istio's networking and security API. */
export const ISTIO: Family<IstioFacts> = { name: 'istio', read: readIstio };

function readIstio(cluster: Cluster): IstioFacts {
  const sorted = (group: string, kind: string): readonly Resource[] => [...cluster.kind(group, kind)].sort(compareByCreation);
  return {
    mesh: readMeshConfig(cluster),
    virtualServices: sorted(NETWORKING, 'VirtualService').map(virtualServiceOf),
    destinationRules: sorted(NETWORKING, 'DestinationRule').map(destinationRuleOf),
    gateways: sorted(NETWORKING, 'Gateway').map(gatewayOf),
    serviceEntries: sorted(NETWORKING, 'ServiceEntry').map(serviceEntryOf),
    workloadEntries: sorted(NETWORKING, 'WorkloadEntry').map(workloadEntryOf),
    sidecars: sorted(NETWORKING, 'Sidecar').map(sidecarOf),
    authorizationPolicies: sorted(SECURITY, 'AuthorizationPolicy').map(authorizationPolicyOf).filter(policy => policy !== undefined),
    peerAuthentications: sorted(SECURITY, 'PeerAuthentication').map(peerAuthenticationOf),
    requestAuthentications: sorted(SECURITY, 'RequestAuthentication').map(requestAuthenticationOf),
  };
}

/** Whether the manifests hold any object of Istio's own API. */
export function usesIstio(cluster: Cluster): boolean {
  return cluster.usesGroup(group => group === NETWORKING || group === SECURITY || group === 'telemetry.istio.io' || group === 'extensions.istio.io');
}
