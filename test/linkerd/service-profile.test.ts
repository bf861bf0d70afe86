import { ApiObject, App, Chart, Duration, JsonPatch } from 'cdk8s';
import { ApiDescription, Destination, linkerd, MeshedService, MethodMatch, PathMatch, Percent, Port } from '../../src';
import { errorOf, Manifest, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { RequestCondition, ResponseCondition, ServiceProfile } = linkerd;

function setUp() {
  const chart = new Chart(new App(), 'test', { namespace: 'shop', disableResourceNameHashes: true });
  const mesh = new linkerd.LinkerdMesh(chart, 'mesh');
  const cart = new MeshedService(chart, 'cart', { mesh, image: 'cart', ports: [Port.http(80)] });
  const profile = (): Manifest => manifestsOf(chart).find(({ kind }) => kind === 'ServiceProfile')!;
  return { chart, cart, profile };
}

const API = ApiDescription.fromText(JSON.stringify({
  swagger: '2.0',
  basePath: '/v1/',
  paths: {
    '/b/{id}.json': { get: { 'x-linkerd-retryable': true, 'x-linkerd-timeout': '500ms', 'responses': { 503: {}, 200: {} } } },
    '/a': { post: { responses: {} }, delete: { responses: {} } },
  },
}));

describe('a ServiceProfile', () => {
  test('is named like the service in DNS, and sets every field that Linkerd knows', () => {
    const { chart, cart, profile } = setUp();
    new ServiceProfile(chart, 'profile', {
      service: cart,
      retryBudget: { share: Percent.of(20), minRetriesPerSecond: 10, ttl: Duration.seconds(90) },
      destinations: [{ authority: 'cart-v1.shop.svc.cluster.local:80', weight: 9 }, { authority: 'cart-v2.shop.svc.cluster.local:80', weight: 1 }],
      additionalSpec: { opaquePorts: ['25'] },
      routes: [
        {
          routeName: 'read',
          condition: RequestCondition.request(MethodMatch.GET, '/cart/[^/]*'),
          retryable: true,
          timeout: Duration.millis(1500),
          responseClasses: [{ condition: ResponseCondition.status(500, 599), failure: true }],
        },
        { routeName: 'all', condition: RequestCondition.all(RequestCondition.path('/a'), RequestCondition.method(MethodMatch.PUT)), responseClasses: [{ condition: ResponseCondition.all(ResponseCondition.status(404)) }] },
        { routeName: 'any', condition: RequestCondition.any(RequestCondition.path('/a')), responseClasses: [{ condition: ResponseCondition.any(ResponseCondition.status(404)) }] },
        { routeName: 'not', condition: RequestCondition.not(RequestCondition.path('/a')), responseClasses: [{ condition: ResponseCondition.not(ResponseCondition.status(200)) }] },
      ],
    });
    const manifest = profile();
    expect(manifest).toMatchObject({ apiVersion: 'linkerd.io/v1alpha2', metadata: { name: 'cart.shop.svc.cluster.local', namespace: 'shop' } });
    expect(manifest.spec.routes[0]).toEqual({
      name: 'read',
      condition: { method: 'GET', pathRegex: '/cart/[^/]*' },
      isRetryable: true,
      timeout: '1.5s',
      responseClasses: [{ condition: { status: { min: 500, max: 599 } }, isFailure: true }],
    });
    expect(manifest.spec.retryBudget).toEqual({ retryRatio: 0.2, minRetriesPerSecond: 10, ttl: '1m30s' });
    // The definition of the kind wants a list there, and the controller no list: neither is ever written.
    expect(manifest.spec.routes[3].condition).toEqual({ all: [{ not: { pathRegex: '/a' } }] });
    expect(unsetFields('linkerd.io/v1alpha2', 'ServiceProfile', [manifest])).toEqual(['routes.condition.not']);
  });

  test('of an API has a route for every operation, with its answers', () => {
    const { chart, cart, profile } = setUp();
    ServiceProfile.fromOpenApi(chart, 'profile', cart, API);
    expect(profile().spec.routes).toEqual([
      { name: 'DELETE /v1/a', condition: { method: 'DELETE', pathRegex: '/v1/a' } },
      { name: 'POST /v1/a', condition: { method: 'POST', pathRegex: '/v1/a' } },
      {
        name: 'GET /v1/b/{id}.json',
        condition: { method: 'GET', pathRegex: '/v1/b/[^/]*\\.json' },
        isRetryable: true,
        timeout: '500ms',
        responseClasses: [{ condition: { status: { min: 200, max: 200 } }, isFailure: false }, { condition: { status: { min: 503, max: 503 } }, isFailure: true }],
      },
    ]);
  });

  test('of gRPC services has a route for every method', () => {
    const { chart, cart, profile } = setUp();
    ServiceProfile.fromProto(chart, 'profile', cart, `
      package shop.v1;
      service Cart { rpc Get(A) returns (B) { option idempotency_level = NO_SIDE_EFFECTS; } rpc Add(A) returns (B); }
      service Admin { rpc Add(A) returns (B); }
    `, { retryBudget: { share: Percent.of(10), minRetriesPerSecond: 1, ttl: Duration.seconds(10) } });
    expect(profile().spec.routes).toEqual([
      { name: 'Get', condition: { method: 'POST', pathRegex: '/shop\\.v1\\.Cart/Get' }, isRetryable: true },
      { name: 'shop.v1.Cart/Add', condition: { method: 'POST', pathRegex: '/shop\\.v1\\.Cart/Add' } },
      { name: 'shop.v1.Admin/Add', condition: { method: 'POST', pathRegex: '/shop\\.v1\\.Admin/Add' } },
    ]);
    expect(profile().spec.retryBudget.ttl).toBe('10s');
  });

  test('is refused beside routes of the same service, and takes patches otherwise', () => {
    const { chart, cart } = setUp();
    const profile = new ServiceProfile(chart, 'profile', { service: cart });
    profile.addRoute({ routeName: 'all', condition: RequestCondition.path('.*') });
    profile.routes.pop();
    expect(profile.routes).toHaveLength(1);
    ApiObject.of(profile).addJsonPatch(JsonPatch.add('/spec/patched', 2));
    expect(manifestsOf(chart).find(({ kind }) => kind === 'ServiceProfile')!.spec.patched).toBe(2);
    cart.addRoute({ matches: [{ path: PathMatch.prefix('/a') }], destinations: [Destination.service(cart)] });
    expect(() => manifestsOf(chart)).toThrow(/ServiceProfile .*service/);
    expect(ServiceProfile.fromServiceProfileName(chart, 'other', 'a.b.svc.cluster.local').resourceName).toBe('a.b.svc.cluster.local');
  });

  test.each<[string, (props: ReturnType<typeof setUp>) => unknown, string]>([
    ['with a name of its own', ({ chart, cart }) => new ServiceProfile(chart, 'p', { service: cart, metadata: { name: 'cart' } }), 'MESH-E031'],
    ['with two routes of one name', ({ chart, cart }) => new ServiceProfile(chart, 'p', { service: cart, routes: ['a', 'a'].map((routeName) => ({ routeName, condition: RequestCondition.path('/') })) }), 'MESH-E034'],
    ['with a route without name', ({ chart, cart }) => new ServiceProfile(chart, 'p', { service: cart, routes: [{ routeName: '', condition: RequestCondition.path('/') }] }), 'MESH-E030'],
    ['with a condition of nothing', () => RequestCondition.any(), 'MESH-E030'],
    ['with a pattern that is none', () => RequestCondition.path('('), 'MESH-E009'],
    ['with statuses from high to low', () => ResponseCondition.status(500, 400), 'MESH-E028'],
    ['with a status of 99', () => ResponseCondition.status(99), 'MESH-E028'],
    ['with a destination by a short name', ({ chart, cart }) => new ServiceProfile(chart, 'p', { service: cart, destinations: [{ authority: 'cart', weight: 1 }] }), 'MESH-E002'],
    ['from no file', () => ApiDescription.fromFile('/nonexistent/api.yaml'), 'MESH-E071'],
  ])('%s is refused', (_, step, code) => {
    expect(errorOf(() => step(setUp()))).toMatchObject({ code });
  });
});
