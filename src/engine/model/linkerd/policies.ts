import { JsonObject, objectOf, objectsOf, textOf } from '../json';
import { Resource } from '../resource';

/** The group of Linkerd's policy API. */
export const LINKERD_POLICY_GROUP = 'policy.linkerd.io';

/** A port of some pods, with how it is read. */
export interface LinkerdServer {
  readonly resource: Resource;
  /** Label selector of pods; absent where it selects machines outside of the cluster. */
  readonly podSelector?: JsonObject;
  /** Number, or name of a container's port. */
  readonly port: number | string;
  readonly proxyProtocol: string;
  readonly accessPolicy: string;
}

/** What an AuthorizationPolicy or a rate limit speaks about. */
export interface LocalTarget {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/** A reference to an authentication. */
export interface AuthenticationReference extends LocalTarget {
  readonly namespace: string;
}

/** An AuthorizationPolicy of Linkerd. */
export interface LinkerdAuthorizationPolicy {
  readonly resource: Resource;
  readonly target: LocalTarget;
  readonly authentications: readonly AuthenticationReference[];
}

/** Reads a Server. */
export function linkerdServerOf(resource: Resource): LinkerdServer {
  const { spec } = resource;
  return {
    resource,
    podSelector: spec.podSelector === undefined ? undefined : objectOf(spec.podSelector),
    port: typeof spec.port === 'number' ? spec.port : textOf(spec.port) ?? '',
    proxyProtocol: textOf(spec.proxyProtocol) ?? 'unknown',
    accessPolicy: textOf(spec.accessPolicy) ?? 'deny',
  };
}

/** Reads a reference to an object of the same namespace. */
export function localTargetOf(value: unknown): LocalTarget {
  const target = objectOf(value);
  return { group: textOf(target.group) ?? '', kind: textOf(target.kind) ?? '', name: textOf(target.name) ?? '' };
}

/** Reads an AuthorizationPolicy. */
export function linkerdAuthorizationPolicyOf(resource: Resource): LinkerdAuthorizationPolicy {
  return {
    resource,
    target: localTargetOf(resource.spec.targetRef),
    authentications: objectsOf(resource.spec.requiredAuthenticationRefs)
      .map(item => ({ ...localTargetOf(item), namespace: textOf(item.namespace) || resource.namespace })),
  };
}
