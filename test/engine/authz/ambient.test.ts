import { Decision } from '../../../src/engine/simulate/decision';
import { SimulationRequest } from '../../../src/engine/simulate/request';
import { decide, estate, security, service, virtualService } from '../support/estate';
import { short } from '../support/meshes';

const namespace = (name: string, labels: string): string => `
---
apiVersion: v1
kind: Namespace
metadata: {name: ${name}, labels: ${labels}}
`;
const AMBIENT = namespace('shop', '{istio.io/dataplane-mode: ambient}') + namespace('web', '{istio.io/dataplane-mode: ambient}');
const SIDECARS = namespace('shop', '{istio-injection: enabled}') + namespace('web', '{istio-injection: enabled}');
const PODS = service('shop', 'api') + service('shop', 'other') + service('web', 'web');
const waypoint = (spec = '', labels = '', home = 'shop'): string => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: ${home}${labels ? `, labels: ${labels}` : ''}}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE${spec}}]}
`;
/** The same with labels on the Service `api`. */
const labelled = (yaml: string, labels: string): string => yaml.replace('kind: Service\nmetadata: {name: api, namespace: shop}', `kind: Service\nmetadata: {name: api, namespace: shop, labels: ${labels}}`);
const USING = labelled(PODS, '{istio.io/use-waypoint: wp}');
const policy = (spec: string, name = 'p', home = 'shop'): string => security('AuthorizationPolicy', home, name, spec);
const TARGET = 'targetRefs: [{kind: Service, group: "", name: api}]';

const CALL: SimulationRequest = { client: { identity: 'cluster.local/ns/web/sa/web', ip: '10.1.1.1' }, server: { host: 'api.shop', port: 80 }, http: { path: '/' } };
const ask = (yaml: string, request: SimulationRequest = CALL): Decision => decide(estate(yaml, { mesh: undefined }), request);
/** What ambient and what sidecars say to the same policies. */
const both = (policies: string, request: SimulationRequest = CALL): [string, string] =>
  [ask(AMBIENT + PODS + policies, request).verdict, ask(SIDECARS + PODS + policies, request).verdict];
const POST: SimulationRequest = { ...CALL, http: { path: '/', method: 'POST' } };
const STRANGER: SimulationRequest = { ...CALL, client: { ip: '10.9.9.9', tls: 'none' } };

describe('enrolment in ambient mode', () => {
  const deny = policy('{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}');
  const mode = (yaml: string): string => ask(yaml + deny).verdict === 'denied' ? 'sidecar' : ask(yaml + policy('{action: DENY, rules: [{}]}')).verdict === 'denied' ? 'ambient' : 'none';
  const podLabel = (label: string): string => PODS.replace('labels: {app: api, version: v1}', `labels: {app: api, version: v1, ${label}}`);

  test('is by label of the namespace or the pod, of which the pod\'s wins', () => {
    expect(mode(AMBIENT + PODS)).toBe('ambient');
    expect(mode(AMBIENT + podLabel('istio.io/dataplane-mode: none'))).toBe('none');
    expect(mode(namespace('shop', '{}') + namespace('web', '{istio.io/dataplane-mode: ambient}') + podLabel('istio.io/dataplane-mode: ambient'))).toBe('ambient');
  });

  test('gives way to sidecars where a namespace asks for both', () => {
    expect(mode(namespace('shop', '{istio.io/dataplane-mode: ambient, istio-injection: enabled}') + namespace('web', '{istio-injection: enabled}') + PODS)).toBe('sidecar');
    expect(mode(namespace('shop', '{istio.io/dataplane-mode: ambient, istio.io/rev: stable}') + namespace('web', '{istio-injection: enabled}') + PODS)).toBe('sidecar');
  });
});

describe('policies at ztunnel', () => {
  test.each([
    ['principals', 'from: [{source: {principals: ["cluster.local/ns/web/sa/web"]}}]', 'from: [{source: {principals: ["cluster.local/ns/web/sa/other"]}}]'],
    ['namespaces', 'from: [{source: {namespaces: [web]}}]', 'from: [{source: {namespaces: [shop]}}]'],
    ['serviceAccounts', 'from: [{source: {serviceAccounts: [web/web]}}]', 'from: [{source: {serviceAccounts: [web]}}]'],
    ['ipBlocks', 'from: [{source: {ipBlocks: [10.1.0.0/16]}}]', 'from: [{source: {ipBlocks: [10.2.0.0/16]}}]'],
    ['ports', 'to: [{operation: {ports: ["8080"]}}]', 'to: [{operation: {ports: ["80"]}}]'],
    ['source.ip', 'when: [{key: source.ip, values: [10.1.1.1]}]', 'when: [{key: source.ip, notValues: [10.1.1.1]}]'],
    ['source.namespace', 'when: [{key: source.namespace, values: [web]}]', 'when: [{key: source.namespace, notValues: [web]}]'],
    ['source.principal', 'when: [{key: source.principal, values: ["*/sa/web"]}]', 'when: [{key: source.principal, notValues: ["*/sa/web"]}]'],
    ['destination.port', 'when: [{key: destination.port, values: ["8080"]}]', 'when: [{key: destination.port, values: ["80"]}]'],
  ])('know %s', (_, fits, fails) => {
    expect([both(policy(`{rules: [{${fits}}]}`)), both(policy(`{rules: [{${fails}}]}`))]).toEqual([['allowed', 'allowed'], ['denied', 'denied']]);
  });

  test.each([
    ['methods', 'to: [{operation: {methods: [GET]}}]'],
    ['paths', 'to: [{operation: {paths: ["/"]}}]'],
    ['hosts', 'to: [{operation: {hosts: ["*"]}}]'],
    ['remoteIpBlocks', 'from: [{source: {remoteIpBlocks: [10.0.0.0/8]}}]'],
    ['request.headers', 'when: [{key: "request.headers[x]", notValues: [a]}]'],
    ['source.serviceAccount', 'when: [{key: source.serviceAccount, values: [web/web]}]'],
  ])('leave out an ALLOW rule with %s, which a sidecar reads', (_, rule) => {
    expect(both(policy(`{rules: [{${rule}}]}`))).toEqual(['denied', 'allowed']);
    // Other rules of the same policy stay.
    expect(both(policy(`{rules: [{${rule}}, {from: [{source: {namespaces: [web]}}]}]}`))).toEqual(['allowed', 'allowed']);
  });

  test('have no effect by DENY rules whose clause is about requests only, of which a sidecar denies some', () => {
    const deny = policy('{action: DENY, rules: [{to: [{operation: {methods: [POST]}}]}]}');
    expect([both(deny), both(deny, POST)]).toEqual([['allowed', 'allowed'], ['allowed', 'denied']]);
    const withPorts = policy('{action: DENY, rules: [{from: [{source: {requestPrincipals: ["*"]}}], to: [{operation: {ports: ["8080"]}}]}]}');
    expect(both(withPorts)).toEqual(['allowed', 'allowed']);
  });

  test('keep a DENY clause alive by one entry about connections, and enforce that part of an entry with both', () => {
    expect(both(policy('{action: DENY, rules: [{to: [{operation: {methods: [POST]}}, {operation: {ports: ["8080"]}}]}]}'))).toEqual(['denied', 'denied']);
    expect(both(policy('{action: DENY, rules: [{to: [{operation: {methods: [POST], ports: ["8080"]}}]}]}'))).toEqual(['denied', 'allowed']);
  });

  test('drop trust domains without a word, so that a source of nothing else matches nothing', () => {
    expect(both(policy('{action: DENY, rules: [{from: [{source: {trustDomains: [cluster.local]}}]}]}'))).toEqual(['allowed', 'denied']);
  });

  test('are those without targets, of the root namespace, the own namespace or with a selector for the pod', () => {
    const deny = (home: string, more = ''): string => policy(`{action: DENY, rules: [{}]${more}}`, 'p', home);
    expect(both(deny('istio-system'))[0]).toBe('denied');
    expect(both(deny('shop'))[0]).toBe('denied');
    expect(both(deny('web'))[0]).toBe('allowed');
    expect(both(deny('shop', ', selector: {matchLabels: {app: api}}'))[0]).toBe('denied');
    expect(both(deny('shop', ', selector: {matchLabels: {app: other}}'))[0]).toBe('allowed');
    expect(ask(AMBIENT + PODS + policy(`{action: DENY, ${TARGET}, rules: [{}]}`)).verdict).toBe('allowed');
  });

  test('are DENY and ALLOW only, and never dry runs', () => {
    expect(both(policy('{action: AUDIT, rules: [{}]}'))[0]).toBe('allowed');
    expect(both(policy('{action: CUSTOM, provider: {name: x}, rules: [{}]}'))).toEqual(['allowed', 'denied']);
    const dry = policy('{action: DENY, rules: [{}]}').replace('name: p,', 'name: p, annotations: {istio.io/dry-run: "true"},');
    expect(both(dry)[0]).toBe('allowed');
  });
});

describe('mutual TLS in ambient mode', () => {
  const peer = (mode: string): string => security('PeerAuthentication', 'shop', 'default', `{mtls: {mode: ${mode}}}`);

  test('is asked for by STRICT, and DISABLE is no more than PERMISSIVE', () => {
    expect(['STRICT', 'PERMISSIVE', 'DISABLE'].map(mode => ask(AMBIENT + PODS + peer(mode), STRANGER).verdict)).toEqual(['denied', 'allowed', 'allowed']);
    // Between ztunnels the connection stays protected, and the identity known; a sidecar that must not speak TLS knows nobody.
    expect(both(peer('DISABLE') + policy('{rules: [{from: [{source: {namespaces: [web]}}]}]}'))).toEqual(['allowed', 'denied']);
  });
});

describe('the waypoint of a service', () => {
  const onlyGet = policy(`{${TARGET}, rules: [{to: [{operation: {methods: [GET]}}]}]}`);
  /** Whether a waypoint stood in the way, which alone can refuse a method. */
  const used = (yaml: string): boolean => ask(yaml + onlyGet, POST).verdict === 'denied';

  test('is named by the Service or its namespace, and the Service\'s own word wins', () => {
    expect(used(AMBIENT + waypoint() + USING)).toBe(true);
    const byNamespace = namespace('shop', '{istio.io/dataplane-mode: ambient, istio.io/use-waypoint: wp}') + namespace('web', '{istio.io/dataplane-mode: ambient}') + waypoint();
    expect(used(byNamespace + PODS)).toBe(true);
    expect(used(byNamespace + labelled(PODS, '{istio.io/use-waypoint: none}'))).toBe(false);
  });

  test('is none at all where the named one does not exist, without falling back to the namespace\'s', () => {
    const byNamespace = namespace('shop', '{istio.io/dataplane-mode: ambient, istio.io/use-waypoint: wp}') + namespace('web', '{istio.io/dataplane-mode: ambient}') + waypoint();
    expect(used(byNamespace + labelled(PODS, '{istio.io/use-waypoint: gone}'))).toBe(false);
  });

  test('may live elsewhere if its listener takes routes from the namespace', () => {
    const elsewhere = labelled(PODS, '{istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: infra}');
    expect(used(AMBIENT + waypoint('', '', 'infra') + elsewhere)).toBe(false);
    expect(used(AMBIENT + waypoint(', allowedRoutes: {namespaces: {from: All}}', '', 'infra') + elsewhere)).toBe(true);
  });

  test('must be one for services', () => {
    expect(['service', 'all', 'workload', 'none'].map(word => used(AMBIENT + waypoint('', `{istio.io/waypoint-for: ${word}}`) + USING))).toEqual([true, true, false, false]);
  });

  test('is passed by clients outside of the mesh', () => {
    expect(ask(AMBIENT + waypoint() + USING + onlyGet, { ...POST, client: { ip: '10.9.9.9', tls: 'none' } }).verdict).toBe('allowed');
  });

  test('is what the pod sees: policies for connections must let the waypoint in', () => {
    const forWeb = policy('{rules: [{from: [{source: {principals: ["cluster.local/ns/web/sa/web"]}}]}]}');
    expect([ask(AMBIENT + PODS + forWeb).verdict, ask(AMBIENT + waypoint() + USING + forWeb).verdict]).toEqual(['allowed', 'denied']);
    expect(ask(AMBIENT + waypoint() + USING + policy('{rules: [{from: [{source: {principals: ["cluster.local/ns/shop/sa/wp"]}}]}]}')).verdict).toBe('allowed');
  });

  test('takes policies with targets: the service or itself, and none with a selector', () => {
    const deny = (more: string): string => policy(`{action: DENY, ${more}, rules: [{to: [{operation: {methods: [POST]}}]}]}`);
    const at = AMBIENT + waypoint() + USING;
    expect(ask(at + deny(TARGET), POST).verdict).toBe('denied');
    expect(ask(at + deny('targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: wp}]'), POST).verdict).toBe('denied');
    expect(ask(at + deny(TARGET.replace('name: api', 'name: other')), POST).verdict).toBe('allowed');
    expect(ask(at + deny('selector: {matchLabels: {app: api}}'), POST).verdict).toBe('allowed');
  });

  test('knows the client by its own identity, and its request', () => {
    const at = AMBIENT + waypoint() + USING;
    const rule = (source: string): string => policy(`{${TARGET}, rules: [{from: [{source: {principals: ["${source}"]}}], to: [{operation: {paths: ["/"]}}]}]}`);
    expect([ask(at + rule('cluster.local/ns/web/sa/web')).verdict, ask(at + rule('cluster.local/ns/web/sa/x')).verdict]).toEqual(['allowed', 'denied']);
  });

  test('routes, while ztunnel alone knows no routes', () => {
    const route = virtualService('shop', 'r', '{hosts: [api], http: [{route: [{destination: {host: other}}]}]}');
    const routing: SimulationRequest = { ...CALL, only: 'routing' };
    expect([short(ask(AMBIENT + waypoint() + USING + route, routing)), short(ask(AMBIENT + PODS + route, routing)), short(ask(SIDECARS + PODS + route, routing))]).toEqual(['other', 'api', 'other']);
  });

  test('and ztunnel heed no Sidecar, which hides services from sidecars', () => {
    const sidecar = `
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: web}
spec: {egress: [{hosts: ["./*"]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
`;
    expect([ask(AMBIENT + PODS + sidecar).verdict, ask(SIDECARS + PODS + sidecar).verdict]).toEqual(['allowed', 'unroutable']);
  });

  test('is used by gateways only where the service asks for it', () => {
    const gateway = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: edge, namespace: shop}
spec: {parentRefs: [{name: edge}], rules: [{backendRefs: [{name: api, port: 80}]}]}
`;
    const through: SimulationRequest = { via: { gateway: 'shop/edge' }, server: { host: 'x.example', port: 80 }, http: { method: 'POST', authority: 'x.example' } };
    expect(ask(AMBIENT + waypoint() + USING + gateway + onlyGet, through).verdict).toBe('allowed');
    expect(ask(AMBIENT + waypoint() + labelled(PODS, '{istio.io/use-waypoint: wp, istio.io/ingress-use-waypoint: "true"}') + gateway + onlyGet, through).verdict).toBe('denied');
  });
});

describe('the waypoint of a workload', () => {
  const POD = `
---
apiVersion: v1
kind: Pod
metadata: {name: single, namespace: shop, labels: {app: single}}
spec: {serviceAccountName: single, containers: [{name: app}]}
status: {podIP: 10.2.0.9, phase: Running}
`;
  const used = POD.replace('{app: single}', '{app: single, istio.io/use-waypoint: wp}');
  const onlyGet = policy('{targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: wp}], rules: [{to: [{operation: {methods: [GET]}}]}]}');
  const direct = (method: string): SimulationRequest => ({ ...CALL, server: { host: '10.2.0.9', port: 8080 }, http: { method, path: '/' } });

  test('counts where the pod itself is addressed, if the waypoint is one for workloads', () => {
    const verdicts = (word: string): string[] => ['GET', 'POST'].map(method => ask(AMBIENT + PODS + used + waypoint('', `{istio.io/waypoint-for: ${word}}`) + onlyGet, direct(method)).verdict);
    expect(['workload', 'all', 'service', 'none'].map(verdicts)).toEqual([['allowed', 'denied'], ['allowed', 'denied'], ['allowed', 'allowed'], ['allowed', 'allowed']]);
  });

  test('is seen by the pod in place of the client', () => {
    const forWeb = policy('{rules: [{from: [{source: {principals: ["cluster.local/ns/web/sa/web"]}}]}]}');
    expect(ask(AMBIENT + PODS + POD + forWeb, direct('GET')).verdict).toBe('allowed');
    expect(ask(AMBIENT + PODS + used + waypoint('', '{istio.io/waypoint-for: workload}') + forWeb, direct('GET')).verdict).toBe('denied');
  });

  test('takes no policies of services', () => {
    const forService = policy(`{action: DENY, ${TARGET}, rules: [{}]}`);
    expect(ask(AMBIENT + PODS + used + waypoint('', '{istio.io/waypoint-for: all}') + forService, direct('GET')).verdict).toBe('allowed');
  });

  test('has no counterpart in Linkerd, whose proxies reach pods under the client\'s own identity, nor in Consul, whose proxies know services only', () => {
    const linkerd = `
---
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: s, namespace: shop}
spec: {podSelector: {matchLabels: {app: single}}, port: 8080, accessPolicy: all-authenticated}
`;
    expect(decide(estate(PODS + POD + linkerd, { mesh: 'linkerd' }), direct('GET'))).toMatchObject({ verdict: 'allowed', authorization: { stage: 'allow' } });
    expect(decide(estate(PODS + POD, { mesh: 'consul' }), direct('GET'))).toMatchObject({ verdict: 'denied', authorization: { stage: 'peer' } });
  });
});
