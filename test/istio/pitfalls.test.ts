import { ApiObject, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Access, AccessMode, Destination, ExternalService, HeaderMatch, istio, LoadBalancing, MeshedService, MeshedServiceProps, MeshedWorkload, MtlsMode, Port, Retries, Weight, Workload,
} from '../../src';
import { istioChart, serviceIn } from '../support/fixtures';
import { errorOf, kindOf, manifestOf, manifestsOf, namesOf } from '../support/manifests';

const { ClientTls, DestinationRule, Host } = istio;

describe('testers in the middle of a split', () => {
  test('stand before it, whoever declares first', () => {
    for (const reversed of [false, true]) {
      const { chart, mesh } = istioChart({}, { namespace: 'shop' });
      const cart = serviceIn(chart, 'cart', mesh);
      const [v1, v2] = [cart.subset('v1'), cart.subset('v2')];
      const steps = [
        () => cart.splitTo(Destination.subset(v1, Weight.of(95)), Destination.subset(v2, Weight.of(5))),
        () => cart.addRoute({ matches: [{ headers: [HeaderMatch.exact('x-tester', 'true')] }], destinations: [Destination.subset(v2)] }),
      ];
      (reversed ? steps.reverse() : steps).forEach((step) => step());
      const [first, second] = manifestOf(chart, 'VirtualService', 'cart').spec.http;
      expect([first.match, first.route[0].destination.subset]).toEqual([[{ headers: { 'x-tester': { exact: 'true' } } }], 'v2']);
      expect([second.match, second.route.map(({ weight }: any) => weight)]).toEqual([undefined, [95, 5]]);
    }
  });
});

describe('TLS of clients', () => {
  const calls = (host: (cart: MeshedService) => istio.Host, tls: istio.ClientTls, props: Partial<MeshedServiceProps> = {}, at: 'host' | 'port' | 'subset' = 'host') => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const cart = serviceIn(chart, 'cart', mesh, props);
    new ExternalService(chart, 'pay', { mesh, hosts: ['pay.example.com'], ports: [Port.http(80)] });
    const said = { host: { tls }, port: { ports: [{ servicePort: 8080, tls }] }, subset: {} }[at];
    const rule = new DestinationRule(chart, 'rule', { host: host(cart), policy: said });
    if (at === 'subset') { rule.addSubset('v1', { policy: { tls } }); }
    return manifestsOf(chart);
  };
  const cartHost = (cart: MeshedService) => Host.service(cart);

  test.each<[string, istio.ClientTls, Partial<MeshedServiceProps>, 'host' | 'port' | 'subset', string]>([
    ['none where mutual TLS is strict', ClientTls.disable(), {}, 'host', 'calls to test/cart without mutual TLS of the mesh, which it refuses'],
    ['their own where mutual TLS is strict', ClientTls.simple(), {}, 'port', 'calls to test/cart without mutual TLS of the mesh, which it refuses'],
    ['none for a subset where mutual TLS is strict', ClientTls.disable(), {}, 'subset', 'calls to test/cart without mutual TLS of the mesh, which it refuses'],
    ['that of the mesh where it is disabled', ClientTls.istioMutual(), { mtls: MtlsMode.DISABLED }, 'host', 'calls to test/cart with mutual TLS of the mesh, which it does not take'],
  ])('cannot be %s', (_, tls, props, at, what) => {
    expect(errorOf(() => calls(cartHost, tls, { ...props, access: props.mtls && AccessMode.OPEN }, at))).toMatchObject({ code: 'MESH-E027', constructPath: 'test/rule', what });
  });

  test('cannot be that of the mesh for hosts outside of it', () => {
    expect(errorOf(() => calls(() => Host.fqdn('*.example.com'), ClientTls.istioMutual()))).toMatchObject({
      code: 'MESH-E027', what: 'calls to *.example.com with mutual TLS of the mesh, among them those to test/pay, which is outside of it',
    });
  });

  test('may be what the other side takes', () => {
    expect(() => calls(cartHost, ClientTls.istioMutual())).not.toThrow();
    expect(() => calls(cartHost, ClientTls.disable(), { mtls: MtlsMode.PERMISSIVE })).not.toThrow();
    expect(() => calls(() => Host.fqdn('*.shop.svc.cluster.local'), ClientTls.istioMutual())).not.toThrow();
  });
});

describe('a headless Service', () => {
  const headless = (declare: (cart: MeshedService) => void, props: Partial<MeshedServiceProps> = {}) => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const pods = new kplus.StatefulSet(chart, 'pods', {
      containers: [{ image: 'cart', portNumber: 80 }], podMetadata: { labels: { app: 'cart' } }, service: new kplus.Service(chart, 'other', { ports: [{ port: 80 }] }),
    });
    const service = new ApiObject(chart, 'cart-service', {
      apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart', namespace: 'shop' }, spec: { clusterIP: 'None', selector: { app: 'cart' }, ports: [{ name: 'http', port: 80 }] },
    });
    declare(new MeshedService(chart, 'cart', { mesh, service, workload: Workload.adopt(pods), ports: [Port.http(80)], ...props }));
    return namesOf(chart);
  };

  test.each<[string, (cart: MeshedService) => void, Partial<MeshedServiceProps>, string]>([
    ['subsets', (cart) => { cart.subset('v1', { labels: { a: 'b' } }); }, {}, 'splits and subsets'],
    ['load balancing', () => undefined, { loadBalancing: LoadBalancing.roundRobin() }, 'load balancing'],
  ])('has no use for %s', (_, declare, props, what) => {
    expect(errorOf(() => headless(declare, props))).toMatchObject({ code: 'MESH-E037', constructPath: 'test/cart', what: `${what} for test/cart, whose Service is headless: its clients choose the pods` });
  });

  test('may have timeouts and access', () => {
    expect(() => headless((cart) => cart.connections.allowFrom(cart, Access.all(), {}), { timeout: Duration.seconds(1) })).not.toThrow();
  });
});

describe('calls that must not be made twice', () => {
  test('are tried once, where Istio would try three times', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    serviceIn(chart, 'pay', mesh, { retries: Retries.none() });
    expect(manifestOf(chart, 'VirtualService', 'pay').spec.http[0].retries).toEqual({ attempts: 0 });
  });
});

describe('pods that end by themselves', () => {
  test('have a proxy that ends with them', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const job = new kplus.Job(chart, 'job', { containers: [{ image: 'job' }] });
    new MeshedWorkload(chart, 'worker', { mesh, workload: Workload.adopt(job) });
    expect(kindOf(chart, 'Job')[0].spec.template.metadata).toMatchObject({ annotations: { 'sidecar.istio.io/nativeSidecar': 'true' }, labels: { 'sidecar.istio.io/inject': 'true' } });
  });
});
