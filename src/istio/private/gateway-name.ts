import type { IMeshResource } from '../../core/resource';
import { fail } from '../../private/errors';

/** How an object of a namespace names a Gateway: with its namespace, which is no other than meant then. */
export function gatewayName(gateway: IMeshResource, namespace: string | undefined): string {
  const { resourceName, resourceNamespace } = gateway;
  if (resourceNamespace === undefined && namespace !== undefined) {
    fail('MESH-E030', `Gateway "${resourceName}" has no namespace, and an object of namespace ${namespace} refers to it`,
      'name a namespace in its metadata or for its chart');
  }
  return resourceNamespace === undefined ? resourceName : `${resourceNamespace}/${resourceName}`;
}
