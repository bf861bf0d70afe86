import type { Construct } from 'constructs';
import { PeerKind } from '../../core/peer';
import type { PeerPlan } from '../../core/plan';
import { byText, compareText } from '../../private/compare';
import * as crd from '../crd';

const GROUP = 'policy.linkerd.io';

/** Every address there is. */
export const EVERYWHERE: readonly string[] = ['0.0.0.0/0', '::/0'];

/** What a policy is bound to. */
export interface Target {
  readonly group: string;
  readonly kind: 'Server' | 'HTTPRoute' | 'GRPCRoute';
  readonly name: string;
}

/**
 * Lets callers in at one target. Policies add up, so callers known by identity and callers known by address get one each, with the
 * authentication that each needs.
 *
 * @param name beginning of the names of the objects
 */
export function admit(scope: Construct, namespace: string, name: string, target: Target, callers: readonly PeerPlan[]): void {
  const identities = identityRefs(callers);
  const blocks = addressesOf(callers);
  if (identities.length > 0) {
    new crd.MeshTLSAuthentication(scope, `MeshTLSAuthentication-${name}`, { metadata: { name, namespace }, spec: { identityRefs: identities } });
    bind(scope, namespace, name, target, { group: GROUP, kind: 'MeshTLSAuthentication', name });
  }
  if (blocks.length > 0) {
    const networks = `${name}-networks`;
    new crd.NetworkAuthentication(scope, `NetworkAuthentication-${networks}`, {
      metadata: { name: networks, namespace },
      spec: { networks: blocks.map((cidr) => ({ cidr })) },
    });
    bind(scope, namespace, networks, target, { group: GROUP, kind: 'NetworkAuthentication', name: networks });
  }
}

function bind(scope: Construct, namespace: string, name: string, targetRef: Target, authentication: crd.NamespacedTargetReference): void {
  new crd.AuthorizationPolicy(scope, `AuthorizationPolicy-${name}`, {
    metadata: { name, namespace },
    spec: { targetRef, requiredAuthenticationRefs: [authentication] },
  });
}

function identityRefs(callers: readonly PeerPlan[]): crd.IdentityReference[] {
  const refs = callers.flatMap((caller): crd.IdentityReference[] => {
    if (caller.kind === PeerKind.NAMESPACE) { return [{ kind: 'Namespace', name: caller.namespace! }]; }
    return caller.identity ? [{ kind: 'ServiceAccount', name: caller.identity.serviceAccountName, namespace: caller.identity.namespace }] : [];
  });
  const key = (ref: crd.IdentityReference) => `${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
  return [...new Map(refs.map((ref) => [key(ref), ref])).values()].sort(byText(key));
}

function addressesOf(callers: readonly PeerPlan[]): string[] {
  if (callers.some((caller) => caller.kind === PeerKind.ANYONE)) { return [...EVERYWHERE]; }
  const blocks = callers.flatMap((caller) => caller.blocks ?? []).map((block) => (block.includes('/') ? block : `${block}/${block.includes(':') ? 128 : 32}`));
  return [...new Set(blocks)].sort(compareText);
}
