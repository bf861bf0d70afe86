import { App, Chart, Duration } from 'cdk8s';
import {
  Access, CircuitBreaker, Destination, ExternalService, HeaderMatch, Ingress, LoadBalancing, MeshedService, Metrics, PathMatch, Port, Retries,
  RetryOn, TlsSource, Weight, Workload, istio,
} from 'cdk8s-mesh';

/** Services in Istio, over two charts, with edges in both directions. */
export function shop(app: App): void {
  const back = new Chart(app, 'back', { namespace: 'shop', disableResourceNameHashes: true });
  const front = new Chart(app, 'front', { namespace: 'web', disableResourceNameHashes: true });
  const mesh = new istio.IstioMesh(back, 'mesh', { trustDomain: 'shop.example.com', defaults: { timeout: Duration.seconds(10) } });

  const cart = new MeshedService(back, 'cart', {
    mesh,
    workload: Workload.image('registry.example.com/cart:1.4.2', { replicas: 2, env: { REDIS: 'redis:6379' }, args: ['--verbose'] }),
    ports: [Port.grpc(7070), Port.tcp(9000, { name: 'tcp-admin', serverFirst: true })],
    timeout: Duration.millis(1500),
    retries: Retries.attempts(2, { conditions: [RetryOn.CONNECT_FAILURE, RetryOn.GRPC_UNAVAILABLE], perTryTimeout: Duration.millis(500) }),
    loadBalancing: LoadBalancing.leastRequest(),
    circuitBreaker: CircuitBreaker.of({ outliers: { consecutiveServerErrors: 7, interval: Duration.seconds(20) }, pool: { maxConnections: 100 } }),
    metrics: Metrics.merged(9090),
    egressScope: true,
  });
  const web = new MeshedService(front, 'web', { mesh, image: 'registry.example.com/web:2.0.1', ports: [Port.http(80, { targetPort: 8080 })] });
  const payments = new ExternalService(back, 'payments', { mesh, hosts: ['api.payments.example.com'], ports: [Port.tls(443)] });

  web.connections.allowTo(cart, Access.grpc('shop.v1.Cart', 'AddItem', 'GetCart'), { timeout: Duration.seconds(1) });
  cart.connections.allowTo(web, Access.http({ paths: [PathMatch.prefix('/hooks')], headers: [HeaderMatch.exact('x-from', 'cart')] }));
  cart.connections.allowTo(payments);

  const canary = web.subset('v2', { labels: { version: 'v2' } });
  web.addRoute({ ruleName: 'beta', matches: [{ path: PathMatch.exact('/beta'), headers: [HeaderMatch.exact('x-beta', 'true')] }], destinations: [Destination.subset(canary)] });
  web.splitTo(Destination.service(web, Weight.of(90)), Destination.subset(canary, Weight.of(10)));

  const ingress = new Ingress(front, 'ingress', { mesh, hosts: ['shop.example.com'], tls: TlsSource.secret('shop-cert') });
  ingress.route(web);
}
