import { CORE } from '../../model/core';
import { GATEWAY_API } from '../../model/gatewayapi';
import { GATEWAY_API_GROUP } from '../../model/gatewayapi/gateway';
import type { BackendReference, GatewayRoute } from '../../model/gatewayapi/route';
import type { Cluster } from '../../model/model';

/** What a reference to a backend comes to. */
export type BackendState =
  /** It leads to the backend. */
  | 'found'
  /** The backend lives in another namespace that grants no reference. */
  | 'refused'
  /** The Service does not exist. */
  | 'missing'
  /** Nothing is known about the kind. */
  | 'unsupported'
  /** The reference itself is wrong, so that the whole route is. */
  | 'invalid';

/** How an implementation resolves the backends of a route. */
export interface BackendRules {
  /** Whether backends in other namespaces need a ReferenceGrant. */
  readonly grants: boolean;
  /** Resolves kinds other than Service; undefined leaves a kind unsupported. */
  other?(backend: BackendReference): BackendState | undefined;
}

/** The state of a backend of a route. */
export function backendState(cluster: Cluster, route: GatewayRoute, backend: BackendReference, rules: BackendRules): BackendState {
  const from = { group: GATEWAY_API_GROUP, kind: route.kind, namespace: route.resource.namespace };
  if (rules.grants && backend.namespace !== from.namespace && !cluster.family(GATEWAY_API).grants(from, backend)) return 'refused';
  if (backend.kind !== 'Service' || backend.group !== '') return rules.other?.(backend) ?? 'unsupported';
  if (backend.name.includes('.') || backend.port === undefined) return 'invalid';
  return cluster.family(CORE).servicesByName.has(`${backend.namespace}/${backend.name}`) ? 'found' : 'missing';
}
