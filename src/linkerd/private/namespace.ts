import { AccessMode } from '../../core/mesh';
import type { NamespacePlan } from '../../core/namespace-plan';

/**
 * Takes a namespace in, and refuses calls on ports that no Server speaks of.
 *
 * @see https://linkerd.io/2/reference/authorization-policy/#default-policies
 */
export function lowerNamespace({ namespaceObject: { metadata }, access }: NamespacePlan): void {
  metadata.addAnnotation('linkerd.io/inject', 'enabled');
  metadata.addAnnotation('config.linkerd.io/default-inbound-policy', access === AccessMode.AUDIT ? 'audit' : 'deny');
}
