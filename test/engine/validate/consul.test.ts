import { Change, changed, complaintsOf } from '../../support/validate/complaints';

const consul = (kind: string, spec: object, name = 'api') => ({ apiVersion: 'consul.hashicorp.com/v1alpha1', kind, metadata: { name, namespace: 'shop' }, spec });

const SOUND: Readonly<Record<string, any>> = {
  router: consul('ServiceRouter', {
    routes: [{
      match: { http: { pathPrefix: '/v1', methods: ['GET', 'post'], header: [{ name: 'x-a', exact: 'b' }, { name: 'x-c', present: true, invert: true }], queryParam: [{ name: 'q', regex: '[a-z]+' }] } },
      destination: { service: 'web', prefixRewrite: '/', numRetries: 3, retryOn: ['5xx', 'reset'], requestTimeout: '5s' },
    }],
  }),
  splitter: consul('ServiceSplitter', { splits: [{ weight: 33.33, serviceSubset: 'v1' }, { weight: 33.33, serviceSubset: 'v2' }, { weight: 33.34, service: 'other' }] }),
  resolver: consul('ServiceResolver', {
    defaultSubset: 'v1',
    subsets: { v1: { filter: 'Service.Meta.version == v1' }, v2: {} },
    failover: { 'v1': { serviceSubset: 'v2' }, '*': { targets: [{ peer: 'west' }, { service: 'backup' }] } },
    loadBalancer: { policy: 'ring_hash', ringHashConfig: { minimumRingSize: 1024 }, hashPolicies: [{ field: 'cookie', fieldValue: 'user', cookieConfig: { ttl: '5m', path: '/' } }, { sourceIP: true, terminal: true }] },
    connectTimeout: '5s',
  }),
  redirect: consul('ServiceResolver', { redirect: { service: 'other', serviceSubset: 'v1' } }),
  intentions: consul('ServiceIntentions', {
    destination: { name: 'api' },
    sources: [{ name: 'web', permissions: [{ action: 'allow', http: { pathPrefix: '/v1', methods: ['GET'], header: [{ name: 'x-a', prefix: 'b' }] } }] }, { name: '*', action: 'deny' }],
  }),
  defaults: consul('ServiceDefaults', {
    protocol: 'http',
    meshGateway: { mode: 'local' },
    mutualTLSMode: 'strict',
    upstreamConfig: { defaults: { passiveHealthCheck: { interval: '10s', maxFailures: 3 } }, overrides: [{ name: 'db', protocol: 'tcp' }] },
    expose: { paths: [{ path: '/healthz', localPathPort: 8080, listenerPort: 21500, protocol: 'http' }] },
    destination: { addresses: ['db.example.com', '10.0.0.1'], port: 3306 },
    rateLimits: { instanceLevel: { requestsPerSecond: 10, routes: [{ pathExact: '/a', requestsPerSecond: 1 }] } },
  }),
  proxies: consul('ProxyDefaults', { config: { protocol: 'http' }, accessLogs: { enabled: true, type: 'file', path: '/var/log/envoy.log' } }, 'global'),
  mesh: consul('Mesh', { allowEnablingPermissiveMutualTLS: true }, 'mesh'),
  exported: consul('ExportedServices', { services: [{ name: 'api', consumers: [{ peer: 'west' }] }] }, 'default'),
  acceptor: consul('PeeringAcceptor', { peer: { secret: { name: 'token', key: 'data', backend: 'kubernetes' } } }, 'west'),
  sameness: consul('SamenessGroup', { members: [{ partition: 'default' }, { peer: 'west' }] }),
  jwt: consul('JWTProvider', { issuer: 'a', jsonWebKeySet: { remote: { uri: 'https://example.com/keys' } } }),
  gateway: consul('GatewayPolicy', { targetRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'in' } }),
};

const at = (name: keyof typeof SOUND, ...changes: Change[]) => changed(SOUND[name], ...changes);

describe('what Consul\'s webhook or its servers refuse', () => {
  test.each(Object.keys(SOUND))('nothing of a sound %s', (name) => {
    expect(complaintsOf(SOUND[name])).toEqual([]);
  });

  test.each<[string, any, string]>([
    ['two kinds of path', at('router', ['spec.routes.0.match.http.pathExact', '/a']), 'spec.routes[0].match.http.pathPrefix Forbidden'],
    ['a relative path', at('router', ['spec.routes.0.match.http.pathPrefix', 'v1']), 'spec.routes[0].match.http.pathPrefix Invalid'],
    ['an unknown method', at('router', ['spec.routes.0.match.http.methods', ['FETCH']]), 'spec.routes[0].match.http.methods[0] NotSupported'],
    ['a method that stands twice', at('router', ['spec.routes.0.match.http.methods', ['GET', 'get']]), 'spec.routes[0].match.http.methods[1] Duplicate'],
    ['a header that matches nothing', at('router', ['spec.routes.0.match.http.header.0', { name: 'x' }]), 'spec.routes[0].match.http.header[0] Required'],
    ['a header that matches in two ways', at('router', ['spec.routes.0.match.http.header.0.prefix', 'b']), 'spec.routes[0].match.http.header[0].prefix Forbidden'],
    ['a rewrite without prefix', at('router', ['spec.routes.0.match', {}]), 'spec.routes[0].destination.prefixRewrite Forbidden'],
    ['an unknown condition', at('router', ['spec.routes.0.destination.retryOn', ['4xx']]), 'spec.routes[0].destination.retryOn[0] NotSupported'],
    ['a timeout without unit', at('router', ['spec.routes.0.destination.requestTimeout', '5']), 'spec.routes[0].destination.requestTimeout Invalid'],
    ['weights that do not add up', at('splitter', ['spec.splits.0.weight', 33]), 'spec.splits Invalid'],
    ['no splits', at('splitter', ['spec.splits', []]), 'spec.splits Required'],
    ['a target that stands twice', at('splitter', ['spec.splits.1.serviceSubset', 'v1']), 'spec.splits[1] Invalid'],
    ['a default subset that is missing', at('resolver', ['spec.defaultSubset', 'v3']), 'spec.defaultSubset Invalid'],
    ['a failover of a subset that is missing', at('resolver', ['spec.failover', { v3: { service: 'x' } }]), 'spec.failover[v3] Invalid'],
    ['a failover to a subset that is missing', at('resolver', ['spec.failover', { v1: { serviceSubset: 'v3' } }]), 'spec.failover[v1].serviceSubset Invalid'],
    ['an unknown policy of balancing', at('resolver', ['spec.loadBalancer', { policy: 'fastest' }]), 'spec.loadBalancer.policy NotSupported'],
    ['a ring without hashes', at('resolver', ['spec.loadBalancer.policy', 'maglev']), 'spec.loadBalancer.ringHashConfig Forbidden'],
    ['a cookie of a header', at('resolver', ['spec.loadBalancer.hashPolicies.0.field', 'header']), 'spec.loadBalancer.hashPolicies[0].cookieConfig Forbidden'],
    ['a redirect with failover', at('redirect', ['spec.failover', { '*': { service: 'x' } }]), 'spec.failover Forbidden'],
    ['a redirect to nowhere', at('redirect', ['spec.redirect', {}]), 'spec.redirect Required'],
    ['an action beside permissions', at('intentions', ['spec.sources.0.action', 'allow']), 'spec.sources[0].action Forbidden'],
    ['neither action nor permissions', at('intentions', ['spec.sources.1', { name: '*' }]), 'spec.sources[1].action Required'],
    ['a permission for nothing', at('intentions', ['spec.sources.0.permissions.0.http', {}]), 'spec.sources[0].permissions[0].http Required'],
    ['requests to every service', at('intentions', ['spec.destination.name', '*']), 'spec.sources[0].permissions Forbidden'],
    ['a source that stands twice', at('intentions', ['spec.sources.1.name', 'web']), 'spec.sources[1] Invalid'],
    ['an unknown protocol', at('defaults', ['spec.protocol', 'https']), 'spec.protocol NotSupported'],
    ['a mode of proxies', at('defaults', ['spec.mode', 'direct']), 'spec.mode Forbidden'],
    ['a port of outbound listeners', at('defaults', ['spec.transparentProxy', { outboundListenerPort: 15001 }]), 'spec.transparentProxy.outboundListenerPort Forbidden'],
    ['an upstream without name', at('defaults', ['spec.upstreamConfig.overrides', [{ protocol: 'tcp' }]]), 'spec.upstreamConfig.overrides[0].name Required'],
    ['an address that is none', at('defaults', ['spec.destination.addresses', ['*.example.com']]), 'spec.destination.addresses[0] Invalid'],
    ['second defaults of proxies', at('proxies', ['metadata.name', 'mine']), 'metadata.name Invalid'],
    ['a second mesh', at('mesh', ['metadata.name', 'mine']), 'metadata.name Invalid'],
    ['second exports', at('exported', ['metadata.name', 'mine']), 'metadata.name Invalid'],
    ['logs to a file without name', at('proxies', ['spec.accessLogs.path', undefined]), 'spec.accessLogs.path Required'],
    ['a token kept elsewhere', at('acceptor', ['spec.peer.secret.backend', 'vault']), 'spec.peer.secret.backend NotSupported'],
    ['a member that is nowhere', at('sameness', ['spec.members.0', {}]), 'spec.members[0] Invalid'],
    ['keys from two places', at('jwt', ['spec.jsonWebKeySet.local', { jwks: 'e30=' }]), 'spec.jsonWebKeySet Invalid'],
    ['a policy for a route', at('gateway', ['spec.targetRef.kind', 'HTTPRoute']), 'spec.targetRef.kind NotSupported'],
  ])('%s', (_, object, complaint) => {
    expect(complaintsOf(object)).toEqual([complaint]);
  });
});
