import { identityFits } from './client-match';
import { numberOf, objectOf, objectsOf, textOf } from '../../model/json';
import type { LinkerdFacts } from '../../model/linkerd';
import { LinkerdServer, localTargetOf } from '../../model/linkerd/policies';
import type { Resource } from '../../model/resource';

/** The limits that count for a client at a Server. */
export interface LinkerdRateLimit {
  readonly policy: Resource;
  /** Requests per second of all clients of the proxy together. */
  readonly total?: number;
  /** The client's own bucket, checked after that of all. */
  readonly own?: { readonly kind: 'identity' | 'override'; readonly requestsPerSecond: number; readonly sharedBy: 'unauthenticated' | 'identity' | 'override' };
  /** Policies for the same Server that came later and do not count. */
  readonly ignored: readonly Resource[];
}

/** The rate limit of a Server for a client. Only the oldest policy counts, and ports that carry gRPC or unread bytes have none. */
export function rateLimitOf(facts: LinkerdFacts, server: LinkerdServer, identity: string | undefined): LinkerdRateLimit | undefined {
  if (['gRPC', 'opaque', 'TLS'].includes(server.proxyProtocol)) return undefined;
  const [policy, ...ignored] = facts.rateLimits.filter(item => {
    const target = localTargetOf(item.spec.targetRef);
    return item.namespace === server.resource.namespace && target.kind === 'Server' && target.name === server.resource.name;
  });
  if (!policy) return undefined;
  const total = numberOf(objectOf(policy.spec.total).requestsPerSecond);
  const override = objectsOf(policy.spec.overrides).find(item => objectsOf(item.clientRefs).some(reference => {
    const name = `${textOf(reference.name) ?? ''}.${textOf(reference.namespace) || policy.namespace}.${facts.settings.identitySuffix}`;
    return identity !== undefined && identityFits(name, identity);
  }));
  const base = { policy, total, ignored };
  if (override) return { ...base, own: { kind: 'override', requestsPerSecond: numberOf(override.requestsPerSecond) ?? 0, sharedBy: 'override' } };
  const each = numberOf(objectOf(policy.spec.identity).requestsPerSecond);
  if (each === undefined) return base;
  return { ...base, own: { kind: 'identity', requestsPerSecond: each, sharedBy: identity === undefined ? 'unauthenticated' : 'identity' } };
}
