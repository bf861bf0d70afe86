import { fail } from '../../private/errors';
import type { MeshPlan } from '../plan';

/** Fails where a plan asks for what a mesh could do and its construct does not write. */
export function refuseUnwritten({ services }: MeshPlan, meshName: string): void {
  for (const { authorizer, rateLimits, scope } of services) {
    const what = authorizer ? 'a service that decides about requests (authz.custom)' : rateLimits.length > 0 ? 'a limit of requests (ratelimit.local)' : undefined;
    if (what) {
      fail('MESH-E021', `${what}, which is not written for ${meshName}`, `write it with the resources of ${meshName} itself, or use Istio`, scope.node.scope?.node.path);
    }
  }
}
