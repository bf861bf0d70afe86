import { Duration } from 'cdk8s';
import { ApiDescription, gatewayapi, linkerd, Retries, RetryOn } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { kindOf, Manifest } from '../support/manifests';

const API = ApiDescription.fromText(JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Cart' },
  servers: [{ url: 'https://shop.example.com/v1' }],
  paths: {
    '/items/{id}': { get: { 'operationId': 'getItem', 'x-linkerd-retryable': true, 'x-linkerd-timeout': '500ms', 'responses': {} }, delete: { operationId: 'getItem' } },
    '/items': { post: { responses: {} } },
  },
}));

describe('routes of an API', () => {
  test('are one for every operation, and the other requests go on', () => {
    const chart = chartIn(undefined, 'test', { namespace: 'shop' });
    const cart = serviceIn(chart, 'cart', new linkerd.LinkerdMesh(chart, 'mesh'));
    cart.routesFromOpenApi(API, { timeout: Duration.seconds(2) });
    const routes = kindOf(chart, 'HTTPRoute').filter((route) => route.spec.parentRefs[0].kind === 'Service');
    const rules = routes.flatMap(({ spec, metadata: { annotations } }) => spec.rules.map((rule: Manifest) => ({
      name: rule.name, match: rule.matches?.[0], timeouts: rule.timeouts, annotations,
    })));
    expect(rules).toEqual(expect.arrayContaining([
      {
        name: 'get-item-2',
        match: { method: 'GET', path: { type: 'RegularExpression', value: '/v1/items/[^/]*' } },
        timeouts: { request: '500ms' },
        annotations: { 'retry.linkerd.io/http': '5xx', 'retry.linkerd.io/limit': '1' },
      },
      { name: 'get-item', match: { method: 'DELETE', path: { type: 'RegularExpression', value: '/v1/items/[^/]*' } }, timeouts: { request: '2s' }, annotations: undefined },
      { name: 'post-v1-items', match: { method: 'POST', path: { type: 'Exact', value: '/v1/items' } }, timeouts: { request: '2s' }, annotations: undefined },
      { name: undefined, match: undefined, timeouts: undefined, annotations: undefined },
    ]));
    expect(rules).toHaveLength(4);
  });

  test('are the same on every mesh', () => {
    const { chart, mesh } = istioChart();
    const cart = serviceIn(chart, 'cart', mesh);
    cart.routesFromOpenApi(API, { retries: Retries.attempts(3, { conditions: [RetryOn.GATEWAY_ERROR] }), servicePort: 8080 });
    const [{ spec }] = kindOf(chart, 'VirtualService');
    expect(spec.http.find((route: any) => route.name === 'get-item-2')).toMatchObject({
      match: [{ method: { exact: 'GET' }, uri: { regex: '/v1/items/[^/]*' }, port: 8080 }], timeout: '0.500s', retries: { attempts: 3, retryOn: 'gateway-error' },
    });
    const other = chartIn(undefined, 'test', { namespace: 'shop' });
    serviceIn(other, 'cart', new gatewayapi.GatewayApiMesh(other, 'mesh', { channel: gatewayapi.GatewayApiChannel.EXPERIMENTAL, accept: ['mtls.strict', 'authz.defaultDeny'] }))
      .routesFromOpenApi(API);
    expect(kindOf(other, 'HTTPRoute')[0].spec.rules).toHaveLength(4);
  });
});
