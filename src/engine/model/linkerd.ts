import { GATEWAY_API } from './gatewayapi';
import { GatewayRoute, gatewayRouteOf } from './gatewayapi/route';
import { LINKERD_POLICY_GROUP, LinkerdAuthorizationPolicy, linkerdAuthorizationPolicyOf, LinkerdServer, linkerdServerOf } from './linkerd/policies';
import { LinkerdSettings, readLinkerdSettings } from './linkerd/settings';
import type { Cluster, Family } from './model';
import { compareByCreation } from './order';
import type { Resource } from './resource';

/** What the objects of Linkerd's API say, each kind oldest first. */
export interface LinkerdFacts {
  readonly settings: LinkerdSettings;
  readonly servers: readonly LinkerdServer[];
  readonly serverAuthorizations: readonly Resource[];
  readonly authorizationPolicies: readonly LinkerdAuthorizationPolicy[];
  readonly rateLimits: readonly Resource[];
  readonly egressNetworks: readonly Resource[];
  /** Routes of both groups that Linkerd reads. */
  readonly routes: readonly GatewayRoute[];
  /** By `NS/NAME`; the name is that of a host. */
  readonly serviceProfiles: ReadonlyMap<string, Resource>;
  readonly trafficSplits: readonly Resource[];
}

/** Reader of Linkerd's API. */
export const LINKERD: Family<LinkerdFacts> = { name: 'linkerd', read: readLinkerd };

function readLinkerd(cluster: Cluster): LinkerdFacts {
  const sorted = (kind: string, group = LINKERD_POLICY_GROUP): Resource[] => [...cluster.kind(group, kind)].sort(compareByCreation);
  const routes = [...sorted('HTTPRoute').map(item => gatewayRouteOf(item, 'HTTPRoute')), ...cluster.family(GATEWAY_API).routes];
  return {
    settings: readLinkerdSettings(cluster),
    servers: sorted('Server').map(linkerdServerOf),
    serverAuthorizations: sorted('ServerAuthorization'),
    authorizationPolicies: sorted('AuthorizationPolicy').map(linkerdAuthorizationPolicyOf),
    rateLimits: sorted('HTTPLocalRateLimitPolicy'),
    egressNetworks: sorted('EgressNetwork'),
    routes: routes.sort((a, b) => compareByCreation(a.resource, b.resource)),
    serviceProfiles: new Map(sorted('ServiceProfile', 'linkerd.io').map(item => [`${item.namespace}/${item.name}`, item])),
    trafficSplits: sorted('TrafficSplit', 'split.smi-spec.io'),
  };
}

/** Whether the manifests hold any object of Linkerd's own API. */
export function usesLinkerd(cluster: Cluster): boolean {
  return cluster.usesGroup(group => group === LINKERD_POLICY_GROUP || group === 'linkerd.io' || group === 'workload.linkerd.io' || group === 'multicluster.linkerd.io');
}
