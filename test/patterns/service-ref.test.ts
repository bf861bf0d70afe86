import { Duration } from 'cdk8s';
import { Access, consul, Destination, istio, MethodMatch, PathMatch, Port, ServiceRef } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, hasManifest, manifestOf, manifestsOf } from '../support/manifests';

const OPTIONS = { namespace: 'platform', ports: [Port.http(80)] };

describe('a service that somebody else built', () => {
  test('is known by its name, and writes nothing', () => {
    const { chart } = istioChart();
    const search = ServiceRef.fromName(chart, 'search', 'search', OPTIONS);
    expect([search.serviceName, search.serviceNamespace, search.host, search.servicePorts.map(({ name }) => name)]).toEqual(['search', 'platform', 'search.platform.svc.cluster.local', ['http']]);
    expect(manifestsOf(chart)).toEqual([]);
  });

  test('gets calls by rules of services that are here', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const search = ServiceRef.fromName(chart, 'search', 'search', OPTIONS);
    serviceIn(chart, 'shop', mesh, { ports: [Port.http(80)] }).addRoute({ matches: [{ path: PathMatch.prefix('/search') }], destinations: [Destination.service(search)] });
    expect(manifestOf(chart, 'VirtualService', 'shop').spec.http[0].route).toEqual([{ destination: { host: 'search.platform.svc.cluster.local' } }]);
  });

  test('is learnt of by the proxies of its callers, and by no others', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const search = ServiceRef.fromName(chart, 'search', 'search', OPTIONS);
    serviceIn(chart, 'shop', mesh, { egressScope: true }).connections.allowTo(search);
    serviceIn(chart, 'cart', mesh, { egressScope: true });
    expect(manifestOf(chart, 'Sidecar', 'shop').spec.egress[0].hosts).toEqual(['platform/search.platform.svc.cluster.local']);
    expect(manifestOf(chart, 'Sidecar', 'cart').spec.egress[0].hosts).toEqual(['~/*']);
    expect(hasManifest(chart, 'AuthorizationPolicy', 'search')).toBe(false);
  });

  test('serves on Consul, too', () => {
    const chart = chartIn(undefined, 'shop', { namespace: 'shop' });
    const mesh = new consul.ConsulMesh(chart, 'mesh');
    const search = ServiceRef.fromName(chart, 'search', 'search', OPTIONS);
    serviceIn(chart, 'shop', mesh).addRoute({ matches: [{ path: PathMatch.exact('/search') }], destinations: [Destination.service(search)] });
    expect(manifestOf(chart, 'ServiceRouter', 'shop').spec.routes[0].destination).toEqual({ service: 'search' });
  });

  test.each<[string, (search: ServiceRef, caller: istio.IstioMesh) => void]>([
    ['a condition for its callers', (search, mesh) => search.connections.allowFrom(serviceIn(search, 'web', mesh), Access.http({ methods: [MethodMatch.GET] }))],
    ['a time-out of one caller', (search, mesh) => search.connections.allowFrom(serviceIn(search, 'web', mesh), Access.all(), { timeout: Duration.seconds(1) })],
    ['a refusal', (search, mesh) => search.connections.denyFrom(serviceIn(search, 'web', mesh))],
  ])('%s is for its own app to say', (_, declare) => {
    const { chart, mesh } = istioChart();
    expect(errorOf(() => declare(ServiceRef.fromName(chart, 'search', 'search', OPTIONS), mesh)).code).toBe('MESH-E018');
  });
});
