import { parseArgs } from 'node:util';
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { CircuitBreaker, HashKey, HashTable, istio, LoadBalancing, Locality, MeshedService, MethodMatch, Percent, Port, Retries, RetryOn } from 'cdk8s-mesh';

const { ClientTls, DestinationRule, Host, RouteTarget, VirtualService } = istio;

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'resilience', { namespace: 'shop', disableResourceNameHashes: true });
new kplus.Namespace(chart, 'namespace', { metadata: { name: 'shop' } });
const mesh = new istio.IstioMesh(chart, 'mesh');

const cart = new MeshedService(chart, 'cart', { mesh, image: 'registry.example.com/cart:1.4.2', ports: [Port.http(80, { targetPort: 8080 }), Port.grpc(7070)] });
const sessions = new MeshedService(chart, 'sessions', { mesh, image: 'registry.example.com/sessions:2.0.0', ports: [Port.http(8080)] });
cart.connections.allowTo(sessions);

// A preference for places works only when somebody notices that one has failed: without the circuit breaker this is an error.
const rule = new DestinationRule(chart, 'cart-calls', {
  host: Host.service(cart),
  policy: {
    loadBalancing: LoadBalancing.leastRequest(),
    warmUp: Duration.seconds(30),
    warmUpTuning: { minimum: Percent.of(5) },
    locality: Locality.failover({ 'eu-west': 'eu-north' }),
    circuitBreaker: CircuitBreaker.of({
      outliers: { consecutiveServerErrors: 5, interval: Duration.seconds(10), baseEjectionTime: Duration.seconds(30), maxEjection: Percent.of(50) },
      pool: { maxConnections: 200, maxPendingRequests: 50, connectTimeout: Duration.seconds(2) },
    }),
    outlierTuning: { consecutiveGatewayErrors: 3, consecutiveLocalFailures: 3 },
    poolTuning: { tcpKeepalive: { idleTime: Duration.minutes(5), interval: Duration.seconds(30) } },
    retryBudget: { share: Percent.of(20), minConcurrency: 3 },
    // Istio takes nothing over from the host to a port; what is left out here is written out all the same.
    ports: [{ servicePort: 7070, poolTuning: { maxConcurrentStreams: 100, http2KeepAlive: { interval: Duration.seconds(30), timeout: Duration.seconds(5) } } }],
  },
});
const canary = rule.addSubset('canary', {
  labels: { 'app.kubernetes.io/name': 'cart' },
  policy: { circuitBreaker: CircuitBreaker.of({ outliers: { consecutiveServerErrors: 1 } }) },
});

new VirtualService(chart, 'cart-routes', {
  hosts: [Host.service(cart)],
  httpRoutes: [
    // Calls that must not happen twice are never tried again. Without this Istio tries them twice more.
    {
      matches: [{ method: MethodMatch.POST, servicePort: 80 }],
      destinations: [RouteTarget.host(Host.service(cart), { servicePort: 80 })],
      retries: Retries.none(),
      timeout: Duration.seconds(5),
    },
    {
      matches: [{ servicePort: 80 }],
      destinations: [RouteTarget.subset(canary, { servicePort: 80 })],
      timeout: Duration.seconds(2),
      retries: Retries.attempts(3, { conditions: [RetryOn.GATEWAY_ERROR, RetryOn.CONNECT_FAILURE], perTryTimeout: Duration.millis(500) }),
      retryTuning: { otherLocalities: true, moreConditions: [istio.RetryCondition.RESET_BEFORE_REQUEST] },
    },
  ],
});

// Requests of one user stay with one pod as long as it is there.
new DestinationRule(chart, 'sessions-calls', {
  host: Host.service(sessions),
  policy: {
    loadBalancing: LoadBalancing.consistentHash(HashKey.cookie('session', { ttl: Duration.hours(1), path: '/' }), HashTable.MAGLEV),
    hashTuning: { cookieAttributes: { SameSite: 'Strict' } },
    circuitBreaker: CircuitBreaker.consecutiveErrors(7),
    tls: ClientTls.istioMutual(),
  },
});

app.synth();
