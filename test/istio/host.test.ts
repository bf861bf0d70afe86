import { istio, Port } from '../../src';
import { istioChart, serviceIn } from '../support/fixtures';
import { errorOf } from '../support/manifests';

const { Host, HostSubset, TextMatch, Visibility } = istio;

describe('a host', () => {
  test('is always named in full', () => {
    const { chart, mesh } = istioChart({ clusterDomain: 'k8s.example' }, { namespace: 'shop' });
    const cart = serviceIn(chart, 'cart', mesh, { ports: [Port.http(80)] });
    const hosts = [Host.service(cart), Host.kubernetesService('cart', 'shop'), Host.kubernetesService('cart', 'shop', 'k8s.example'), Host.fqdn('*.local'), Host.address('2001:db8::1'), Host.any()];
    expect(hosts.map(String)).toEqual(['cart.shop.svc.k8s.example', 'cart.shop.svc.cluster.local', 'cart.shop.svc.k8s.example', '*.local', '2001:db8::1', '*']);
    expect(hosts.map(({ isWildcard }) => isWildcard)).toEqual([false, false, false, true, false, true]);
    expect(hosts[0].meshService).toBe(cart);
  });

  test.each([
    ['cart', 'write it in full, such as "cart.NAMESPACE.svc.cluster.local", or use Host.service() or Host.kubernetesService()'],
    ['cart.shop.svc', 'write it in full, such as "cart.shop.svc.cluster.local", or use Host.service() or Host.kubernetesService()'],
    ['', 'give a full DNS name such as "shop.example.com" or "*.example.com"'],
    ['*', 'give a full DNS name such as "shop.example.com" or "*.example.com"'],
    ['*foo.example.com', 'give a full DNS name such as "shop.example.com" or "*.example.com"'],
    ['Shop.example.com', 'give a full DNS name such as "shop.example.com" or "*.example.com"'],
    ['192.0.2.1', 'give a full DNS name such as "shop.example.com" or "*.example.com"'],
    ['shop.example.com:80', 'give a full DNS name such as "shop.example.com" or "*.example.com"'],
  ])('is not "%s"', (name, fix) => {
    expect(errorOf(() => Host.fqdn(name))).toMatchObject({ code: 'MESH-E002', fix });
  });

  test('is no address that is none', () => {
    expect(errorOf(() => Host.address('192.0.2.256')).code).toBe('MESH-E032');
    expect(errorOf(() => Host.address('192.0.2.0/24')).code).toBe('MESH-E032');
  });

  test('covers the names below a wildcard, not the name itself', () => {
    const covers = (outer: istio.Host, inner: string) => outer._covers(Host.fqdn(inner));
    const wildcard = Host.fqdn('*.example.com');
    expect([covers(Host.any(), 'a.b'), covers(wildcard, 'a.example.com'), covers(wildcard, 'a.b.example.com'), covers(wildcard, '*.b.example.com'), covers(wildcard, '*.example.com')])
      .toEqual([true, true, true, true, true]);
    expect([covers(wildcard, 'example.com'), covers(wildcard, 'aexample.com'), covers(Host.fqdn('a.example.com'), '*.example.com')]).toEqual([false, false, false]);
  });

  test('may have subsets that another app declares', () => {
    const subset = HostSubset.fromSubsetName(Host.fqdn('a.example.com'), 'v1');
    expect([subset.host.hostName, subset.subsetName, subset.labels]).toEqual(['a.example.com', 'v1', {}]);
    expect(errorOf(() => HostSubset.fromSubsetName(subset.host, 'V 1')).code).toBe('MESH-E001');
  });
});

describe('visibility', () => {
  test('names namespaces once', () => {
    expect([Visibility.everywhere(), Visibility.ownNamespace(), Visibility.nowhere(), Visibility.namespaces('a', 'b', 'a'), Visibility.ownNamespaceAnd('a')].map(({ exportTo }) => exportTo))
      .toEqual([['*'], ['.'], ['~'], ['a', 'b'], ['.', 'a']]);
    expect(errorOf(() => Visibility.namespaces())).toMatchObject({ code: 'MESH-E030', fix: 'name at least one namespace, or use Visibility.ownNamespace()' });
    expect(errorOf(() => Visibility.namespaces('*')).code).toBe('MESH-E001');
  });

  test('reaches the namespaces that it names', () => {
    expect([Visibility.everywhere()._reaches('a', 'b'), Visibility.ownNamespace()._reaches('a', 'a'), Visibility.namespaces('b')._reaches('a', 'b')]).toEqual([true, true, true]);
    expect([Visibility.ownNamespace()._reaches('a', 'b'), Visibility.namespaces('b')._reaches('a', 'a'), Visibility.nowhere()._reaches('a', 'a')]).toEqual([false, false, false]);
  });
});

describe('a text in Istio\'s words', () => {
  test('is exact, a beginning, a pattern, or just there', () => {
    expect([TextMatch.exact('a'), TextMatch.prefix('/b'), TextMatch.regex('c+'), TextMatch.present()].map(String)).toEqual(['exact a', 'prefix /b', 'regex c+', 'present']);
    expect(errorOf(() => TextMatch.prefix(''))).toMatchObject({ code: 'MESH-E009', fix: 'use TextMatch.present() to ask only for presence, or leave the match out' });
    expect(errorOf(() => TextMatch.regex('(?=a)')).code).toBe('MESH-E009');
  });
});
