import type { Construct } from 'constructs';
import type { CircuitBreaker } from '../../core/circuit-breaker';
import { MtlsMode } from '../../core/mesh';
import type { MeshPlan, ServicePlan } from '../../core/plan';
import { byText } from '../../private/compare';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { consulDuration } from './duration';
import { onlyPort, protocolOf } from './protocol';

/**
 * Writes the protocol of a service, and the limits that its proxies keep towards the services that they call: Consul sets those at the caller.
 */
export function lowerServiceDefaults(service: ServicePlan, limited: LimitedServices): void {
  emitServiceDefaults(service.scope, 'ServiceDefaults', service, service.mtls, limited);
}

/** Services that limit their callers, by their hosts. */
export type LimitedServices = ReadonlyMap<string, ServicePlan>;

/** The services of a plan that limit their callers. */
export function limitedServices({ services }: MeshPlan): LimitedServices {
  return new Map(services.filter(({ policy }) => policy.circuitBreaker).map((service) => [service.host, service]));
}

/** Writes the ServiceDefaults of a service with a mutual TLS mode. */
export function emitServiceDefaults(scope: Construct, id: string, service: ServicePlan, mode: MtlsMode | undefined, limited: LimitedServices): void {
  const overrides = upstreams(service, limited);
  if (service.ports.length === 0 && overrides.length === 0) { return; }
  new crd.ServiceDefaults(scope, id, {
    metadata: { name: service.serviceName, namespace: service.namespace },
    spec: {
      protocol: service.ports.length > 0 ? protocolOf(onlyPort(service)) : undefined,
      mutualTLSMode: mode === MtlsMode.PERMISSIVE ? 'permissive' : undefined,
      upstreamConfig: overrides.length > 0 ? { overrides } : undefined,
    },
  });
}

function upstreams(service: ServicePlan, limited: LimitedServices): crd.Upstream[] {
  const targets = [...new Set(service.outbound.map((edge) => edge.host))].flatMap((host) => limited.get(host) ?? []);
  return targets.sort(byText(({ namespace, serviceName }) => `${namespace}/${serviceName}`))
    .flatMap((target) => renderUpstream(target.serviceName, target.policy.circuitBreaker!, pathOf(target)) ?? []);
}

/** Refuses limits at a service whose callers are not known. */
export function refuseUnknownCallers(service: ServicePlan): void {
  const { circuitBreaker } = service.policy;
  if (circuitBreaker && renderUpstream('', circuitBreaker, pathOf(service)) && service.inbound.every(({ caller }) => caller.labels === undefined)) {
    fail('MESH-E018', `a circuit breaker for "${service.serviceName}", whose callers were not declared: Consul sets limits at the callers`,
      'declare who calls it with connections.allowTo()', pathOf(service));
  }
}

function renderUpstream(name: string, { outliers, pool }: CircuitBreaker, path: string | undefined): crd.Upstream | undefined {
  if (pool?.maxRequestsPerConnection !== undefined || pool?.maxRetries !== undefined) {
    fail('MESH-E021', 'maxRequestsPerConnection and maxRetries need cb.pool.http, of which consul knows pending and concurrent requests only', 'leave them out', path);
  }
  if (outliers?.minHealth !== undefined) {
    fail('MESH-E021', 'minHealth of a circuit breaker needs cb.outlier.ejection, of which consul knows time and largest share', 'leave it out', path);
  }
  const limits = pool && (pool.maxConnections ?? pool.maxPendingRequests ?? pool.maxRequests) !== undefined ? {
    maxConnections: pool.maxConnections,
    maxPendingRequests: pool.maxPendingRequests,
    maxConcurrentRequests: pool.maxRequests,
  } : undefined;
  const passiveHealthCheck = outliers && {
    maxFailures: outliers.consecutiveServerErrors,
    enforcingConsecutive5xx: 100,
    interval: consulDuration(outliers.interval),
    baseEjectionTime: consulDuration(outliers.baseEjectionTime),
    maxEjectionPercent: outliers.maxEjection && Math.round(outliers.maxEjection.toPercent()),
  };
  return limits || passiveHealthCheck ? { name, limits, passiveHealthCheck } : undefined;
}

function pathOf(service: ServicePlan): string | undefined {
  return service.scope.node.scope?.node.path;
}
