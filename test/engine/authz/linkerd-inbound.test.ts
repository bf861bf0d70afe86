import { identityFits, isWithin } from '../../../src/engine/authz/linkerd/client-match';
import { rateLimitOf } from '../../../src/engine/authz/linkerd/rate-limits';
import { parseIp } from '../../../src/engine/match/ip';
import { LINKERD } from '../../../src/engine/model/linkerd';
import { SimulationRequest } from '../../../src/engine/simulate/request';
import { decide, estate, security } from '../support/estate';
import { manifest, verdict } from '../support/meshes';

const POLICY = 'policy.linkerd.io/v1alpha1';
const server = (name: string, spec: string, labels = ''): string => `
---
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: ${name}, namespace: shop${labels ? `, labels: ${labels}` : ''}}
spec: {podSelector: {matchLabels: {app: api}}, ${spec}}
`;
const policy = (name: string, target: string, ...references: string[]): string =>
  manifest(POLICY, 'AuthorizationPolicy', 'shop', name, `{targetRef: ${target}, requiredAuthenticationRefs: [${references.join(', ')}]}`);
const SERVER = '{group: policy.linkerd.io, kind: Server, name: s}';
const meshTls = (name: string, spec: string, namespace = 'shop'): string => manifest(POLICY, 'MeshTLSAuthentication', namespace, name, spec);
const network = (name: string, ...networks: string[]): string => manifest(POLICY, 'NetworkAuthentication', 'shop', name, `{networks: [${networks.join(', ')}]}`);
const ref = (kind: string, name: string, more = ''): string => `{group: policy.linkerd.io, kind: ${kind}, name: ${name}${more}}`;
const route = (name: string, rule: string, kind = 'HTTPRoute'): string =>
  manifest('gateway.networking.k8s.io/v1', kind, 'shop', name, `{parentRefs: [{group: policy.linkerd.io, kind: Server, name: s}], rules: [${rule}]}`);
const pod = (annotations = '{linkerd.io/inject: enabled}', container = ''): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec: {template: {metadata: {labels: {app: api}, annotations: ${annotations}}, spec: {serviceAccountName: api, containers: [{name: app, ports: [{name: web, containerPort: 8080}]${container}}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}]}
`;

/** A request of an account to the pods labelled `app: api`; without account, of an unknown client at an address. */
function ask(account: string | undefined, more: SimulationRequest & { ip?: string; port?: number } = {}): SimulationRequest {
  const { ip, port, ...rest } = more;
  return {
    only: 'authorization',
    client: account === undefined ? { ip: ip ?? '10.0.0.1', tls: 'none' } : { identity: `cluster.local/ns/${account}`, ...(ip === undefined ? {} : { ip }) },
    server: { namespace: 'shop', labels: { app: 'api' }, workloadPort: port ?? 8080 },
    ...rest,
  };
}

/** The same, by way of the Service, so that the pod and its annotations count. */
function through(account: string | undefined, http: SimulationRequest['http'] = {}): SimulationRequest {
  return { client: account === undefined ? { ip: '10.0.0.1', tls: 'none' } : { identity: `cluster.local/ns/${account}` }, server: { host: 'api.shop', port: 80 }, http };
}

const answer = (yaml: string, request: SimulationRequest): string => verdict(estate(yaml, { mesh: 'linkerd' }), request);
const WEB = 'web/sa/web';

describe('the Server of a port', () => {
  test('is one of the pod\'s own namespace whose selector fits; others are left aside', () => {
    const other = server('s', 'port: 8080').replace('namespace: shop', 'namespace: other');
    expect(answer(other, ask(WEB))).toBe('allowed by allow');
    expect(answer(server('s', 'port: 8080').replace('app: api', 'app: other'), ask(WEB))).toBe('allowed by allow');
    expect(answer(server('s', 'port: 8080'), ask(WEB))).toBe('denied by implicit-deny 403');
    expect(answer(server('s', 'port: 9090'), ask(WEB))).toBe('allowed by allow');
  });

  test('is the oldest that names the port, then the first by name, which is said where the age is not known', () => {
    const two = server('b', 'port: 8080') + server('a', 'port: 8080, accessPolicy: all-unauthenticated');
    const decision = decide(estate(two, { mesh: 'linkerd' }), ask(WEB));
    expect(decision).toMatchObject({ verdict: 'allowed', decidedBy: { name: 'a' }, orderDependent: [{ name: 'a' }, { name: 'b' }] });
    const dated = two.replace('{name: b,', '{name: b, creationTimestamp: "2026-01-01T00:00:00Z",').replace('{name: a,', '{name: a, creationTimestamp: "2026-01-02T00:00:00Z",');
    expect(decide(estate(dated, { mesh: 'linkerd' }), ask(WEB))).toMatchObject({ verdict: 'denied', decidedBy: { name: 'b' } });
    expect(decide(estate(dated, { mesh: 'linkerd' }), ask(WEB)).orderDependent).toBeUndefined();
  });

  test('is found by number though no container declares it, and by name where one does', () => {
    expect(answer(server('s', 'port: 9999'), ask(WEB, { port: 9999 }))).toBe('denied by implicit-deny 403');
    expect(answer(pod() + server('s', 'port: web'), through(WEB))).toBe('denied by implicit-deny 403');
    expect(answer(pod() + server('s', 'port: other'), through(WEB))).toBe('allowed by allow');
  });
});

describe('a port without Server', () => {
  const by = (word: string, account: string | undefined, ip?: string): string => {
    const yaml = pod(`{linkerd.io/inject: enabled, config.linkerd.io/default-inbound-policy: ${word}}`);
    const request = through(account);
    return answer(yaml, { ...request, client: { ...request.client, ...(ip === undefined ? {} : { ip }) } });
  };

  test.each([
    ['all-unauthenticated', ['allowed', 'allowed', 'allowed', 'allowed']],
    ['all-authenticated', ['denied', 'denied', 'allowed', 'allowed']],
    ['cluster-unauthenticated', ['allowed', 'denied', 'allowed', 'denied']],
    ['cluster-authenticated', ['denied', 'denied', 'allowed', 'denied']],
    ['deny', ['denied', 'denied', 'denied', 'denied']],
    ['audit', ['allowed', 'allowed', 'allowed', 'allowed']],
  ])('with the policy %s decides on strangers and meshed clients in the cluster and outside', (word, expected) => {
    const all = [by(word, undefined, '10.1.1.1'), by(word, undefined, '8.8.8.8'), by(word, WEB, '10.1.1.1'), by(word, WEB, '8.8.8.8')];
    expect(all.map(item => item.split(' ')[0])).toEqual(expected);
  });

  test('counts what audit admits', () => {
    expect(by('audit', undefined)).toBe('allowed by audit');
  });

  test('takes the policy of the namespace where the pod has none, and ignores words that are none', () => {
    const namespace = (word: string): string => `
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {linkerd.io/inject: enabled, config.linkerd.io/default-inbound-policy: ${word}}}
`;
    expect(answer(pod('{}') + namespace('deny'), through(WEB))).toBe('denied by implicit-deny 403');
    expect(answer(pod('{config.linkerd.io/default-inbound-policy: all-authenticated}') + namespace('deny'), through(WEB))).toBe('allowed by allow');
    expect(answer(pod('{}') + namespace('open'), through(WEB))).toBe('allowed by allow');
  });

  test('takes the policy of the installation where nothing else says', () => {
    const config = `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: linkerd-config, namespace: linkerd}
data: {values: "proxy: {defaultInboundPolicy: deny}"}
`;
    expect(answer(pod() + config, through(WEB))).toBe('denied by implicit-deny 403');
  });

  test('asks for identities on ports that a pod lists for that', () => {
    const yaml = pod('{linkerd.io/inject: enabled, config.linkerd.io/proxy-require-identity-inbound-ports: "8080"}');
    expect(answer(yaml, through(undefined))).toBe('denied by implicit-deny 403');
    expect(answer(yaml, through(WEB))).toBe('allowed by allow');
    expect(answer(yaml + server('s', 'port: 8080, accessPolicy: all-unauthenticated'), through(undefined))).toBe('allowed by allow');
  });

  test('may be opaque by annotation, which counts for nothing where a Server says otherwise', () => {
    const opaque = pod('{linkerd.io/inject: enabled, config.linkerd.io/opaque-ports: "8080", config.linkerd.io/default-inbound-policy: deny}');
    expect(answer(opaque, through(WEB))).toBe('denied by implicit-deny');
    expect(answer(opaque + server('s', 'port: 8080, proxyProtocol: HTTP/1'), through(WEB))).toBe('denied by implicit-deny 403');
  });
});

describe('what lets clients in at a Server', () => {
  const S = server('s', 'port: 8080', '{tier: front}');
  const serverAuthorization = (spec: string): string => manifest('policy.linkerd.io/v1beta1', 'ServerAuthorization', 'shop', 'sa', spec);

  test('is every ServerAuthorization that names it or selects it by labels', () => {
    expect(answer(S + serverAuthorization('{server: {name: s}, client: {meshTLS: {identities: ["*"]}}}'), ask(WEB))).toBe('allowed by allow');
    expect(answer(S + serverAuthorization('{server: {selector: {matchLabels: {tier: front}}}, client: {meshTLS: {identities: ["*"]}}}'), ask(WEB))).toBe('allowed by allow');
    expect(answer(S + serverAuthorization('{server: {selector: {matchLabels: {tier: back}}}, client: {meshTLS: {identities: ["*"]}}}'), ask(WEB))).toBe('denied by implicit-deny 403');
  });

  test('is, of a ServerAuthorization without networks, for the cluster only, and of an AuthorizationPolicy for everywhere', () => {
    expect(answer(S + serverAuthorization('{server: {name: s}, client: {unauthenticated: true}}'), ask(undefined, { ip: '8.8.8.8' }))).toBe('denied by implicit-deny 403');
    expect(answer(S + serverAuthorization('{server: {name: s}, client: {unauthenticated: true}}'), ask(undefined, { ip: '10.8.8.8' }))).toBe('allowed by allow');
    expect(answer(S + policy('p', SERVER), ask(undefined, { ip: '8.8.8.8' }))).toBe('allowed by allow');
  });

  test('may be TLS without identity, which plaintext is not', () => {
    const yaml = S + serverAuthorization('{server: {name: s}, client: {meshTLS: {unauthenticatedTLS: true}}}');
    expect(answer(yaml, ask(undefined, { client: { ip: '10.0.0.1', tls: 'tls' } }))).toBe('allowed by allow');
    expect(answer(yaml, ask(undefined))).toBe('denied by implicit-deny 403');
  });

  test('names accounts, of its own namespace unless it says otherwise', () => {
    const yaml = S + serverAuthorization('{server: {name: s}, client: {meshTLS: {serviceAccounts: [{name: web}, {name: web, namespace: other}]}}}');
    expect([answer(yaml, ask('shop/sa/web')), answer(yaml, ask('other/sa/web')), answer(yaml, ask(WEB))].map(item => item.split(' ')[0])).toEqual(['allowed', 'allowed', 'denied']);
  });

  test('is every AuthorizationPolicy for it or for its namespace', () => {
    expect(answer(S + policy('p', '{kind: Namespace, name: shop}'), ask(undefined))).toBe('allowed by allow');
    expect(answer(S + policy('p', '{kind: Namespace, name: other}'), ask(undefined))).toBe('denied by implicit-deny 403');
    expect(answer(S + policy('p', SERVER.replace('name: s', 'name: t')), ask(undefined))).toBe('denied by implicit-deny 403');
  });

  test('is its accessPolicy, which adds nothing by default', () => {
    expect(answer(server('s', 'port: 8080, accessPolicy: all-authenticated'), ask(WEB))).toBe('allowed by allow');
    expect(answer(server('s', 'port: 8080, accessPolicy: all-authenticated'), ask(undefined))).toBe('denied by implicit-deny 403');
    expect(answer(server('s', 'port: 8080, accessPolicy: audit'), ask(undefined))).toBe('allowed by audit');
  });

  test('only adds up: an allow for all admits everybody, however narrow another policy is', () => {
    const yaml = S + policy('narrow', SERVER, ref('MeshTLSAuthentication', 'm')) + meshTls('m', '{identities: ["nobody"]}') + policy('wide', SERVER);
    expect(answer(yaml, ask(undefined))).toBe('allowed by allow');
    const istio = security('AuthorizationPolicy', 'shop', 'wide', '{rules: [{}]}')
      + security('AuthorizationPolicy', 'shop', 'narrow', '{action: DENY, rules: [{from: [{source: {notPrincipals: ["nobody"]}}]}]}');
    expect(verdict(estate(istio), ask(undefined))).toBe('denied by deny 403');
  });

  test('asks for all authentications of a policy at once', () => {
    const yaml = S + policy('p', SERVER, ref('MeshTLSAuthentication', 'm'), ref('NetworkAuthentication', 'n'))
      + meshTls('m', '{identities: ["*"]}') + network('n', '{cidr: 10.1.0.0/16, except: [10.1.2.0/24]}');
    expect(answer(yaml, ask(WEB, { ip: '10.1.1.1' }))).toBe('allowed by allow');
    expect(answer(yaml, ask(WEB, { ip: '10.1.2.1' }))).toBe('denied by implicit-deny 403');
    expect(answer(yaml, ask(WEB, { ip: '10.2.1.1' }))).toBe('denied by implicit-deny 403');
    expect(answer(yaml, ask(undefined, { ip: '10.1.1.1' }))).toBe('denied by implicit-deny 403');
  });

  test('is nothing of a policy that refers to something missing, of a wrong kind, or twice to one kind', () => {
    const whole = S + meshTls('m', '{identities: ["*"]}');
    for (const references of [[ref('MeshTLSAuthentication', 'gone')], [ref('Server', 's')], [ref('MeshTLSAuthentication', 'm'), '{kind: ServiceAccount, name: web}'],
      [ref('MeshTLSAuthentication', 'm'), ref('NetworkAuthentication', 'gone')]]) {
      const decision = decide(estate(whole + policy('p', SERVER, ...references), { mesh: 'linkerd' }), ask(WEB));
      expect(decision.verdict).toBe('denied');
      expect(decision.why[0]).toContain('AuthorizationPolicy shop/p counts for nothing');
    }
  });

  test('may be found in other namespaces without any grant', () => {
    const yaml = S + policy('p', SERVER, ref('MeshTLSAuthentication', 'm', ', namespace: other')) + meshTls('m', '{identities: ["*"]}', 'other');
    expect(answer(yaml, ask(WEB))).toBe('allowed by allow');
  });

  test('names a ServiceAccount itself, or a whole namespace', () => {
    expect(answer(S + policy('p', SERVER, '{kind: ServiceAccount, name: web, namespace: web}'), ask(WEB))).toBe('allowed by allow');
    expect(answer(S + policy('p', SERVER, '{kind: ServiceAccount, name: web}'), ask(WEB))).toBe('denied by implicit-deny 403');
    const whole = S + policy('p', SERVER, ref('MeshTLSAuthentication', 'm')) + meshTls('m', '{identityRefs: [{kind: Namespace, name: web}]}');
    expect([answer(whole, ask('web/sa/any')), answer(whole, ask('other/sa/any'))].map(item => item.split(' ')[0])).toEqual(['allowed', 'denied']);
  });

  test('never keeps the pod itself out', () => {
    expect(answer(S, ask(undefined, { ip: '127.0.0.1' }))).toBe('allowed by allow');
    expect(answer(S, ask(undefined, { ip: '::1' }))).toBe('allowed by allow');
    expect(answer(S, ask(undefined, { ip: '127.0.0.2' }))).toBe('denied by implicit-deny 403');
  });

  test('says what it takes for granted of addresses that nobody told', () => {
    const yaml = S + policy('p', SERVER, ref('NetworkAuthentication', 'n')) + network('n', '{cidr: 10.1.0.0/16}');
    const decision = decide(estate(yaml, { mesh: 'linkerd' }), ask(WEB));
    expect(decision).toMatchObject({ verdict: 'denied', assumptions: ['the client\'s address is not known: it is taken to lie outside of the networks of AuthorizationPolicy shop/p'] });
  });
});

describe('names of identities in policies', () => {
  test.each([
    ['*', 'web.web.serviceaccount.identity.linkerd.cluster.local', true],
    ['*.web.serviceaccount.identity.linkerd.cluster.local', 'web.web.serviceaccount.identity.linkerd.cluster.local', true],
    ['*.web.serviceaccount.identity.linkerd.cluster.local', 'web.serviceaccount.identity.linkerd.cluster.local', false],
    ['w*.x', 'web.x', false],
    ['*web.x', 'web.x', false],
    ['web.*', 'web.x', false],
    ['spiffe://td/vm', 'spiffe://td/vm', true],
    ['*.vm', 'spiffe://td/a.vm', false],
    ['spiffe://td/*', 'spiffe://td/vm', false],
  ])('%s means %s: %s', (pattern, identity, expected) => {
    expect(identityFits(pattern, identity)).toBe(expected);
  });

  test('hold networks without their exceptions', () => {
    const item = { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] };
    expect([isWithin(item, parseIp('10.2.0.1')!), isWithin(item, parseIp('10.1.0.1')!), isWithin(item, parseIp('11.0.0.1')!)]).toEqual([true, false, false]);
  });
});

describe('routes of a Server', () => {
  const S = server('s', 'port: 8080, proxyProtocol: HTTP/1');
  const read = route('read', '{matches: [{method: GET, path: {type: PathPrefix, value: /api}}]}');
  const admit = (kind: string, name: string): string => policy(`for-${name}`, `{group: gateway.networking.k8s.io, kind: ${kind}, name: ${name}}`);

  test('answer requests of no route with 404, whoever asks', () => {
    expect(answer(S + read + policy('all', SERVER), ask(WEB, { http: { path: '/x' } }))).toBe('denied by no-route 404');
    expect(answer(S + read + policy('all', SERVER), ask(WEB, { http: { path: '/api/x' } }))).toBe('allowed by allow');
    // In Istio the same intent, an allow for some paths, answers 403.
    const istio = security('AuthorizationPolicy', 'shop', 'p', '{rules: [{to: [{operation: {methods: [GET], paths: ["/api*"]}}]}]}');
    expect(verdict(estate(istio), ask(WEB, { http: { path: '/x' } }))).toBe('denied by implicit-deny 403');
  });

  test('let in whom they or the Server let in, so that a policy of the Server opens all of them', () => {
    expect(answer(S + read + admit('HTTPRoute', 'read'), ask(WEB, { http: { path: '/api' } }))).toBe('allowed by allow');
    expect(answer(S + read, ask(WEB, { http: { path: '/api' } }))).toBe('denied by implicit-deny 403');
    expect(answer(S + read + policy('all', SERVER), ask(WEB, { http: { path: '/api' } }))).toBe('allowed by allow');
  });

  test('have policies that count nowhere else', () => {
    const two = S + read + route('write', '{matches: [{method: POST}]}') + admit('HTTPRoute', 'read');
    expect(answer(two, ask(WEB, { http: { path: '/api', method: 'POST' } }))).toBe('denied by implicit-deny 403');
  });

  test('must be of the Server\'s namespace and must name neither port nor section', () => {
    const all = policy('all', SERVER);
    expect(answer(S + all + read.replace('namespace: shop', 'namespace: other'), ask(WEB, { http: { path: '/x' } }))).toBe('allowed by allow');
    expect(answer(S + all + read.replace('kind: Server, name: s', 'kind: Server, name: s, port: 8080'), ask(WEB, { http: { path: '/x' } }))).toBe('allowed by allow');
    expect(answer(S + all + read.replace('kind: Server, name: s', 'kind: Server, name: s, sectionName: x'), ask(WEB, { http: { path: '/x' } }))).toBe('allowed by allow');
  });

  test('are of both groups, whose policies name the group', () => {
    const own = read.replace('gateway.networking.k8s.io/v1', 'policy.linkerd.io/v1beta3');
    expect(answer(S + own + admit('HTTPRoute', 'read'), ask(WEB, { http: { path: '/api' } }))).toBe('denied by implicit-deny 403');
    expect(answer(S + own + policy('p', '{group: policy.linkerd.io, kind: HTTPRoute, name: read}'), ask(WEB, { http: { path: '/api' } }))).toBe('allowed by allow');
  });

  test('of gRPC count at ports that are declared for gRPC only', () => {
    const rpc = route('rpc', '{matches: [{method: {service: a.B, method: C}}]}', 'GRPCRoute') + policy('all', SERVER);
    const grpc = server('s', 'port: 8080, proxyProtocol: gRPC');
    const call = (path: string): SimulationRequest => ask(WEB, { protocol: 'grpc', http: { path } });
    expect(answer(grpc + rpc, call('/a.B/D'))).toBe('denied by no-route 404');
    expect(answer(grpc + rpc, call('/a.B/C'))).toBe('allowed by allow');
    expect(answer(S + rpc, call('/a.B/D'))).toBe('allowed by allow');
  });

  test('do not exist where bytes are passed on unread', () => {
    const opaque = server('s', 'port: 8080, proxyProtocol: opaque') + read;
    expect(answer(opaque, ask(WEB, { http: { path: '/x' } }))).toBe('denied by implicit-deny');
    expect(answer(opaque + policy('all', SERVER), ask(WEB, { http: { path: '/x' } }))).toBe('allowed by allow');
  });

  test('are missing for probes as soon as there is one, which are let in before without any policy', () => {
    const probed = pod(undefined, ', readinessProbe: {httpGet: {path: /ready, port: web}}');
    const probe: SimulationRequest = through(undefined, { path: '/ready' });
    expect(answer(probed + S, probe)).toBe('allowed by allow');
    expect(answer(probed + S, through(undefined, { path: '/ready', method: 'POST' }))).toBe('denied by implicit-deny 403');
    expect(answer(probed + S, through(undefined, { path: '/readyx' }))).toBe('denied by implicit-deny 403');
    expect(answer(probed + S + read, probe)).toBe('denied by no-route 404');
    expect(answer(probed + S + route('ready', '{matches: [{path: {type: Exact, value: /ready}}]}') + admit('HTTPRoute', 'ready'), probe)).toBe('allowed by allow');
  });

  test('expect requests where the Server does', () => {
    expect(answer(S + policy('all', SERVER), ask(WEB, { protocol: 'tcp' }))).toBe('denied by protocol');
    expect(answer(server('s', 'port: 8080') + policy('all', SERVER), ask(WEB, { protocol: 'tcp' }))).toBe('allowed by allow');
  });
});

describe('the rate limits of a Server', () => {
  const limit = (name: string, spec: string, created: string): string => `
---
apiVersion: policy.linkerd.io/v1alpha1
kind: HTTPLocalRateLimitPolicy
metadata: {name: ${name}, namespace: shop, creationTimestamp: "${created}"}
spec: {targetRef: {group: policy.linkerd.io, kind: Server, name: s}, ${spec}}
`;
  const all = limit('late', 'total: {requestsPerSecond: 1}', '2026-02-01T00:00:00Z')
    + limit('early', 'total: {requestsPerSecond: 100}, identity: {requestsPerSecond: 10}, overrides: [{requestsPerSecond: 50, clientRefs: [{kind: ServiceAccount, name: web, namespace: web}]}]', '2026-01-01T00:00:00Z');
  const of = (protocol: string, identity?: string): ReturnType<typeof rateLimitOf> => {
    const facts = estate(server('s', `port: 8080, proxyProtocol: ${protocol}`) + all, { mesh: 'linkerd' }).cluster().family(LINKERD);
    return rateLimitOf(facts, facts.servers[0], identity);
  };

  test('are those of the oldest policy alone', () => {
    expect(of('HTTP/1')).toMatchObject({ policy: { name: 'early' }, total: 100, ignored: [{ name: 'late' }] });
  });

  test('are a bucket for all, then one for an override, else one for each identity, which strangers share', () => {
    expect(of('unknown', 'web.web.serviceaccount.identity.linkerd.cluster.local')!.own).toEqual({ kind: 'override', requestsPerSecond: 50, sharedBy: 'override' });
    expect(of('unknown', 'x.web.serviceaccount.identity.linkerd.cluster.local')!.own).toEqual({ kind: 'identity', requestsPerSecond: 10, sharedBy: 'identity' });
    expect(of('unknown')!.own).toEqual({ kind: 'identity', requestsPerSecond: 10, sharedBy: 'unauthenticated' });
  });

  test('do not exist for gRPC and opaque ports', () => {
    expect([of('gRPC'), of('opaque')]).toEqual([undefined, undefined]);
  });

  test('are shown with the evidence', () => {
    const model = estate(server('s', 'port: 8080') + all + policy('all', SERVER), { mesh: 'linkerd' });
    expect(decide(model, ask(WEB), { evidence: true }).evidence!.hops[0]).toMatchObject({ kind: 'server-proxy', rateLimit: { decided: true, total: 100, own: { requestsPerSecond: 50 } } });
  });
});
