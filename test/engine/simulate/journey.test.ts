import * as schema from '../../../data/simulate/evidence.schema.json';
import { Decision } from '../../../src/engine/simulate/decision';
import { simulateLine } from '../../../src/engine/simulate/lines';
import { SimulationRequest } from '../../../src/engine/simulate/request';
import { decide, estate, security, service, virtualService } from '../support/estate';

const API = 'api.shop.svc.cluster.local';
const base = service('shop', 'api') + service('shop', 'web');
const allow = (account: string): string => security('AuthorizationPolicy', 'shop', 'api',
  `{selector: {matchLabels: {app: api}}, rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/${account}]}}]}]}`);
const ask = (manifests: string, request: Partial<SimulationRequest> = {}, options = {}): Decision => decide(estate(manifests), {
  client: { identity: 'cluster.local/ns/shop/sa/web' }, server: { host: 'api', port: 80 }, http: { path: '/' }, ...request,
}, options);

describe('from client to server', () => {
  test('a sidecar\'s identity reaches the policies of the server', () => {
    expect(ask(base + allow('web'))).toMatchObject({ verdict: 'allowed', decidedBy: { name: 'api', rule: 0 } });
    expect(ask(base + allow('other'))).toMatchObject({ verdict: 'denied', status: 403, decidedBy: { name: 'api' } });
  });

  test('a client outside of the mesh has no identity, and STRICT keeps it out', () => {
    const outside = { client: { ip: '10.0.0.9' }, server: { host: API, port: 80 } };
    expect(ask(base + allow('web'), outside).verdict).toBe('denied');
    const strict = security('PeerAuthentication', 'shop', 'default', '{mtls: {mode: STRICT}}');
    expect(ask(base, outside).verdict).toBe('allowed');
    expect(ask(base + strict, outside)).toMatchObject({ verdict: 'denied', decidedBy: { kind: 'PeerAuthentication' } });
    expect(ask(base + strict).verdict).toBe('allowed');
  });

  test('a DestinationRule that switches TLS off meets STRICT with 503', () => {
    const plain = `
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: api, namespace: shop}
spec: {host: api, trafficPolicy: {tls: {mode: DISABLE}}}
`;
    const strict = security('PeerAuthentication', 'shop', 'default', '{mtls: {mode: STRICT}}');
    expect(ask(base + plain).verdict).toBe('allowed');
    expect(ask(base + plain + strict)).toMatchObject({ verdict: 'denied', status: 503, decidedBy: { kind: 'PeerAuthentication' } });
  });

  test('the server sees the path as the route rewrote it', () => {
    const rewrite = virtualService('shop', 'api', '{hosts: [api], http: [{match: [{uri: {prefix: /pub}}], rewrite: {uri: /admin}, route: [{destination: {host: api}}]}]}');
    const noAdmin = security('AuthorizationPolicy', 'shop', 'no-admin', '{action: DENY, rules: [{to: [{operation: {paths: ["/admin*"]}}]}]}');
    expect(ask(base + rewrite, { http: { path: '/pub' } }).verdict).toBe('allowed');
    expect(ask(base + rewrite + noAdmin, { http: { path: '/pub' } })).toMatchObject({ verdict: 'denied', decidedBy: { name: 'no-admin' } });
  });

  test('destinations that differ in their policies are told apart', () => {
    const split = service('shop', 'api', ['v1', 'v2']) + service('shop', 'web') + `
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: api, namespace: shop}
spec: {host: api, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
` + virtualService('shop', 'api', '{hosts: [api], http: [{route: [{destination: {host: api, subset: v1}, weight: 9}, {destination: {host: api, subset: v2}, weight: 1}]}]}')
      + security('AuthorizationPolicy', 'shop', 'v2', '{selector: {matchLabels: {version: v2}}}');
    expect(ask(split)).toMatchObject({ verdict: 'allowed', route: { destinations: [{ subset: 'v1', verdict: 'allowed' }, { subset: 'v2', verdict: 'denied' }] } });
  });

  test('what the manifests do not say is told as an assumption', () => {
    expect(ask(base, { client: {} }).assumptions).toEqual(expect.arrayContaining([expect.stringContaining('the client is not known')]));
  });
});

describe('ambient', () => {
  const ambient = `
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
`;
  const waypoint = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
`;
  const used = base.replace('metadata: {name: api, namespace: shop}', 'metadata: {name: api, namespace: shop, labels: {istio.io/use-waypoint: wp}}');
  const onlyGet = security('AuthorizationPolicy', 'shop', 'get', '{targetRefs: [{kind: Service, group: "", name: api}], rules: [{to: [{operation: {methods: [GET]}}]}]}');

  test('policies with targets count at the waypoint, and without one nowhere', () => {
    const post = { http: { method: 'POST' } };
    expect(ask(ambient + waypoint + used + onlyGet).verdict).toBe('allowed');
    expect(ask(ambient + waypoint + used + onlyGet, post)).toMatchObject({ verdict: 'denied', status: 403, decidedBy: { name: 'get' } });
    expect(ask(ambient + base + onlyGet, post).verdict).toBe('allowed');
    expect(ask(ambient + used + onlyGet, post)).toMatchObject({ verdict: 'allowed', assumptions: [expect.stringContaining('no waypoint shop/wp')] });
  });

  test('behind a waypoint the pod sees the waypoint\'s identity, not the client\'s', () => {
    expect(ask(ambient + base + allow('web')).verdict).toBe('allowed');
    expect(ask(ambient + waypoint + used + allow('web')).verdict).toBe('denied');
    expect(ask(ambient + waypoint + used + allow('wp')).verdict).toBe('allowed');
  });

  test('a DENY on HTTP attributes without a waypoint denies nothing', () => {
    const deny = security('AuthorizationPolicy', 'shop', 'deny', '{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}');
    expect(ask(ambient + base + deny).verdict).toBe('allowed');
    expect(ask(base + deny).verdict).toBe('denied');
  });
});

describe('through a gateway', () => {
  const gateway = `
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: shop}
spec: {selector: {istio: ingress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingress, namespace: edge}
spec: {template: {metadata: {labels: {istio: ingress}}, spec: {serviceAccountName: ingress, containers: [{name: istio-proxy}]}}}
` + virtualService('shop', 'in', '{hosts: [a.com], gateways: [gw], http: [{match: [{uri: {prefix: /ok}}], route: [{destination: {host: api}}]}]}');
  const enter = (manifests: string, path = '/ok', more = {}): Decision => ask(base + gateway + manifests,
    { client: { ip: '1.2.3.4' }, via: { gateway: 'shop/gw' }, server: { host: 'a.com', port: 80 }, http: { path, authority: 'a.com' }, ...more });

  test('the server sees the gateway\'s identity', () => {
    const edge = allow('x').replace('cluster.local/ns/shop/sa/x', 'cluster.local/ns/edge/sa/ingress');
    expect(enter(edge).verdict).toBe('allowed');
    expect(enter(allow('web')).verdict).toBe('denied');
  });

  test('the gateway\'s policies come before its routes: 403 rather than 404', () => {
    expect(enter('', '/none')).toMatchObject({ verdict: 'unroutable', status: 404 });
    expect(enter(security('AuthorizationPolicy', 'edge', 'none', '{}'), '/none')).toMatchObject({ verdict: 'denied', status: 403 });
  });

  test('a token that the gateway checks reaches the server only if it is told to keep it', () => {
    const jwt = { iss: 'me', sub: 'ann' };
    const rules = (namespace: string, extra = ''): string => security('RequestAuthentication', namespace, 'jwt', `{jwtRules: [{issuer: me${extra}}]}`);
    const required = security('AuthorizationPolicy', 'shop', 'token', '{rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]}');
    expect(enter(rules('shop') + required, '/ok', { jwt }).verdict).toBe('allowed');
    expect(enter(rules('edge') + rules('shop') + required, '/ok', { jwt }).verdict).toBe('denied');
    expect(enter(rules('edge', ', forwardOriginalToken: true') + rules('shop') + required, '/ok', { jwt }).verdict).toBe('allowed');
  });
});

describe('evidence', () => {
  const evidence = ask(base + allow('web'), {}, { evidence: true }).evidence!;

  test('is told hop by hop, with the checks of each rule', () => {
    expect(evidence.hops.map(hop => hop.kind)).toEqual(['client-proxy', 'connection', 'server-proxy', 'telemetry']);
    expect(evidence.hops[2]).toMatchObject({
      authentication: { mode: 'PERMISSIVE', security: 'mtls', peer: 'spiffe://cluster.local/ns/shop/sa/web' },
      authorization: { stages: [{ stage: 'ALLOW', rules: [{ result: true, from: [{ checks: [{ field: 'principals', result: true }] }] }] }] },
    });
  });

  test('has all five kinds of statements, each with everything that its schema asks for', () => {
    expect([...new Set(evidence.statements.map(item => item.type))].sort()).toEqual(schema.$defs.statement.properties.type.enum);
    for (const statement of evidence.statements) {
      expect(Object.keys(statement).sort()).toEqual([...schema.$defs.statement.required].sort());
      expect(statement.hop).toBeLessThan(evidence.hops.length);
    }
    for (const hop of evidence.hops) expect(schema.$defs.hop.properties.kind.enum).toContain(hop.kind);
  });

  test('never changes the decision', () => {
    for (const account of ['web', 'other']) {
      const { evidence: told, ...decision } = ask(base + allow(account), {}, { evidence: true });
      expect(told).toBeDefined();
      expect(decision).toEqual(ask(base + allow(account)));
    }
  });
});

describe('lines', () => {
  const model = estate(base);
  test.each([
    ['{', undefined], ['[]', undefined], ['{"id": 7}', 7], ['{"id": "a", "protocol": "udp", "server": {"host": "x"}}', 'a'],
    ['{"id": 1, "server": {"host": "x", "port": 70000}}', 1], ['{"id": 2, "client": {"identity": "me"}, "server": {"host": "x"}}', 2],
    ['{"id": 3, "client": null, "server": {"host": 5}}', 3], ['{"id": 4, "client": {"ip": "x"}, "server": {"host": "x"}}', 4],
  ])('%s is answered with an error', (line, id) => {
    const answer = simulateLine(model, line);
    expect(answer).toMatchObject({ verdict: 'error', error: { code: 'MESH-E070', message: expect.any(String) } });
    expect(answer.id).toBe(id);
  });

  test('a readable one is decided', () => {
    expect(simulateLine(model, '{"id": "x", "client": {"namespace": "shop"}, "server": {"host": "api"}}')).toMatchObject({ id: 'x', verdict: 'allowed' });
  });
});
