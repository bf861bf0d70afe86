import { JsonPatch } from 'cdk8s';
import type { ServicePlan } from '../../core/plan';
import { fail } from '../../private/errors';

/** Asks Kubernetes to prefer near endpoints, for meshes that follow the hints of EndpointSlices and have no order of places of their own. */
export function preferNear({ policy: { locality }, serviceObject, scope }: ServicePlan): void {
  if (!locality || !serviceObject) { return; }
  if (locality.shares.length > 0) {
    fail('MESH-E021', 'shares of places needs locality.prefer, of which Kubernetes knows only near and far', 'use Locality.preferLocal()', scope.node.scope?.node.path);
  }
  serviceObject.addJsonPatch(JsonPatch.add('/spec/trafficDistribution', 'PreferClose'));
}
