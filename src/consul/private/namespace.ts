import { AccessMode } from '../../core/mesh';
import type { NamespacePlan } from '../../core/namespace-plan';
import { fail } from '../../private/errors';

/**
 * Takes a namespace in. Each of its services denies by itself; what leaves the mesh is for the whole mesh to say.
 *
 * @param egressDenied whether the mesh refuses calls to what was not declared
 */
export function lowerNamespace({ scope, namespace, namespaceObject: { metadata }, access }: NamespacePlan, egressDenied: boolean): void {
  metadata.addAnnotation('consul.hashicorp.com/connect-inject', 'true');
  if (access === AccessMode.DECLARED && !egressDenied) {
    fail('MESH-E031', `zero trust namespace "${namespace}" in a Consul mesh that lets calls to undeclared services out, which Consul can refuse for the whole mesh only`,
      'set denyUndeclaredEgress: true on the mesh', scope.node.scope?.node.path);
  }
}
