import { SimulationRequest } from '../../../src/engine/simulate/request';
import { decide, estate, security } from '../support/estate';
import { manifest, verdict } from '../support/meshes';

const entry = (kind: string, name: string, spec: string): string => manifest('consul.hashicorp.com/v1alpha1', kind, 'shop', name, spec);
const intentions = (name: string, destination: string, ...sources: string[]): string =>
  entry('ServiceIntentions', name, `{destination: {name: "${destination}"}, sources: [${sources.join(', ')}]}`);
const config = (json: string): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: consul-server-config, namespace: consul}
data: {acl-config.json: '${json}'}
`;
const DENY = config('{"acl": {"enabled": true, "default_policy": "deny"}}');
const ALLOW = config('{"acl": {"enabled": false}}');
const HTTP = entry('ServiceDefaults', 'api', '{protocol: http}');

/** A request of an account to the pods of service `api`. */
function ask(account: string | undefined, more: SimulationRequest = {}): SimulationRequest {
  return {
    only: 'authorization',
    client: account === undefined ? { ip: '10.0.0.1' } : { identity: account.includes('/') ? account : `cluster.local/ns/shop/sa/${account}` },
    server: { namespace: 'shop', labels: { app: 'api' }, workloadPort: 8080 },
    ...more,
  };
}

const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}]}
`;
const answer = (yaml: string, request: SimulationRequest): string => verdict(estate(SERVICE + yaml, { mesh: 'consul' }), request);

describe('the intentions of Consul', () => {
  test('are tried by precedence: exact destinations before all, and there exact sources before all', () => {
    const exact = intentions('a', 'api', '{name: web, action: deny}', '{name: "*", action: allow}');
    const wild = intentions('b', '*', '{name: web, action: allow}', '{name: "*", action: deny}');
    expect(answer(DENY + exact + wild, ask('web'))).toBe('denied by deny');
    expect(answer(DENY + exact + wild, ask('other'))).toBe('allowed by allow');
    expect(answer(DENY + wild, ask('web'))).toBe('allowed by allow');
    expect(answer(DENY + wild, ask('other'))).toBe('denied by deny');
    // Linkerd only adds up, and Istio denies first: neither knows an exact allow that beats a deny for all.
    const istio = security('AuthorizationPolicy', 'shop', 'all', '{action: DENY, rules: [{from: [{source: {namespaces: ["*"]}}]}]}')
      + security('AuthorizationPolicy', 'shop', 'web', '{action: ALLOW, rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]}]}');
    const consul = intentions('a', 'api', '{name: web, action: allow}', '{name: "*", action: deny}');
    expect([answer(DENY + consul, ask('web')), verdict(estate(SERVICE + istio), ask('web'))]).toEqual(['allowed by allow', 'denied by deny 403']);
  });

  test('prefer an exact destination with any source to an exact source with any destination', () => {
    const yaml = intentions('a', 'api', '{name: "*", action: deny}') + intentions('b', '*', '{name: web, action: allow}');
    expect(answer(ALLOW + yaml, ask('web'))).toBe('denied by deny');
  });

  test('leave connections that none speaks of to the default policy', () => {
    const yaml = intentions('a', 'api', '{name: other, action: allow}');
    expect(answer(DENY + yaml, ask('web'))).toBe('denied by implicit-deny');
    expect(answer(ALLOW + yaml, ask('web'))).toBe('allowed by no-policy');
    expect(answer(config('{"acl": {"enabled": true, "default_policy": "allow"}, "default_intention_policy": "deny"}') + yaml, ask('web'))).toBe('denied by implicit-deny');
    expect(decide(estate(SERVICE + yaml, { mesh: 'consul' }), ask('web')).assumptions![0]).toMatch('no manifest has the server\'s access control');
    // In Istio, an allow for one caller denies all others.
    const istio = security('AuthorizationPolicy', 'shop', 'a', '{rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/other"]}}]}]}');
    expect(verdict(estate(SERVICE + istio), ask('web'))).toBe('denied by implicit-deny 403');
  });

  test('decide by the first permission from the top', () => {
    const yaml = HTTP + intentions('a', 'api', '{name: web, permissions: [{action: deny, http: {pathExact: /x}}, {action: allow, http: {pathPrefix: /}}]}');
    expect(answer(DENY + yaml, ask('web', { http: { path: '/x' } }))).toBe('denied by deny 403');
    expect(answer(DENY + yaml, ask('web', { http: { path: '/y' } }))).toBe('allowed by allow');
    const turned = HTTP + intentions('a', 'api', '{name: web, permissions: [{action: allow, http: {pathPrefix: /}}, {action: deny, http: {pathExact: /x}}]}');
    expect(answer(DENY + turned, ask('web', { http: { path: '/x' } }))).toBe('allowed by allow');
  });

  test('fall through their permissions to the default, not to the next intention', () => {
    const yaml = HTTP + intentions('a', 'api', '{name: web, permissions: [{action: allow, http: {pathExact: /x}}]}', '{name: "*", action: allow}');
    expect(answer(DENY + yaml, ask('web', { http: { path: '/y' } }))).toBe('denied by implicit-deny 403');
    expect(answer(ALLOW + yaml.replace('"*", action: allow', '"*", action: deny'), ask('web', { http: { path: '/y' } }))).toBe('allowed by no-policy');
  });

  test('deny where they have permissions and the service carries bytes', () => {
    const yaml = intentions('a', 'api', '{name: web, permissions: [{action: allow, http: {pathPrefix: /}}]}', '{name: "*", action: allow}');
    expect(answer(ALLOW + yaml, ask('web', { http: { path: '/' } }))).toBe('denied by deny');
    expect(answer(ALLOW + yaml, ask('other'))).toBe('allowed by allow');
    expect(answer(ALLOW + HTTP + yaml, ask('web', { http: { path: '/' } }))).toBe('allowed by allow');
  });

  test('compare prefixes of paths by characters, where Istio would ask for a star', () => {
    const yaml = HTTP + intentions('a', 'api', '{name: web, permissions: [{action: allow, http: {pathPrefix: /api}}]}');
    expect(answer(DENY + yaml, ask('web', { http: { path: '/apix' } }))).toBe('allowed by allow');
    const istio = security('AuthorizationPolicy', 'shop', 'a', '{rules: [{to: [{operation: {paths: ["/api", "/api/*"]}}]}]}');
    expect(verdict(estate(SERVICE + istio), ask('web', { http: { path: '/apix' } }))).toBe('denied by implicit-deny 403');
  });

  test('need all of path, method and headers of a permission', () => {
    const yaml = DENY + HTTP + intentions('a', 'api', '{name: web, permissions: [{action: allow, http: {pathRegex: "/a|/ab", methods: [GET], header: [{name: X, exact: b}]}}]}');
    expect(answer(yaml, ask('web', { http: { path: '/ab', headers: { x: 'b' } } }))).toBe('allowed by allow');
    expect(answer(yaml, ask('web', { http: { path: '/ab', headers: { x: 'c' } } }))).toBe('denied by implicit-deny 403');
    expect(answer(yaml, ask('web', { http: { path: '/ab', method: 'PUT', headers: { x: 'b' } } }))).toBe('denied by implicit-deny 403');
    expect(answer(yaml, ask('web', { http: { path: '/abc', headers: { x: 'b' } } }))).toBe('denied by implicit-deny 403');
  });

  test('ask for tokens of all permissions at the top, and of one permission within', () => {
    const provider = entry('JWTProvider', 'issuer', '{issuer: "https://i", audiences: [shop]}');
    const verify = (claim: string): string => `{providers: [{name: issuer, verifyClaims: [{path: [${claim}], value: admin}]}]}`;
    const inner = HTTP + provider + intentions('a', 'api', `{name: web, permissions: [{action: allow, http: {pathPrefix: /admin}, jwt: ${verify('realm, role')}}, {action: allow, http: {pathExact: /}}]}`);
    const token = { iss: 'https://i', aud: ['shop'], realm: { role: 'admin' } };
    expect(answer(DENY + inner, ask('web', { http: { path: '/admin' }, jwt: token }))).toBe('allowed by allow');
    expect(answer(DENY + inner, ask('web', { http: { path: '/admin' }, jwt: { ...token, realm: { role: 'user' } } }))).toBe('denied by implicit-deny 403');
    expect(answer(DENY + inner, ask('web', { http: { path: '/admin' }, jwt: { ...token, iss: 'https://j' } }))).toBe('denied by implicit-deny 403');
    expect(answer(DENY + inner, ask('web', { http: { path: '/admin' }, jwt: { ...token, aud: 'other' } }))).toBe('denied by implicit-deny 403');
    expect(answer(DENY + inner, ask('web', { http: { path: '/' } }))).toBe('allowed by allow');
    const outer = HTTP + provider + entry('ServiceIntentions', 'a', `{destination: {name: api}, jwt: ${verify('role')}, sources: [{name: web, permissions: [{action: allow, http: {pathPrefix: /}}]}]}`);
    expect(answer(DENY + outer, ask('web', { jwt: { iss: 'https://i', aud: 'shop', role: 'admin' } }))).toBe('allowed by allow');
    expect(answer(DENY + outer, ask('web'))).toBe('denied by implicit-deny 403');
  });

  test('tell peers from the own cluster', () => {
    const peer = entry('PeeringAcceptor', 'east', '{peer: {secret: {name: s, key: k, backend: kubernetes}}}');
    const yaml = DENY + peer + intentions('a', 'api', '{name: web, peer: east, action: allow}', '{name: "*", action: deny}');
    expect(answer(yaml, ask('east/ns/default/sa/web'))).toBe('allowed by allow');
    expect(answer(yaml, ask('web'))).toBe('denied by deny');
  });

  test('are asked only about mutual TLS, which permissive mode lets plaintext bypass', () => {
    const yaml = DENY + intentions('a', 'api', '{name: "*", action: deny}');
    expect(answer(yaml, ask(undefined))).toBe('denied by peer');
    expect(answer(yaml + entry('ServiceDefaults', 'api', '{mutualTLSMode: permissive}'), ask(undefined))).toBe('allowed by no-policy');
    expect(answer(yaml + manifest('consul.hashicorp.com/v1alpha1', 'ProxyDefaults', 'consul', 'global', '{mutualTLSMode: permissive}'), ask(undefined))).toBe('allowed by no-policy');
  });

  test('name services without namespaces, so that accounts of one name are one caller', () => {
    const yaml = DENY + intentions('a', 'api', '{name: web, action: allow}');
    expect(answer(yaml, ask('cluster.local/ns/elsewhere/sa/web'))).toBe('allowed by allow');
    const istio = security('AuthorizationPolicy', 'shop', 'a', '{rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]}]}');
    expect(verdict(estate(SERVICE + istio), ask('cluster.local/ns/elsewhere/sa/web'))).toBe('denied by implicit-deny 403');
  });

  test('apply to the service that the pod is registered as', () => {
    const yaml = DENY + intentions('a', 'other', '{name: web, action: allow}') + `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec: {template: {metadata: {labels: {app: api}, annotations: {consul.hashicorp.com/connect-inject: "true", consul.hashicorp.com/connect-service: other}}, spec: {containers: [{name: app}]}}}
`;
    const request: SimulationRequest = { client: { identity: 'cluster.local/ns/shop/sa/web', tls: 'mtls' }, server: { host: 'api.shop', port: 80 } };
    expect(verdict(estate(SERVICE + yaml, { mesh: 'consul' }), request)).toBe('allowed by allow');
  });
});

describe('gateways of Consul', () => {
  const WORKLOAD = `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec: {template: {metadata: {labels: {app: api}, annotations: {consul.hashicorp.com/connect-inject: "true"}}, spec: {serviceAccountName: api, containers: [{name: app}]}}}
`;
  const through = (gateway: string, port: number, authority: string): SimulationRequest => ({ via: { gateway }, server: { host: authority, port }, http: { authority } });

  test('of the API are callers under their own name, and lead to splitters but not to routers of the services behind', () => {
    const yaml = SERVICE + WORKLOAD + DENY + HTTP + entry('ServiceRouter', 'api', '{routes: [{match: {http: {pathPrefix: /}}, destination: {service: gone}}]}')
      + manifest('gateway.networking.k8s.io/v1', 'Gateway', 'shop', 'edge', '{gatewayClassName: consul, listeners: [{name: http, port: 80, protocol: HTTP}]}')
      + manifest('gateway.networking.k8s.io/v1', 'HTTPRoute', 'shop', 'r', '{parentRefs: [{name: edge}], rules: [{backendRefs: [{name: api, port: 80}]}]}');
    expect(verdict(estate(yaml + intentions('a', 'api', '{name: edge, action: allow}'), { mesh: 'consul' }), through('shop/edge', 80, 'x.example'))).toBe('allowed by allow');
    expect(verdict(estate(yaml + intentions('a', 'api', '{name: api-gateway, action: allow}'), { mesh: 'consul' }), through('shop/edge', 80, 'x.example'))).toBe('denied by implicit-deny 403');
  });

  test('for ingress choose a service by host and lead into its whole chain', () => {
    const yaml = SERVICE + WORKLOAD + DENY + HTTP + entry('IngressGateway', 'ingress', '{listeners: [{port: 8080, protocol: http, services: [{name: api}, {name: other, hosts: [other.example]}]}]}')
      + intentions('a', 'api', '{name: ingress, action: allow}');
    const model = estate(yaml, { mesh: 'consul' });
    expect(verdict(model, through('shop/ingress', 8080, 'api.ingress.example'))).toBe('allowed by allow');
    expect(verdict(model, through('shop/ingress', 8080, 'x.example'))).toBe('unroutable by nothing 404');
    expect(verdict(model, through('shop/ingress', 9090, 'api.ingress.example'))).toBe('unroutable by nothing');
  });

  test('for what is outside ask the intentions of the service that they lead to', () => {
    const yaml = DENY + entry('ServiceDefaults', 'pay', '{protocol: http, destination: {addresses: [pay.example], port: 80}}') + intentions('a', 'pay', '{name: web, action: allow}');
    const gateway = entry('TerminatingGateway', 'out', '{services: [{name: pay}]}');
    const from = (account: string): SimulationRequest => ({ client: { identity: `cluster.local/ns/shop/sa/${account}` }, server: { host: 'pay.example', port: 80 }, http: {} });
    expect(verdict(estate(yaml + gateway, { mesh: 'consul' }), from('web'))).toBe('allowed by allow');
    expect(verdict(estate(yaml + gateway, { mesh: 'consul' }), from('other'))).toBe('denied by implicit-deny 403');
    expect(verdict(estate(yaml, { mesh: 'consul' }), from('web'))).toBe('unroutable by nothing 503');
  });

  test('are not needed for what is outside of the mesh, unless proxies pass nothing unknown on', () => {
    const open = decide(estate(DENY + HTTP, { mesh: 'consul' }), { server: { host: 'x.example', port: 443 }, protocol: 'tls', client: { identity: 'cluster.local/ns/shop/sa/web' } });
    expect(open.route.destinations[0].host).toBe('PassthroughCluster');
    const closed = manifest('consul.hashicorp.com/v1alpha1', 'Mesh', 'consul', 'mesh', '{transparentProxy: {meshDestinationsOnly: true}}');
    expect(decide(estate(DENY + HTTP + closed, { mesh: 'consul' }), { server: { host: 'x.example', port: 443 }, protocol: 'tls', client: { identity: 'cluster.local/ns/shop/sa/web' } }).verdict).toBe('unroutable');
  });
});
