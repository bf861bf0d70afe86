import { AccessMode } from '../../../core/mesh';
import type { NamespacePlan } from '../../../core/namespace-plan';
import { fail } from '../../../private/errors';
import { allowNothing } from '../namespace';

/** Takes a namespace in, and lets ztunnel refuse whatever no policy of its services allows. */
export function lowerAmbientNamespace(plan: NamespacePlan): void {
  const { scope, namespace, namespaceObject, access, networkPolicies } = plan;
  if (access === AccessMode.DECLARED && !networkPolicies) {
    fail('MESH-E021', `refusing calls out of zero trust namespace "${namespace}" that were not declared needs egress.allowlist, which istio-ambient has for declared services only`,
      'leave networkPolicies on, which refuse them', scope.node.scope?.node.path);
  }
  namespaceObject.metadata.addLabel('istio.io/dataplane-mode', 'ambient');
  allowNothing(plan);
}
