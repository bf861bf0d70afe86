import { Model } from '../../../src/engine/model/model';
import { Decision } from '../../../src/engine/simulate/decision';
import { SimulationRequest } from '../../../src/engine/simulate/request';
import { decide, destinations, estate, service, virtualService } from '../support/estate';

const API = 'api.shop.svc.cluster.local';
const gateway = (servers: string, name = 'gw', created = ''): string => `
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: shop${created ? `, creationTimestamp: "${created}"` : ''}}
spec: {selector: {istio: ingress}, servers: ${servers}}
`;
const HTTP = '{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*.example.com"]}';
const HTTPS = '{port: {number: 443, name: https, protocol: HTTPS}, hosts: [a.example.com], tls: {mode: SIMPLE, credentialName: c}}';
const to = (subset: string, match = ''): string => `{${match ? `match: [${match}], ` : ''}route: [{destination: {host: api, subset: ${subset}}}]}`;
const bound = (name: string, hosts: string, http: string, created = ''): string =>
  virtualService('shop', name, `{hosts: ${hosts}, gateways: [gw], http: ${http}}`, created);
const base = service('shop', 'api', ['v1', 'v2']) + `
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: api, namespace: shop}
spec: {host: api, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
`;

function enter(model: Model, host = 'a.example.com', path = '/', more: Partial<SimulationRequest> = {}, port = 80): Decision {
  return decide(model, { only: 'routing', via: { gateway: 'shop/gw' }, server: { host, port }, http: { path, authority: host }, ...more });
}
const tls = { client: { tls: 'tls' as const } };

describe('hosts of a gateway', () => {
  const model = estate(base + gateway(`[${HTTP}]`) + bound('a', '[a.example.com]', `[${to('v1', '{uri: {prefix: /x}}')}]`));

  test('a host that no route has, and one without a matching route, are 404', () => {
    expect(enter(model, 'b.example.com', '/x')).toMatchObject({ verdict: 'unroutable', status: 404 });
    expect(enter(model, 'a.example.com', '/y')).toMatchObject({ verdict: 'unroutable', status: 404 });
    expect(destinations(enter(model, 'A.EXAMPLE.com:80', '/x'))).toEqual([`${API}/v1:80=100`]);
  });

  test('routes for hosts that no server has do not count', () => {
    const foreign = estate(base + gateway(`[${HTTP}]`) + bound('a', '[other.org]', `[${to('v1')}]`));
    expect(enter(foreign, 'other.org')).toMatchObject({ status: 404 });
  });

  test('a server for one namespace takes no routes of another', () => {
    const server = HTTP.replace('"*.example.com"', '"other/*.example.com"');
    expect(enter(estate(base + gateway(`[${server}]`) + bound('a', '[a.example.com]', `[${to('v1')}]`)))).toMatchObject({ status: 404 });
  });

  test('routes of all VirtualServices of a host join, with those for everything last: on the mesh only one would count', () => {
    const both = estate(base + gateway(`[${HTTP}]`)
      + bound('a', '[a.example.com]', `[${to('v1')}]`, '2024-01-01T00:00:00Z')
      + bound('b', '[a.example.com]', `[${to('v2', '{uri: {prefix: /b}}')}]`, '2024-01-02T00:00:00Z'));
    expect(destinations(enter(both, 'a.example.com', '/b'))).toEqual([`${API}/v2:80=100`]);
    expect(destinations(enter(both, 'a.example.com', '/c'))).toEqual([`${API}/v1:80=100`]);
  });

  test('where the order of creation decides between overlapping routes, it is told', () => {
    const overlap = estate(base + gateway(`[${HTTP}]`)
      + bound('a', '[a.example.com]', `[${to('v1', '{uri: {prefix: /x}}')}]`) + bound('b', '[a.example.com]', `[${to('v2', '{uri: {prefix: /x}}')}]`));
    expect(enter(overlap, 'a.example.com', '/x').orderDependent).toMatchObject([{ name: 'a' }, { name: 'b' }]);
  });
});

describe('servers of a gateway', () => {
  test('httpsRedirect answers plain HTTP with 301, even for hosts without routes', () => {
    const server = '{port: {number: 80, name: http, protocol: HTTP}, hosts: [a.example.com], tls: {httpsRedirect: true}}';
    expect(enter(estate(base + gateway(`[${server}]`)), 'a.example.com', '/x?y=1')).toMatchObject({
      verdict: 'allowed', status: 301, location: 'https://a.example.com/x?y=1', decidedBy: { kind: 'Gateway' }, route: { destinations: [] },
    });
  });

  test('TLS servers are told apart by the server name', () => {
    const model = estate(base + gateway(`[${HTTPS}]`) + bound('a', '["*"]', `[${to('v1')}]`));
    expect(destinations(enter(model, 'a.example.com', '/', tls, 443))).toEqual([`${API}/v1:80=100`]);
    expect(enter(model, 'b.example.com', '/', tls, 443).verdict).toBe('unroutable');
    expect(enter(model, 'a.example.com', '/', { client: { tls: 'none' } }, 443).verdict).toBe('unroutable');
  });

  test('a server that asks for certificates refuses clients without one', () => {
    const mutual = estate(base + gateway(`[${HTTPS.replace('SIMPLE', 'MUTUAL')}]`) + bound('a', '["*"]', `[${to('v1')}]`));
    expect(enter(mutual, 'a.example.com', '/', tls, 443).verdict).toBe('denied');
    expect(enter(mutual, 'a.example.com', '/', { client: { tls: 'mtls' } }, 443).verdict).toBe('allowed');
  });

  test('of two servers with one host on a TLS port the older gateway\'s counts', () => {
    const older = gateway(`[${HTTPS}]`, 'gw', '2024-01-01T00:00:00Z');
    const younger = gateway(`[${HTTPS}]`, 'second', '2024-01-02T00:00:00Z');
    const routes = virtualService('shop', 'a', `{hosts: ["*"], gateways: [second], http: [${to('v2')}]}`);
    expect(enter(estate(base + older + younger + routes), 'a.example.com', '/', tls, 443)).toMatchObject({ status: 404 });
  });

  test('a port is read through the Service in front of the pods', () => {
    const front = `
---
apiVersion: v1
kind: Service
metadata: {name: ingress, namespace: edge}
spec: {selector: {istio: ingress}, ports: [{name: http2, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingress, namespace: edge}
spec: {template: {metadata: {labels: {istio: ingress}}, spec: {serviceAccountName: ingress, containers: [{name: istio-proxy}]}}}
`;
    const model = estate(base + front + gateway(`[${HTTP}]`) + bound('a', '[a.example.com]', `[${to('v1')}]`));
    expect(enter(model, 'a.example.com', '/', {}, 80).verdict).toBe('allowed');
    expect(enter(model, 'a.example.com', '/', {}, 8080).verdict).toBe('allowed');
    expect(enter(model, 'a.example.com', '/', {}, 81).verdict).toBe('unroutable');
  });

  test('TLS that passes through goes by server name, and TCP by port', () => {
    const server = '{port: {number: 443, name: tls, protocol: TLS}, hosts: ["*.example.com"], tls: {mode: PASSTHROUGH}}';
    const tcp = '{port: {number: 9000, name: tcp, protocol: TCP}, hosts: ["*"]}';
    const model = estate(base + gateway(`[${server}, ${tcp}]`) + virtualService('shop', 'pass', `{hosts: ["*.example.com"], gateways: [gw],
      tls: [{match: [{port: 443, sniHosts: [a.example.com]}], route: [{destination: {host: api, subset: v2}}]}],
      tcp: [{match: [{port: 9000}], route: [{destination: {host: api, subset: v1}}]}]}`));
    const stream = (protocol: 'tcp' | 'tls', host: string, port: number): Decision =>
      decide(model, { only: 'routing', via: { gateway: 'shop/gw' }, protocol, server: { host, port, sni: host } });
    expect(destinations(stream('tls', 'a.example.com', 443))).toEqual([`${API}/v2:80=100`]);
    expect(stream('tls', 'b.example.com', 443).verdict).toBe('unroutable');
    expect(destinations(stream('tcp', 'x', 9000))).toEqual([`${API}/v1:80=100`]);
  });
});
