import { Chart, Duration } from 'cdk8s';
import { Access, CircuitBreaker, Destination, HeaderMatch, IMesh, LoadBalancing, MeshedService, MethodMatch, PathMatch, Percent, Port, Retries, RetryOn, Weight } from 'cdk8s-mesh';

/** A web shop and its API: nothing here knows which mesh it is in. */
export function shop(chart: Chart, mesh: IMesh): void {
  const ports = [Port.http(80, { targetPort: 8080 })];
  const service = (name: string) => new MeshedService(chart, name, { mesh, image: `registry.example.com/${name}:1.0.0`, ports });

  const web = service('web');
  const reports = service('reports');
  const canary = service('api-canary');
  const api = new MeshedService(chart, 'api', {
    mesh,
    image: 'registry.example.com/api:1.0.0',
    ports,
    timeout: Duration.seconds(2),
    loadBalancing: LoadBalancing.roundRobin(),
    // Whoever fails three times in a row gets no calls for a while.
    circuitBreaker: CircuitBreaker.of({
      outliers: { consecutiveServerErrors: 3, interval: Duration.seconds(1), baseEjectionTime: Duration.seconds(30), maxEjection: Percent.of(50) },
      pool: { maxConnections: 100, maxPendingRequests: 50 },
    }),
  });

  // Testers ask for the new version; everybody else gets it once in ten times, under one path.
  api.addRoute({ matches: [{ headers: [HeaderMatch.exact('x-tester', 'yes')] }], destinations: [Destination.service(canary)] });
  api.addRoute({
    matches: [{ path: PathMatch.prefix('/offers') }],
    destinations: [Destination.service(api, Weight.of(90)), Destination.service(canary, Weight.of(10))],
    retries: Retries.attempts(2, { conditions: [RetryOn.GATEWAY_ERROR, RetryOn.CONNECT_FAILURE], perTryTimeout: Duration.millis(500) }),
  });

  // The shop may do everything, the reports may only read; nobody else gets in.
  web.connections.allowTo(api);
  reports.connections.allowTo(api, Access.http({ methods: [MethodMatch.GET], paths: [PathMatch.prefix('/orders')] }));
}
