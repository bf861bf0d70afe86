import { Change, changed, complaintsOf } from '../../support/validate/complaints';

const policy = (kind: string, spec: object, apiVersion = 'policy.linkerd.io/v1alpha1') => ({ apiVersion, kind, metadata: { name: 'a', namespace: 'shop' }, spec });

const SOUND: Readonly<Record<string, any>> = {
  policy: policy('AuthorizationPolicy', {
    targetRef: { group: 'policy.linkerd.io', kind: 'Server', name: 'api' },
    requiredAuthenticationRefs: [{ group: 'policy.linkerd.io', kind: 'MeshTLSAuthentication', name: 'web' }, { group: 'policy.linkerd.io', kind: 'NetworkAuthentication', name: 'pods' }],
  }),
  identities: policy('MeshTLSAuthentication', { identities: ['*', '*.shop.serviceaccount.identity.linkerd.cluster.local', 'spiffe://example.org/vm'] }),
  references: policy('MeshTLSAuthentication', { identityRefs: [{ kind: 'ServiceAccount', name: 'web', namespace: 'web' }, { kind: 'Namespace', name: 'web' }] }),
  networks: policy('NetworkAuthentication', { networks: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }, { cidr: 'fd00::/8' }, { cidr: '1.2.3.4' }] }),
  server: policy('Server', { podSelector: { matchLabels: { app: 'api' } }, port: 'http', proxyProtocol: 'HTTP/2', accessPolicy: 'audit' }, 'policy.linkerd.io/v1beta3'),
  authorization: policy('ServerAuthorization', { server: { name: 'api' }, client: { meshTLS: { serviceAccounts: [{ name: 'web' }] }, networks: [{ cidr: '10.0.0.0/8' }] } }, 'policy.linkerd.io/v1beta1'),
  limit: policy('HTTPLocalRateLimitPolicy', {
    targetRef: { group: 'policy.linkerd.io', kind: 'Server', name: 'api' },
    total: { requestsPerSecond: 100 },
    identity: { requestsPerSecond: 10 },
    overrides: [{ requestsPerSecond: 50, clientRefs: [{ kind: 'ServiceAccount', name: 'web' }] }],
  }),
  egress: policy('EgressNetwork', { trafficPolicy: 'Deny', networks: [{ cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] }] }),
  route: policy('HTTPRoute', {
    parentRefs: [{ group: 'policy.linkerd.io', kind: 'Server', name: 'api' }],
    rules: [{
      matches: [{ path: { type: 'PathPrefix', value: '/v1' } }, { path: { type: 'RegularExpression', value: '/[a-z]+' }, headers: [{ name: 'x-a', type: 'RegularExpression', value: 'a|b' }] }],
      timeouts: { request: '10s', backendRequest: '5s' },
    }, { filters: [{ type: 'RequestRedirect', requestRedirect: { path: { type: 'ReplaceFullPath', replaceFullPath: '/new' } } }] }],
  }, 'policy.linkerd.io/v1beta3'),
  external: {
    ...policy('HTTPRoute', {
      parentRefs: [{ group: '', kind: 'Service', name: 'api', port: 80 }],
      rules: [{ backendRefs: [{ name: 'api', port: 80 }] }],
    }, 'gateway.networking.k8s.io/v1'),
    metadata: { name: 'a', namespace: 'shop', annotations: { 'retry.linkerd.io/http': '5xx,429,500-503', 'retry.linkerd.io/grpc': 'internal,unavailable', 'retry.linkerd.io/limit': '3', 'retry.linkerd.io/timeout': '400ms' } },
  },
  profile: {
    apiVersion: 'linkerd.io/v1alpha2',
    kind: 'ServiceProfile',
    metadata: { name: 'api.shop.svc.cluster.local', namespace: 'shop' },
    spec: {
      routes: [{ name: 'GET /', condition: { method: 'GET', pathRegex: '/[^/]*' }, timeout: '1m30s', responseClasses: [{ condition: { status: { min: 500, max: 599 } }, isFailure: true }] },
        { name: 'any', condition: { any: [{ method: 'PUT' }, { not: { method: 'GET' } }] } }],
      retryBudget: { retryRatio: 0.2, minRetriesPerSecond: 10, ttl: '10s' },
    },
  },
};

const at = (name: keyof typeof SOUND, ...changes: Change[]) => changed(SOUND[name], ...changes);

describe('what Linkerd\'s admission refuses', () => {
  test.each(Object.keys(SOUND))('nothing of a sound %s', (name) => {
    expect(complaintsOf(SOUND[name])).toEqual([]);
  });

  test.each<[string, any, string]>([
    ['a policy about a Deployment', at('policy', ['spec.targetRef', { group: 'apps', kind: 'Deployment', name: 'api' }]), 'spec.targetRef NotSupported'],
    ['a policy about another namespace', at('policy', ['spec.targetRef', { kind: 'Namespace', name: 'web' }]), 'spec.targetRef.name Invalid'],
    ['two identities for one client', at('policy', ['spec.requiredAuthenticationRefs.1', { kind: 'ServiceAccount', name: 'web' }]), 'spec.requiredAuthenticationRefs Invalid'],
    ['two networks for one client', at('policy', ['spec.requiredAuthenticationRefs.0.kind', 'NetworkAuthentication']), 'spec.requiredAuthenticationRefs Invalid'],
    ['an authentication of another kind', at('policy', ['spec.requiredAuthenticationRefs.0.kind', 'Secret']), 'spec.requiredAuthenticationRefs[0] NotSupported'],
    ['a star within an identity', at('identities', ['spec.identities.0', 'a.*.b']), 'spec.identities[0] Invalid'],
    ['a namespace in a namespace', at('references', ['spec.identityRefs.1.namespace', 'web']), 'spec.identityRefs[1].namespace Forbidden'],
    ['an identity of a pod', at('references', ['spec.identityRefs.0.kind', 'Pod']), 'spec.identityRefs[0] NotSupported'],
    ['no networks', at('networks', ['spec.networks', []]), 'spec.networks Required'],
    ['no range at all', at('networks', ['spec.networks.0.cidr', '10.0.0.0/33']), 'spec.networks[0].cidr Invalid'],
    ['an exception outside of its range', at('networks', ['spec.networks.0.except.0', '11.0.0.0/16']), 'spec.networks[0].except[0] Invalid'],
    ['an exception that leaves nothing', at('networks', ['spec.networks.0.except.0', '10.0.0.0/8']), 'spec.networks[0].except[0] Invalid'],
    ['an unknown access policy', at('server', ['spec.accessPolicy', 'allow']), 'spec.accessPolicy NotSupported'],
    ['clients with and without TLS', at('authorization', ['spec.client.unauthenticated', true]), 'spec.client.meshTLS Forbidden'],
    ['nameless clients with names', at('authorization', ['spec.client.meshTLS.unauthenticatedTLS', true]), 'spec.client.meshTLS.serviceAccounts Forbidden'],
    ['a limit of nothing', at('limit', ['spec.identity.requestsPerSecond', 0]), 'spec.identity.requestsPerSecond Invalid'],
    ['a limit above the total', at('limit', ['spec.overrides.0.requestsPerSecond', 101]), 'spec.overrides[0].requestsPerSecond Invalid'],
    ['a limit for a Namespace', at('limit', ['spec.overrides.0.clientRefs.0.kind', 'Namespace']), 'spec.overrides[0].clientRefs[0] NotSupported'],
    ['a limit of a Service', at('limit', ['spec.targetRef', { kind: 'Service', name: 'api' }]), 'spec.targetRef NotSupported'],
    ['an egress network of nothing', at('egress', ['spec.networks', []]), 'spec.networks Required'],
    ['a relative path', at('route', ['spec.rules.0.matches.0.path.value', 'v1']), 'spec.rules[0].matches[0].path.value Invalid'],
    ['a broken expression', at('route', ['spec.rules.0.matches.1.headers.0.value', '(']), 'spec.rules[0].matches[1].headers[0].value Invalid'],
    ['a longer part than the whole', at('route', ['spec.rules.0.timeouts.backendRequest', '11s']), 'spec.rules[0].timeouts.backendRequest Invalid'],
    ['a redirect to a relative path', at('route', ['spec.rules.1.filters.0.requestRedirect.path.replaceFullPath', 'new']), 'spec.rules[1].filters[0].requestRedirect.path.replaceFullPath Invalid'],
    ['an egress parent without port', at('external', ['spec.parentRefs.0', { group: 'policy.linkerd.io', kind: 'EgressNetwork', name: 'all' }]), 'spec.parentRefs[0].port Required'],
    ['a duration of two units', at('external', ['metadata.annotations.retry~linkerd~io/timeout', '1m30s']), 'metadata.annotations[retry.linkerd.io/timeout] Invalid'],
    ['spaces between conditions', at('external', ['metadata.annotations.retry~linkerd~io/http', '5xx, 429']), 'metadata.annotations[retry.linkerd.io/http] Invalid'],
    ['an unknown gRPC condition', at('external', ['metadata.annotations.retry~linkerd~io/grpc', 'unknown']), 'metadata.annotations[retry.linkerd.io/grpc] Invalid'],
    ['a profile with a short name', at('profile', ['metadata.name', 'api']), 'metadata.name Invalid'],
    ['an empty condition', at('profile', ['spec.routes.0.condition', {}]), 'spec.routes[0].condition Required'],
    ['the opposite as a list', at('profile', ['spec.routes.0.condition.not', [{ method: 'GET' }]]), 'spec.routes[0].condition.not Invalid'],
    ['a range of no status', at('profile', ['spec.routes.0.responseClasses.0.condition.status', { min: 599, max: 500 }]), 'spec.routes[0].responseClasses[0].condition.status Invalid'],
    ['a timeout without unit', at('profile', ['spec.routes.0.timeout', '5']), 'spec.routes[0].timeout Invalid'],
  ])('%s', (_, object, complaint) => {
    expect(complaintsOf(object)).toEqual([complaint]);
  });
});
