import { Authentication, coversAll, EVERYWHERE, isAuthenticated, isWithin, LinkerdClient, Network, networksOf, plainNetworks } from './client-match';
import { JsonObject, objectOf, objectsOf, stringMapOf, textOf, textsOf } from '../../model/json';
import { labelSelector } from '../../model/labels';
import { LinkerdFacts, policyKey } from '../../model/linkerd';
import { LINKERD_POLICY_GROUP, LinkerdAuthorizationPolicy, LinkerdServer, LocalTarget } from '../../model/linkerd/policies';
import type { LinkerdSettings } from '../../model/linkerd/settings';
import type { Cluster } from '../../model/model';
import { Resource, titleOf } from '../../model/resource';

/** Something that lets clients in. */
export interface LinkerdAuthorization {
  /** The object that says so; absent for defaults. */
  readonly resource?: Resource;
  /** How answers call it. */
  readonly title: string;
  readonly networks: readonly Network[];
  readonly authentication: Authentication;
}

/** What lets clients in, and what was meant to but is ignored. */
export interface LinkerdGrants {
  readonly authorizations: readonly LinkerdAuthorization[];
  /** Policies whose authentications cannot be used, so that they let nobody in. */
  readonly ignored: readonly { readonly policy: Resource; readonly reason: string }[];
  /** Whether clients that nothing lets in are admitted all the same, and counted. */
  readonly audit: boolean;
}

/** Words that say what a port does by default. */
const DEFAULT_POLICIES = new Set(['all-unauthenticated', 'all-authenticated', 'cluster-unauthenticated', 'cluster-authenticated', 'deny', 'audit']);

/** Whether a word is a default policy; others are ignored. */
export function isDefaultPolicy(word: string): boolean {
  return DEFAULT_POLICIES.has(word);
}

/** What a default policy lets in. */
export function defaultAuthorizations(word: string, settings: LinkerdSettings, resource?: Resource): LinkerdAuthorization[] {
  const cluster = plainNetworks(settings.clusterNetworks);
  const meshed: Authentication = { kind: 'identity', identities: ['*'] };
  const anyone: Authentication = { kind: 'anyone' };
  const title = resource ? `the accessPolicy ${word} of ${titleOf(resource)}` : `the default policy ${word}`;
  switch (word) {
    case 'all-unauthenticated':
    case 'audit': return [{ resource, title, networks: EVERYWHERE, authentication: anyone }];
    case 'all-authenticated': return [{ resource, title, networks: EVERYWHERE, authentication: meshed }];
    case 'cluster-unauthenticated': return [{ resource, title, networks: cluster, authentication: anyone }];
    case 'cluster-authenticated': return [{ resource, title, networks: cluster, authentication: meshed }];
    default: return [];
  }
}

/** Everything that lets clients in at a Server as a whole: they add up. */
export function serverGrants(cluster: Cluster, facts: LinkerdFacts, server: LinkerdServer): LinkerdGrants {
  const { resource } = server;
  const { namespace } = resource;
  const attached = (facts.serverAuthorizationsByNamespace.get(namespace) ?? []).filter(item => namesServer(item, resource));
  const policies = policiesOf(cluster, facts, namespace, [
    { group: LINKERD_POLICY_GROUP, kind: 'Server', name: resource.name }, { group: '', kind: 'Namespace', name: namespace },
  ]);
  const audit = server.accessPolicy === 'audit';
  return {
    authorizations: [
      ...attached.map(item => serverAuthorization(item, facts.settings)),
      ...policies.authorizations,
      ...(audit ? [] : defaultAuthorizations(server.accessPolicy, facts.settings, resource)),
    ],
    ignored: policies.ignored,
    audit,
  };
}

/** Everything that lets clients in at a route. */
export function routeGrants(cluster: Cluster, facts: LinkerdFacts, route: Resource): LinkerdGrants {
  const policies = policiesOf(cluster, facts, route.namespace, [route]);
  return { ...policies, audit: false };
}

/** Whether some authorization lets a client in; of the address, unknown ones are taken to lie within the cluster. */
export function firstAdmitting(
  authorizations: readonly LinkerdAuthorization[], client: LinkerdClient, clusterNetworks: readonly string[],
): { readonly authorization?: LinkerdAuthorization; readonly assumed?: string } {
  let assumed: string | undefined;
  for (const authorization of authorizations) {
    if (!isAuthenticated(authorization.authentication, client)) continue;
    const { networks } = authorization;
    if (coversAll(networks)) return { authorization };
    if (client.ip !== undefined) {
      if (networks.some(item => isWithin(item, client.ip!))) return { authorization };
      continue;
    }
    const cluster = networks.every(item => item.except.length === 0 && clusterNetworks.includes(item.cidr));
    assumed = `the client's address is not known: it is taken to lie ${cluster ? 'in the networks of the cluster' : `outside of the networks of ${authorization.title}`}`;
    if (cluster) return { authorization, assumed };
  }
  return { assumed };
}

function namesServer(authorization: Resource, server: Resource): boolean {
  const reference = objectOf(authorization.spec.server);
  if (textOf(reference.name) !== undefined) return reference.name === server.name;
  return reference.selector !== undefined && labelSelector(objectOf(reference.selector))(server.labels);
}

function serverAuthorization(resource: Resource, settings: LinkerdSettings): LinkerdAuthorization {
  const client = objectOf(resource.spec.client);
  const networks = networksOf(client.networks);
  const base = { resource, title: titleOf(resource), networks: networks.length > 0 ? networks : plainNetworks(settings.clusterNetworks) };
  if (client.unauthenticated === true) return { ...base, authentication: { kind: 'anyone' } };
  const tls = objectOf(client.meshTLS);
  if (tls.unauthenticatedTLS === true) return { ...base, authentication: { kind: 'tls' } };
  const accounts = objectsOf(tls.serviceAccounts).map(item => accountIdentity(item, resource.namespace, settings));
  return { ...base, authentication: { kind: 'identity', identities: [...textsOf(tls.identities), ...accounts] } };
}

function policiesOf(
  cluster: Cluster, facts: LinkerdFacts, namespace: string, targets: readonly LocalTarget[],
): Pick<LinkerdGrants, 'authorizations' | 'ignored'> {
  const authorizations: LinkerdAuthorization[] = [];
  const ignored: { policy: Resource; reason: string }[] = [];
  const found = targets.flatMap(target => facts.policiesByTarget.get(policyKey(namespace, target)) ?? []);
  for (const policy of found) {
    const result = authorizationOf(cluster, policy, facts.settings);
    if (typeof result === 'string') ignored.push({ policy: policy.resource, reason: result });
    else authorizations.push(result);
  }
  return { authorizations, ignored };
}

/** What a policy asks for; the reason why it cannot be used, where one of its references leads nowhere. */
function authorizationOf(cluster: Cluster, policy: LinkerdAuthorizationPolicy, settings: LinkerdSettings): LinkerdAuthorization | string {
  let networks: readonly Network[] | undefined;
  let identities: readonly string[] | undefined;
  for (const { group, kind, name, namespace } of policy.authentications) {
    const what = `${kind} ${namespace}/${name}`;
    if (kind === 'ServiceAccount' && group === '') {
      if (identities) return 'it asks for two identities';
      identities = [accountIdentity({ name, namespace }, namespace, settings)];
      continue;
    }
    if (group !== LINKERD_POLICY_GROUP || (kind !== 'MeshTLSAuthentication' && kind !== 'NetworkAuthentication')) return `${what} is no authentication`;
    const found = cluster.find(group, kind, namespace, name);
    if (!found) return `${what} does not exist`;
    if (kind === 'NetworkAuthentication') {
      if (networks) return 'it asks for two networks';
      networks = networksOf(found.spec.networks);
    } else {
      if (identities) return 'it asks for two identities';
      identities = meshIdentities(found, settings);
    }
  }
  return {
    resource: policy.resource,
    title: titleOf(policy.resource),
    networks: networks ?? EVERYWHERE,
    authentication: identities ? { kind: 'identity', identities } : { kind: 'anyone' },
  };
}

function meshIdentities(resource: Resource, settings: LinkerdSettings): string[] {
  const referred = objectsOf(resource.spec.identityRefs).map(item => {
    const name = textOf(item.name);
    if (item.kind !== 'Namespace') return accountIdentity(item, resource.namespace, settings);
    return `*.${name ?? resource.namespace}.${settings.identitySuffix}`;
  });
  return [...textsOf(resource.spec.identities), ...referred];
}

function accountIdentity(account: JsonObject, namespace: string, settings: LinkerdSettings): string {
  const { name, namespace: own } = stringMapOf(account);
  return `${name ?? ''}.${own || namespace}.${settings.identitySuffix}`;
}
