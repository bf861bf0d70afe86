import { Decision } from '../../../src/engine/simulate/decision';
import { SimulationRequest } from '../../../src/engine/simulate/request';
import { decide, estate, security, service, virtualService } from '../support/estate';

const WEB = 'cluster.local/ns/shop/sa/web';
const policy = (spec: string, name = 'p', namespace = 'shop'): string => security('AuthorizationPolicy', namespace, name, spec);

/** Asks the policies of the pods `app: api` in `shop` about a request. */
function ask(manifests: string, request: Partial<SimulationRequest> & { method?: string; path?: string } = {}, options = {}): Decision {
  const { method = 'GET', path = '/', ...rest } = request;
  return decide(estate(manifests, { mesh: 'istio', ...options }), {
    only: 'authorization',
    client: { identity: WEB },
    server: { namespace: 'shop', labels: { app: 'api' }, workloadPort: 8080 },
    http: { method, path, authority: 'api' },
    ...rest,
  });
}
const verdict = (...args: Parameters<typeof ask>): string => ask(...args).verdict;
const tcp = { protocol: 'tcp' as const, http: undefined };

describe('the combination of policies', () => {
  test('without policies everything is allowed', () => expect(verdict('')).toBe('allowed'));

  test('an ALLOW policy without rules denies everything, one with an empty rule nothing', () => {
    expect(verdict(policy('{}'))).toBe('denied');
    expect(verdict(policy('{rules: [{}]}'))).toBe('allowed');
  });

  test('DENY wins over ALLOW, unlike where allows are a union', () => {
    const both = policy('{rules: [{}]}') + policy('{action: DENY, rules: [{to: [{operation: {methods: [POST]}}]}]}', 'no-post');
    expect(verdict(both)).toBe('allowed');
    expect(ask(both, { method: 'POST' })).toMatchObject({ verdict: 'denied', status: 403, decidedBy: { name: 'no-post', rule: 0 } });
  });

  test('AUDIT changes nothing, and a dry run alone denies nothing', () => {
    expect(verdict(policy('{action: AUDIT, rules: [{}]}'))).toBe('allowed');
    const dry = policy('{rules: []}').replace('name: p,', 'name: p, annotations: {istio.io/dry-run: "true"},');
    expect(verdict(dry)).toBe('allowed');
  });

  test('an action without a known authorizer denies what its rules match', () => {
    const custom = policy('{action: CUSTOM, provider: {name: opa}, rules: [{to: [{operation: {paths: [/admin]}}]}]}');
    expect(verdict(custom, { path: '/admin' })).toBe('denied');
    expect(verdict(custom, { path: '/' })).toBe('allowed');
  });

  test('policies of the root namespace count everywhere, those of other namespaces do not', () => {
    expect(verdict(policy('{}', 'all', 'istio-system'))).toBe('denied');
    expect(verdict(policy('{}', 'all', 'other'))).toBe('allowed');
    expect(verdict(policy('{}', 'all', 'root'), {}, { meshConfig: { rootNamespace: 'root' } })).toBe('denied');
  });

  test('a selector that fits no label leaves the pod alone, and a policy with targets is not for it', () => {
    expect(verdict(policy('{selector: {matchLabels: {app: other}}}'))).toBe('allowed');
    expect(verdict(policy('{targetRefs: [{kind: Service, group: "", name: api}]}'))).toBe('allowed');
  });
});

describe('the parts of a rule', () => {
  const from = (source: string): string => policy(`{rules: [{from: [{source: ${source}}]}]}`);
  const to = (operation: string): string => policy(`{rules: [{to: [{operation: ${operation}}]}]}`);

  test('without mutual TLS no principal matches, and the negation of all does', () => {
    const plaintext = { client: { tls: 'none' as const } };
    expect(verdict(from('{principals: ["*"]}'))).toBe('allowed');
    expect(verdict(from('{principals: ["*"]}'), plaintext)).toBe('denied');
    expect(verdict(from('{notPrincipals: ["*"]}'), plaintext)).toBe('allowed');
  });

  test.each([
    [`{principals: [${WEB}]}`, 'allowed'], ['{principals: ["*/sa/web"]}', 'allowed'], ['{principals: ["cluster.local/ns/shop/*"]}', 'allowed'],
    ['{principals: [cluster.local/ns/shop]}', 'denied'], ['{namespaces: [shop]}', 'allowed'], ['{namespaces: [sho]}', 'denied'],
    ['{namespaces: ["sh*"]}', 'allowed'], ['{serviceAccounts: [web]}', 'allowed'], ['{serviceAccounts: [other/web]}', 'denied'],
    ['{trustDomains: [cluster.local]}', 'allowed'], ['{notNamespaces: [shop]}', 'denied'],
  ])('a source %s is %s', (source, expected) => expect(verdict(from(source))).toBe(expected));

  test.each([
    ['{paths: [/api]}', '/api/x', 'denied'], ['{paths: ["/api*"]}', '/apis', 'allowed'], ['{paths: ["*/x"]}', '/api/x', 'allowed'],
    ['{paths: [/api]}', '/api?x=1', 'allowed'], ['{paths: [/b]}', '/a/../b', 'allowed'], ['{notPaths: ["/api*"]}', '/api', 'denied'],
    ['{methods: [get]}', '/', 'denied'], ['{hosts: [API]}', '/', 'allowed'], ['{hosts: ["api:80"]}', '/', 'denied'],
    ['{ports: ["8080"]}', '/', 'allowed'], ['{ports: ["80"]}', '/', 'denied'],
  ])('an operation %s with path %s is %s: ports are the pod\'s, hosts ignore case, methods do not', (operation, path, expected) => {
    expect(verdict(to(operation), { path })).toBe(expected);
  });

  test('fields of one source are ANDed, sources are ORed', () => {
    expect(verdict(from('{namespaces: [shop], principals: [other]}'))).toBe('denied');
    expect(verdict(policy('{rules: [{from: [{source: {namespaces: [x]}}, {source: {namespaces: [shop]}}]}]}'))).toBe('allowed');
  });

  test('addresses of the peer and of the original client are told apart', () => {
    const client = { client: { ip: '10.0.0.1', remoteIp: '1.2.3.4' } };
    expect(verdict(from('{ipBlocks: [10.0.0.0/8]}'), client)).toBe('allowed');
    expect(verdict(from('{remoteIpBlocks: [10.0.0.0/8]}'), client)).toBe('denied');
    expect(verdict(from('{remoteIpBlocks: [1.2.3.0/24]}'), client)).toBe('allowed');
  });

  test('conditions on headers ignore the case of names, and all conditions must hold', () => {
    const when = policy('{rules: [{when: [{key: "request.headers[X-Role]", values: ["admin*"]}, {key: destination.port, values: ["8080"]}]}]}');
    expect(verdict(when, { http: { headers: { 'x-role': 'admins' } } })).toBe('allowed');
    expect(verdict(when, { http: { headers: { 'x-role': 'user' } } })).toBe('denied');
    expect(verdict(when)).toBe('denied');
  });

  test('an alias of the trust domain stands for all of them, another trust domain does not', () => {
    const options = { meshConfig: { trustDomain: 'new', trustDomainAliases: ['old'] } };
    expect(verdict(from('{principals: [old/ns/shop/sa/web]}'), { client: { identity: 'new/ns/shop/sa/web' } }, options)).toBe('allowed');
    expect(verdict(from('{principals: [foreign/ns/shop/sa/web]}'), { client: { identity: 'new/ns/shop/sa/web' } }, options)).toBe('denied');
  });
});

describe('HTTP fields on TCP ports', () => {
  test('an ALLOW rule with one is dropped whole, so that nothing is allowed', () => {
    expect(verdict(policy('{rules: [{from: [{source: {namespaces: [shop]}}], to: [{operation: {methods: [GET]}}]}]}'), tcp)).toBe('denied');
  });

  test('a DENY rule loses only the field and denies more: the opposite of ztunnel, where it denies nothing', () => {
    const deny = policy('{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}');
    expect(verdict(deny, tcp)).toBe('denied');
    expect(verdict(deny, tcp, { mesh: 'istio-ambient' })).toBe('allowed');
  });

  test('ztunnel enforces the connection\'s part of an entry that has both', () => {
    const deny = policy('{action: DENY, rules: [{to: [{operation: {methods: [GET], ports: ["8080"]}}]}]}');
    expect(verdict(deny, tcp, { mesh: 'istio-ambient' })).toBe('denied');
  });

  test('a source of trust domains alone never matches in ztunnel, and does in a sidecar', () => {
    const deny = policy('{action: DENY, rules: [{from: [{source: {trustDomains: [cluster.local]}}]}]}');
    expect(verdict(deny, tcp)).toBe('denied');
    expect(verdict(deny, tcp, { mesh: 'istio-ambient' })).toBe('allowed');
  });
});

describe('tokens', () => {
  const authentication = security('RequestAuthentication', 'shop', 'jwt', '{jwtRules: [{issuer: me, audiences: [api]}]}');
  const jwt = { iss: 'me', sub: 'ann', aud: 'api', groups: ['dev', 'ops'], scope: 'read write' };

  test('none is fine, a foreign one is answered with 401, one for others with 403, and without RequestAuthentication nobody looks', () => {
    expect(verdict(authentication)).toBe('allowed');
    expect(ask(authentication, { jwt: { iss: 'x' } })).toMatchObject({ verdict: 'denied', status: 401 });
    expect(ask(authentication, { jwt: { iss: 'me', aud: 'other' } })).toMatchObject({ verdict: 'denied', status: 403 });
    expect(verdict('', { jwt: { iss: 'x' } })).toBe('allowed');
  });

  test('only a policy makes one mandatory', () => {
    const required = authentication + policy('{rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]}');
    expect(verdict(required)).toBe('denied');
    expect(verdict(required, { jwt })).toBe('allowed');
  });

  test.each([
    ['{key: "request.auth.claims[groups]", values: [ops]}', 'allowed'], ['{key: "request.auth.claims[groups]", values: [op]}', 'denied'],
    ['{key: "request.auth.claims[scope]", values: [write]}', 'allowed'], ['{key: request.auth.principal, values: [me/ann]}', 'allowed'],
    ['{key: request.auth.audiences, values: [api]}', 'allowed'], ['{key: "request.auth.claims[groups]", notValues: [dev]}', 'denied'],
  ])('a condition %s is %s', (condition, expected) => {
    expect(verdict(authentication + policy(`{rules: [{when: [${condition}]}]}`), { jwt })).toBe(expected);
  });
});

describe('mutual TLS', () => {
  const peer = (spec: string, name = 'peer', namespace = 'shop'): string => security('PeerAuthentication', namespace, name, spec);
  const plaintext = { client: { tls: 'none' as const } };

  test('STRICT refuses plaintext, PERMISSIVE and nothing at all take both', () => {
    expect(ask(peer('{mtls: {mode: STRICT}}'), plaintext)).toMatchObject({ verdict: 'denied', decidedBy: { kind: 'PeerAuthentication' } });
    expect(verdict(peer('{mtls: {mode: STRICT}}'))).toBe('allowed');
    expect(verdict(peer('{mtls: {mode: PERMISSIVE}}'), plaintext)).toBe('allowed');
    expect(verdict('', plaintext)).toBe('allowed');
  });

  test('workload wins over namespace over mesh, and UNSET inherits', () => {
    const mesh = peer('{mtls: {mode: STRICT}}', 'default', 'istio-system');
    expect(verdict(mesh, plaintext)).toBe('denied');
    expect(verdict(mesh + peer('{mtls: {mode: UNSET}}'), plaintext)).toBe('denied');
    expect(verdict(mesh + peer('{mtls: {mode: PERMISSIVE}}'), plaintext)).toBe('allowed');
    expect(verdict(mesh + peer('{selector: {matchLabels: {app: api}}, mtls: {mode: PERMISSIVE}}'), plaintext)).toBe('allowed');
  });

  test('port levels are by the pod\'s port, not the Service\'s', () => {
    const level = (port: number): string => peer(`{selector: {matchLabels: {app: api}}, mtls: {mode: STRICT}, portLevelMtls: {${port}: {mode: PERMISSIVE}}}`);
    expect(verdict(level(8080), plaintext)).toBe('allowed');
    expect(verdict(level(80), plaintext)).toBe('denied');
  });
});

describe('an external authorizer', () => {
  const meshConfig = { extensionProviders: [{ name: 'guard', envoyExtAuthzHttp: { service: 'guard.other.svc.cluster.local', port: 80 } }] };
  const custom = security('AuthorizationPolicy', 'shop', 'guard', '{action: CUSTOM, provider: {name: guard}, rules: [{to: [{operation: {methods: [GET]}}]}]}');
  const answers = (more: string, config: object = meshConfig): string[] => ['GET', 'POST'].map((method) => decide(
    estate(service('shop', 'api') + service('other', 'guard') + custom + more, { mesh: 'istio', meshConfig: config as never }),
    { client: { identity: 'cluster.local/ns/shop/sa/web' }, server: { host: 'api.shop', port: 80 }, http: { method } },
  ).verdict);
  const sidecar = virtualService('shop', 'own', '{egress: [{hosts: ["./*"]}]}').replace('VirtualService', 'Sidecar');

  test('that a Sidecar keeps out of the proxy\'s sight denies what it would be asked about', () => {
    expect(answers('')).toEqual(['allowed', 'allowed']);
    expect(answers(sidecar)).toEqual(['denied', 'allowed']);
  });

  test('lets everything pass in that case when it is to fail open', () => {
    const [{ envoyExtAuthzHttp }] = meshConfig.extensionProviders;
    expect(answers(sidecar, { extensionProviders: [{ name: 'guard', envoyExtAuthzHttp: { ...envoyExtAuthzHttp, failOpen: true } }] })).toEqual(['allowed', 'allowed']);
  });
});
