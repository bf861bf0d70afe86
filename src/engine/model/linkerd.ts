import { GATEWAY_API } from './gatewayapi';
import { GatewayRoute, gatewayRouteOf, RouteIndex } from './gatewayapi/route';
import { stringMapOf } from './json';
import { pushTo, SelectorIndex } from './label-index';
import { LINKERD_POLICY_GROUP, LinkerdAuthorizationPolicy, linkerdAuthorizationPolicyOf, LinkerdServer, linkerdServerOf, LocalTarget } from './linkerd/policies';
import { LinkerdSettings, readLinkerdSettings } from './linkerd/settings';
import type { Cluster, Family } from './model';
import { compareByCreation } from './order';
import type { Resource } from './resource';

/** What the objects of Linkerd's API say, each kind oldest first. */
export interface LinkerdFacts {
  readonly settings: LinkerdSettings;
  readonly servers: readonly LinkerdServer[];
  /** Servers for pods by namespace and the labels that they ask for. */
  readonly serversByLabels: ReadonlyMap<string, SelectorIndex<LinkerdServer>>;
  readonly serverAuthorizations: readonly Resource[];
  readonly serverAuthorizationsByNamespace: ReadonlyMap<string, readonly Resource[]>;
  readonly authorizationPolicies: readonly LinkerdAuthorizationPolicy[];
  /** By what they speak about, as `policyKey` spells it. */
  readonly policiesByTarget: ReadonlyMap<string, readonly LinkerdAuthorizationPolicy[]>;
  readonly rateLimits: readonly Resource[];
  readonly egressNetworks: readonly Resource[];
  /** Routes of both groups that Linkerd reads. */
  readonly routes: readonly GatewayRoute[];
  readonly routesByParent: RouteIndex;
  /** By `NS/NAME`; the name is that of a host. */
  readonly serviceProfiles: ReadonlyMap<string, Resource>;
  readonly trafficSplits: readonly Resource[];
}

/** Reader of Linkerd's API. */
export const LINKERD: Family<LinkerdFacts> = { name: 'linkerd', read: readLinkerd };

function readLinkerd(cluster: Cluster): LinkerdFacts {
  const sorted = (kind: string, group = LINKERD_POLICY_GROUP): Resource[] => [...cluster.kind(group, kind)].sort(compareByCreation);
  const routes = [...sorted('HTTPRoute').map(item => gatewayRouteOf(item, 'HTTPRoute')), ...cluster.family(GATEWAY_API).routes];
  const servers = sorted('Server').map(linkerdServerOf);
  const serversByLabels = new Map<string, SelectorIndex<LinkerdServer>>();
  for (const server of servers) {
    const { namespace } = server.resource;
    let index = serversByLabels.get(namespace);
    if (!index) serversByLabels.set(namespace, index = new SelectorIndex());
    if (server.podSelector) index.add(stringMapOf(server.podSelector.matchLabels), server);
  }
  const policiesByTarget = new Map<string, LinkerdAuthorizationPolicy[]>();
  const authorizationPolicies = sorted('AuthorizationPolicy').map(linkerdAuthorizationPolicyOf);
  for (const policy of authorizationPolicies) pushTo(policiesByTarget, policyKey(policy.resource.namespace, policy.target), policy);
  const serverAuthorizations = sorted('ServerAuthorization');
  const serverAuthorizationsByNamespace = new Map<string, Resource[]>();
  for (const item of serverAuthorizations) pushTo(serverAuthorizationsByNamespace, item.namespace, item);
  routes.sort((a, b) => compareByCreation(a.resource, b.resource));
  return {
    settings: readLinkerdSettings(cluster),
    servers,
    serversByLabels,
    serverAuthorizations,
    serverAuthorizationsByNamespace,
    authorizationPolicies,
    policiesByTarget,
    rateLimits: sorted('HTTPLocalRateLimitPolicy'),
    egressNetworks: sorted('EgressNetwork'),
    routes,
    routesByParent: new RouteIndex(routes),
    serviceProfiles: new Map(sorted('ServiceProfile', 'linkerd.io').map(item => [`${item.namespace}/${item.name}`, item])),
    trafficSplits: sorted('TrafficSplit', 'split.smi-spec.io'),
  };
}

/** What policies of a namespace speak about, in one text. */
export function policyKey(namespace: string, { group, kind, name }: LocalTarget): string {
  return `${namespace}/${group}/${kind}/${name}`;
}

/** Whether the manifests hold any object of Linkerd's own API. */
export function usesLinkerd(cluster: Cluster): boolean {
  return cluster.usesGroup(group => group === LINKERD_POLICY_GROUP || group === 'linkerd.io' || group === 'workload.linkerd.io' || group === 'multicluster.linkerd.io');
}
