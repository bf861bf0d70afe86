import { introducedIn, isExperimental, removedIn, sinceOf } from '../../../src/engine/schema/since';

const istio = 'networking.istio.io';
const gatewayApi = 'gateway.networking.k8s.io';

describe('the history of a field', () => {
  test.each([
    [istio, 'VirtualService', 'spec.http.retries.backoff', '1.26'],
    [istio, 'DestinationRule', 'spec.trafficPolicy.retryBudget', '1.27'],
    [istio, 'DestinationRule', 'spec.trafficPolicy.retryBudget.percent', '1.27'],
    [istio, 'DestinationRule', 'spec.trafficPolicy.retryBudget.budgetInterval', '1.31'],
    [istio, 'ServiceEntry', 'spec.resolution=DYNAMIC_DNS', '1.28'],
    ['extensions.istio.io', 'TrafficExtension', 'spec.wasm.url', '1.30'],
    [gatewayApi, 'HTTPRoute', 'spec.rules.retry.attempts', '1.2'],
  ])('%s %s: %s came with %s', (group, kind, field, version) => {
    expect(introducedIn(group, kind, field)).toBe(version);
  });

  test('knows fields that the generated classes do not have yet', () => {
    expect(introducedIn('security.istio.io', 'RequestAuthentication', 'spec.jwtRules.presence')).toBe('1.32');
  });

  test('says nothing about fields that are as old as the first release that was looked at', () => {
    expect(introducedIn(istio, 'VirtualService', 'spec.http.route')).toBeUndefined();
    expect(sinceOf(istio, 'VirtualService')!.oldest).toBe('1.20');
  });

  test('says nothing about kinds without a history', () => {
    expect(introducedIn('linkerd.io', 'ServiceProfile', 'spec.routes')).toBeUndefined();
    expect(introducedIn('apps', 'Deployment', 'spec')).toBeUndefined();
  });

  test('names the release that dropped a field', () => {
    expect(removedIn(gatewayApi, 'BackendTLSPolicy', 'spec.targetRef.name')).toBe('1.1');
    expect(removedIn(gatewayApi, 'HTTPRoute', 'spec.rules')).toBeUndefined();
  });

  test('has the API versions too', () => {
    expect(sinceOf(istio, 'VirtualService')!.versions).toEqual({ v1: '1.22' });
  });
});

describe('the channel of a field', () => {
  test.each([
    ['gateway.networking.k8s.io', 'HTTPRoute', 'spec.rules.retry', true],
    ['gateway.networking.k8s.io', 'HTTPRoute', 'spec.rules.retry.backoff', true],
    ['gateway.networking.k8s.io', 'HTTPRoute', 'spec.rules.filters.type=ExternalAuth', true],
    ['gateway.networking.k8s.io', 'HTTPRoute', 'spec.rules.filters.type=CORS', false],
    ['gateway.networking.k8s.io', 'HTTPRoute', 'spec.rules.filters.requestMirror.percent', false],
    ['gateway.networking.k8s.io', 'Gateway', 'spec.defaultScope', true],
    ['gateway.networking.x-k8s.io', 'XBackendTrafficPolicy', 'spec.retryConstraint', true],
    ['networking.istio.io', 'Gateway', 'spec.servers', false],
  ])('%s %s: %s is experimental: %s', (group, kind, field, expected) => {
    expect(isExperimental(group, kind, field)).toBe(expected);
  });

  test('comes with the release in which a field became standard', () => {
    expect(sinceOf(gatewayApi, 'HTTPRoute')!.standard!.fields).toMatchObject({ 'spec.rules.timeouts': '1.2', 'spec.rules.filters.cors': '1.5' });
  });
});
