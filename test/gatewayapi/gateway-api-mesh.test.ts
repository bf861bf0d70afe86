import { App, Chart, Duration, Testing } from 'cdk8s';
import { AccessMode, Destination, gatewayapi, HeaderMatch, MeshedService, MeshedServiceProps, Mirror, PathMatch, PathRewrite, Percent, Port, Retries, Weight } from '../../src';
import { kindOf, manifestOf } from '../support/manifests';

const LOSSES = ['mtls.strict', 'authz.defaultDeny'];

function setUp(options: gatewayapi.GatewayApiMeshProps = {}) {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const mesh = new gatewayapi.GatewayApiMesh(chart, 'mesh', { accept: LOSSES, ...options });
  const service = (name: string, props: Partial<MeshedServiceProps> = {}) => new MeshedService(chart, name, { mesh, image: name, ports: [Port.http(80)], ...props });
  return { app, chart, mesh, service };
}

describe('a service on plain Gateway API', () => {
  test('has no resources of a mesh when there is nothing to say of its calls', () => {
    const { chart, service } = setUp();
    service('cart');
    expect(Testing.synth(chart).map((object: any) => object.kind).sort()).toEqual(['Deployment', 'Service', 'ServiceAccount']);
  });

  test('writes splits, rewrites and copies into routes that are bound to it', () => {
    const { chart, service } = setUp();
    const [cart, canary, shadow] = ['cart', 'canary', 'shadow'].map((name) => service(name));
    cart.addRoute({
      matches: [{ path: PathMatch.prefix('/api'), headers: [HeaderMatch.exact('x-beta', '1')] }],
      destinations: [Destination.service(cart, Weight.of(80)), Destination.service(canary, Weight.of(20))],
      pathRewrite: PathRewrite.prefix('/v2'),
      mirrors: [Mirror.to(Destination.service(shadow), Percent.of(10))],
      timeout: Duration.millis(1500),
    });
    expect(manifestOf(chart, 'HTTPRoute', 'cart').spec).toEqual({
      parentRefs: [{ group: '', kind: 'Service', name: 'cart', namespace: 'shop', port: 80 }],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/api' }, headers: [{ name: 'x-beta', value: '1' }] }],
          filters: [
            { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/v2' } } },
            { type: 'RequestMirror', requestMirror: { backendRef: { name: 'shadow', namespace: 'shop', port: 80 }, percent: 10 } },
          ],
          backendRefs: [{ name: 'cart', namespace: 'shop', port: 80, weight: 80 }, { name: 'canary', namespace: 'shop', port: 80, weight: 20 }],
          timeouts: { request: '1s500ms' },
        },
        { backendRefs: [{ name: 'cart', namespace: 'shop', port: 80 }] },
      ],
    });
  });

  test('spreads many rules over several routes', () => {
    const { chart, service } = setUp();
    const cart = service('cart');
    Array.from({ length: 20 }, (_, index) => cart.addRoute({ matches: [{ path: PathMatch.exact(`/p${index}`) }] }));
    const routes = kindOf(chart, 'HTTPRoute');
    expect(routes.map((route) => [route.metadata.name, route.spec.rules.length])).toEqual([['cart', 16], ['cart-2', 5]]);
  });

  test('keeps timeouts for callers of another namespace as a route there, which replaces its own', () => {
    const { app, chart, mesh, service } = setUp({ access: AccessMode.OPEN });
    const cart = service('cart', { timeout: Duration.seconds(9) });
    const other = new Chart(app, 'tools', { namespace: 'tools' });
    new MeshedService(other, 'admin', { mesh, image: 'admin', ports: [Port.http(80)] }).connections.allowTo(cart, undefined, { timeout: Duration.seconds(1) });
    expect(manifestOf(chart, 'HTTPRoute', 'cart').spec.rules[0].timeouts).toEqual({ request: '9s' });
    const route = manifestOf(chart, 'HTTPRoute', 'cart-tools', 'tools');
    expect(route.spec.rules).toHaveLength(1);
    expect(route.spec.rules[0].timeouts).toEqual({ request: '1s' });
  });

  test('writes retries and budgets in the experimental channel only', () => {
    const declare = (channel?: gatewayapi.GatewayApiChannel) => {
      const { chart, service } = setUp({ channel });
      service('cart', { retries: Retries.attempts(2, { conditions: [], statusCodes: [503] }), retryBudget: { share: Percent.of(20), minConcurrency: 5 } });
      return chart;
    };
    expect(() => Testing.synth(declare())).toThrow(/a number of retries needs retry\.count, which gateway-api offers only by an interface that may still change.*\[MESH-E022\]/);
    const chart = declare(gatewayapi.GatewayApiChannel.EXPERIMENTAL);
    expect(manifestOf(chart, 'HTTPRoute', 'cart').spec.rules[0].retry).toEqual({ attempts: 2, codes: [503] });
    expect(manifestOf(chart, 'XBackendTrafficPolicy', 'cart').spec).toEqual({
      targetRefs: [{ group: '', kind: 'Service', name: 'cart' }], retryConstraint: { budget: { percent: 20 }, minRetryRate: { count: 5, interval: '1s' } },
    });
  });

  test('cannot be encrypted or guarded, which is an error unless the app accepts it by name', () => {
    const { chart, service } = setUp({ accept: [] });
    service('cart');
    expect(() => Testing.synth(chart)).toThrow(/strict mutual TLS needs mtls\.strict, which gateway-api lacks/);
    expect(() => Testing.synth(chart)).toThrow(/needs authz\.defaultDeny, which gateway-api lacks.*accept: \['authz\.defaultDeny'\]/);
  });

  test('routes connections by TCPRoute and by server name', () => {
    const { chart, service } = setUp();
    const [db, replica] = ['db', 'replica'].map((name) => service(name, { ports: [Port.tls(5432)] }));
    db.addTcpRoute({ serverNames: ['eu.db.example.com'], destinations: [Destination.service(replica)] });
    expect(manifestOf(chart, 'TLSRoute', 'db-tls-eu-db-example-com').spec).toEqual({
      parentRefs: [{ group: '', kind: 'Service', name: 'db', namespace: 'shop', port: 5432 }],
      hostnames: ['eu.db.example.com'],
      rules: [{ backendRefs: [{ name: 'replica', namespace: 'shop', port: 5432 }] }],
    });
  });
});

describe('a service with several ports for requests', () => {
  const rendered = (declare: (cart: MeshedService) => void) => {
    const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
    const mesh = new gatewayapi.GatewayApiMesh(chart, 'mesh', { accept: ['mtls.strict', 'authz.defaultDeny'] });
    declare(new MeshedService(chart, 'cart', { mesh, image: 'cart', ports: [Port.http(80, { targetPort: 8080 }), Port.grpc(7070)] }));
    return kindOf(chart, 'HTTPRoute').map(({ metadata, spec }) => ({
      name: metadata.name, ports: spec.parentRefs.map((parent: { port: number }) => parent.port), backends: spec.rules.map((rule: any) => rule.backendRefs[0].port),
    }));
  };

  test('has routes of its own for each, which keep calls on their port', () => {
    expect(rendered((cart) => cart.addRoute({ matches: [{ path: PathMatch.prefix('/a') }], timeout: Duration.seconds(1) }))).toEqual([
      { name: 'cart-http', ports: [80], backends: [80, 80] }, { name: 'cart-grpc', ports: [7070], backends: [7070, 7070] },
    ]);
  });

  test('has none for a port of which nothing is said', () => {
    expect(rendered((cart) => cart.addRoute({ matches: [{ path: PathMatch.prefix('/a'), servicePort: 80 }], timeout: Duration.seconds(1) }))).toEqual([
      { name: 'cart-http', ports: [80], backends: [80, 80] },
    ]);
  });
});
