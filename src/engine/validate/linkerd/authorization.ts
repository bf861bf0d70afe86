import { checkNetworks } from './networks';
import { Place } from '../place';
import { WebhookObject } from '../webhook-object';

const POLICY = 'policy.linkerd.io';
const TARGETS = ['policy.linkerd.io/Server', '/Namespace', 'policy.linkerd.io/HTTPRoute', 'gateway.networking.k8s.io/HTTPRoute', 'gateway.networking.k8s.io/GRPCRoute'];
const AUTHENTICATIONS = ['policy.linkerd.io/MeshTLSAuthentication', 'policy.linkerd.io/NetworkAuthentication', '/ServiceAccount'];
const IDENTITY = /^(\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?)(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\.?$/;
const IDENTITY_TEXT = '*, a DNS name whose first label may be a star, or a name that begins with spiffe://';

/** Kind and group of a reference, as `group/Kind`; the core group is empty. */
function typeOf(reference: Place): string {
  const group = reference.at('group').text;
  return `${group === 'core' ? '' : group}/${reference.at('kind').text}`;
}

/** Names of kinds as sentences have them. */
function listed(types: readonly string[]): string {
  return `one of ${types.map((it) => it.replace(/^\//, '')).join(', ')}`;
}

/** Checks an AuthorizationPolicy of Linkerd. */
export function checkAuthorizationPolicy({ spec, namespace }: WebhookObject): void {
  const target = spec.at('targetRef');
  const type = typeOf(target);
  if (!TARGETS.includes(type)) target.error('FieldValueNotSupported', `a policy cannot be about ${type.replace(/^\//, '')}`, listed(TARGETS));
  if (type === '/Namespace' && namespace !== undefined && target.at('name').text !== namespace) {
    target.at('name').invalid(`the policy is in the namespace ${namespace}, not ${target.at('name').text}`, namespace);
  }
  const counts = new Map<string, number>();
  for (const reference of spec.at('requiredAuthenticationRefs').items()) {
    const kind = typeOf(reference);
    if (!AUTHENTICATIONS.includes(kind)) reference.error('FieldValueNotSupported', `${kind.replace(/^\//, '')} authenticates nobody`, listed(AUTHENTICATIONS));
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const [identities, networks, accounts] = AUTHENTICATIONS.map((kind) => counts.get(kind) ?? 0);
  const list = spec.at('requiredAuthenticationRefs');
  if (identities + accounts > 1) list.invalid('demands several identities, and a client has one', 'one MeshTLSAuthentication that lists all of them, or one ServiceAccount');
  if (networks > 1) list.invalid('demands several networks, and a client is in one', 'one NetworkAuthentication that lists all of them');
}

/** Checks a MeshTLSAuthentication. */
export function checkMeshTlsAuthentication({ spec }: WebhookObject): void {
  for (const identity of spec.at('identities').items()) {
    if (!identity.text.startsWith('spiffe://') && !IDENTITY.test(identity.text)) identity.invalid(`invalid identity ${JSON.stringify(identity.text)}`, IDENTITY_TEXT);
  }
  for (const reference of spec.at('identityRefs').items()) {
    const type = typeOf(reference);
    if (type !== '/ServiceAccount' && type !== '/Namespace') reference.error('FieldValueNotSupported', `${type.replace(/^\//, '')} has no identity`, 'ServiceAccount or Namespace');
    else if (type === '/Namespace' && reference.at('namespace').text !== '') reference.at('namespace').forbidden('a Namespace is in none; name is its name');
    else if (type === '/ServiceAccount' && reference.at('name').text === '') reference.at('name').required();
  }
}

/** Checks a NetworkAuthentication. */
export function checkNetworkAuthentication({ spec }: WebhookObject): void {
  if (!spec.at('networks').isSet) spec.at('networks').required('an empty list authenticates nobody');
  checkNetworks(spec.at('networks'));
}

/** Checks a ServerAuthorization. */
export function checkServerAuthorization({ spec }: WebhookObject): void {
  const client = spec.at('client');
  const tls = client.at('meshTLS');
  if (client.at('unauthenticated').isTrue && tls.isSet) tls.forbidden('unauthenticated clients are let in anyway');
  if (!client.at('unauthenticated').isTrue && !tls.isSet) client.required('it lets nobody in: meshTLS or unauthenticated');
  if (tls.at('unauthenticatedTLS').isTrue) {
    for (const name of tls.setOf(['identities', 'serviceAccounts'])) tls.at(name).forbidden('clients without identity are let in, too');
  }
  checkNetworks(client.at('networks'));
}

const ACCESS = ['all-authenticated', 'all-unauthenticated', 'cluster-authenticated', 'cluster-unauthenticated', 'deny', 'audit'];
const PROTOCOLS = ['unknown', 'HTTP/1', 'HTTP/2', 'gRPC', 'opaque', 'TLS'];

/** Checks a Server. */
export function checkServer({ spec }: WebhookObject): void {
  for (const [name, values] of [['accessPolicy', ACCESS], ['proxyProtocol', PROTOCOLS]] as const) {
    const place = spec.at(name);
    if (place.isSet && !values.includes(place.text)) place.error('FieldValueNotSupported', `unknown value ${JSON.stringify(place.text)}`, `one of ${values.join(', ')}`);
  }
  const port = spec.at('port');
  if (typeof port.value === 'number' && !(port.number >= 1 && port.number <= 65535)) port.invalid(`invalid port ${port.number}`, 'from 1 to 65535');
}

/** Checks an HTTPLocalRateLimitPolicy. */
export function checkRateLimit({ spec }: WebhookObject): void {
  const target = spec.at('targetRef');
  if (typeOf(target) !== `${POLICY}/Server`) target.error('FieldValueNotSupported', `requests to ${target.at('kind').text} cannot be limited`, 'a Server of policy.linkerd.io');
  const total = spec.at('total').at('requestsPerSecond');
  const others = [spec.at('identity'), ...spec.at('overrides').items()].map((it) => it.at('requestsPerSecond'));
  for (const rate of [total, ...others]) {
    if (rate.isSet && rate.number <= 0) rate.invalid(`a limit of ${rate.number} requests`, 'at least 1');
    else if (rate !== total && total.isSet && rate.number > total.number) rate.invalid(`${rate.number} requests are more than the ${total.number} of all clients together`, `at most ${total.number}`);
  }
  for (const client of spec.at('overrides').items().flatMap((it) => it.at('clientRefs').items())) {
    if (typeOf(client) !== '/ServiceAccount') client.error('FieldValueNotSupported', `${client.at('kind').text} is no client`, 'ServiceAccount');
  }
}

/** Checks an EgressNetwork. */
export function checkEgressNetwork({ spec }: WebhookObject): void {
  const networks = spec.at('networks');
  if (Array.isArray(networks.value) && !networks.isSet) networks.required('an empty list is no network; leave it out for all addresses outside of the cluster');
  checkNetworks(networks);
}
