import { HEALTH_PATH, INBOUND_PORT, Json, seconds, serverName, socket } from './envoy-config';
import { SAME_PROTOCOL } from './inbound';
import { clientTls } from './tls';
import { CircuitBreaker, ConnectionPool, HashTable, LoadBalancing, LoadBalancingAlgorithm, MeshPlan, OutlierDetection, Port, ServicePlan } from 'cdk8s-mesh';

/** How often, and how patiently, proxies ask each other whether they are well. */
export interface ActiveHealthChecks {
  /**
   * Seconds between two questions.
   *
   * @default 5
   */
  readonly intervalSeconds?: number;

  /**
   * How many questions in a row may go wrong before an endpoint gets no more calls.
   *
   * @default 2
   */
  readonly failures?: number;
}

/** Some endpoints of a service, as one proxy sees them. */
export interface Target {
  readonly name: string;
  readonly service: ServicePlan;
  readonly port: Port;
  readonly subset?: string;
}

/** Some endpoints of a service of the mesh, asked for by a port. */
export function targetOf(plan: MeshPlan, host: string, port: Port, subset?: string, servicePort?: number): Target {
  const service = plan.services.find((candidate) => candidate.host === host);
  if (!service) { throw new Error(`requests are sent to ${host}, which is not in this mesh; send them to services of the mesh`); }
  const wanted = service.ports.find(({ number }) => number === (servicePort ?? port.number)) ?? service.ports[0];
  return { name: [service.host, wanted.number, ...subset === undefined ? [] : [subset]].join('|'), service, port: wanted, subset };
}

/** Name of the Service without address whose DNS records are the endpoints. */
export function endpointsName(service: ServicePlan, subset?: string): string {
  return [service.serviceName, ...subset === undefined ? [] : [subset], 'endpoints'].join('-');
}

const ALGORITHMS: { readonly [algorithm in LoadBalancingAlgorithm]?: string } = {
  [LoadBalancingAlgorithm.ROUND_ROBIN]: 'ROUND_ROBIN',
  [LoadBalancingAlgorithm.LEAST_REQUEST]: 'LEAST_REQUEST',
  [LoadBalancingAlgorithm.RANDOM]: 'RANDOM',
};

/** The endpoints of a target: found by DNS, asked whether they are well, spoken to by mutual TLS. */
export function clusterOf({ name, service, port, subset }: Target, clusterDomain: string, checks: ActiveHealthChecks): Json {
  const { loadBalancing, circuitBreaker } = service.policy;
  const address = `${endpointsName(service, subset)}.${service.namespace}.svc.${clusterDomain}`;
  const pool = circuitBreaker?.pool;
  return {
    name,
    type: 'STRICT_DNS',
    dns_refresh_rate: '5s',
    connect_timeout: pool?.connectTimeout ? seconds(pool.connectTimeout) : '5s',
    lb_policy: policyOf(loadBalancing),
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: socket(address, INBOUND_PORT) } }] }] },
    transport_socket: clientTls(service.identity, serverName(service.host, port.number)),
    health_checks: [healthCheck(service, port, checks)],
    ...(port.carriesRequests ? { typed_extension_protocol_options: protocolOptions(pool) } : {}),
    ...breakerOf(circuitBreaker),
  };
}

function policyOf(balancing: LoadBalancing | undefined): string {
  if (balancing?.hashKey) { return balancing.hashTable === HashTable.MAGLEV ? 'MAGLEV' : 'RING_HASH'; }
  return (balancing && ALGORITHMS[balancing.algorithm]) ?? 'ROUND_ROBIN';
}

function healthCheck({ host }: ServicePlan, port: Port, { intervalSeconds = 5, failures = 2 }: ActiveHealthChecks): Json {
  const interval = `${intervalSeconds}s`;
  return {
    timeout: '2s',
    interval,
    no_traffic_interval: interval,
    unhealthy_threshold: failures,
    healthy_threshold: 1,
    ...(port.carriesRequests ? { http_health_check: { host, path: HEALTH_PATH } } : { tcp_health_check: {} }),
  };
}

function protocolOptions(pool: ConnectionPool | undefined): Json {
  const common = {
    ...(pool?.idleTimeout ? { idle_timeout: seconds(pool.idleTimeout) } : {}),
    ...(pool?.maxRequestsPerConnection ? { max_requests_per_connection: pool.maxRequestsPerConnection } : {}),
  };
  return Object.fromEntries(Object.entries(SAME_PROTOCOL).map(([name, options]) =>
    [name, { ...options as Json, ...(Object.keys(common).length > 0 ? { common_http_protocol_options: common } : {}) }]));
}

function breakerOf(breaker: CircuitBreaker | undefined): Json {
  const pool = breaker?.pool;
  const thresholds: Json = {
    ...(pool?.maxConnections ? { max_connections: pool.maxConnections } : {}),
    ...(pool?.maxPendingRequests ? { max_pending_requests: pool.maxPendingRequests } : {}),
    ...(pool?.maxRequests ? { max_requests: pool.maxRequests } : {}),
    ...(pool?.maxRetries ? { max_retries: pool.maxRetries } : {}),
  };
  return {
    ...(Object.keys(thresholds).length > 0 ? { circuit_breakers: { thresholds: [{ ...thresholds, track_remaining: true }] } } : {}),
    ...(breaker?.outliers ? { outlier_detection: outliers(breaker.outliers) } : {}),
    ...(breaker?.outliers?.minHealth ? { common_lb_config: { healthy_panic_threshold: { value: breaker.outliers.minHealth.toPercent() } } } : {}),
  };
}

function outliers({ consecutiveServerErrors, interval, baseEjectionTime, maxEjection }: OutlierDetection): Json {
  return {
    consecutive_5xx: consecutiveServerErrors ?? 5,
    enforcing_consecutive_5xx: 100,
    enforcing_success_rate: 0,
    // By default Envoy asks a well endpoint back in as soon as an active check goes well, which says nothing of its answers.
    successful_active_health_check_uneject_host: false,
    ...(interval ? { interval: seconds(interval) } : {}),
    ...(baseEjectionTime ? { base_ejection_time: seconds(baseEjectionTime) } : {}),
    ...(maxEjection ? { max_ejection_percent: Math.round(maxEjection.toPercent()) } : {}),
  };
}
