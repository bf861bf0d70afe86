import type { MeshPlan } from '../../core/plan';
import { fail } from '../../private/errors';

/** Consul's open source edition has no namespaces: two services of one name are one service, whatever Kubernetes says. */
export function refuseSharedNames({ services, externals }: MeshPlan): void {
  const owners = new Map<string, string>();
  for (const { serviceName, scope } of [...services, ...externals]) {
    const path = scope.node.scope?.node.path ?? '';
    const owner = owners.get(serviceName);
    if (owner !== undefined) {
      fail('MESH-E015', `${owner} and ${path} are both named "${serviceName}", and Consul does not tell namespaces apart`, 'give one of them another serviceName', path);
    }
    owners.set(serviceName, path);
  }
}
