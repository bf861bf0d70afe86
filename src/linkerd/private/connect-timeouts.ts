import { linkerdDuration } from './duration';
import type { MeshPlan, ServicePlan } from '../../core/plan';
import { fail } from '../../private/errors';

/** Tells the proxies of clients how long connections may take. A proxy has one such time for all that its pod calls. */
export function applyConnectTimeouts({ services, externals }: MeshPlan): void {
  const timeouts = new Map<string, string>();
  for (const { host, policy } of services) { note(timeouts, [host], linkerdDuration(policy.circuitBreaker?.pool?.connectTimeout)); }
  for (const { hosts, policy } of externals) { note(timeouts, hosts, linkerdDuration(policy.circuitBreaker?.pool?.connectTimeout)); }
  if (timeouts.size === 0) { return; }
  services.forEach((client) => applyTo(client, timeouts));
}

function note(timeouts: Map<string, string>, hosts: readonly string[], timeout: string | undefined): void {
  if (timeout !== undefined) { hosts.forEach((host) => timeouts.set(host, timeout)); }
}

function applyTo({ outbound, workloads, scope }: ServicePlan, timeouts: ReadonlyMap<string, string>): void {
  const asked = [...new Set(outbound.flatMap(({ host }) => timeouts.get(host) ?? []))].sort();
  if (asked.length === 0) { return; }
  if (asked.length > 1) {
    fail('MESH-E021', `connect timeouts of ${asked.join(' and ')} for calls of one client need timeout.connect, of which linkerd knows one for each client`,
      'give all that it calls the same one', scope.node.scope?.node.path);
  }
  workloads.forEach((workload) => workload.addPodAnnotations({ 'config.linkerd.io/proxy-outbound-connect-timeout': asked[0] }));
}
