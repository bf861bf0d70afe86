import { explainL4, explainPolicies } from './explain-policies';
import { ProxySecurity } from './security';
import { Authorization } from '../../authz/istio/authorize';
import { RequestFacts } from '../../authz/istio/facts';
import { PolicySet } from '../../authz/istio/policy-set';
import { L4PolicySet } from '../../authz/istio/ztunnel';
import type { JsonObject } from '../../model/json';
import { nameOf } from '../../model/resource';
import type { Arrival, Received, Target } from '../data-plane';
import { explainPod } from '../explain-pod';

/** What a server's proxy did with a request. */
export interface ServerStory {
  readonly security: ProxySecurity;
  readonly target: Target;
  readonly arrival: Arrival;
  readonly received: Received;
  readonly set?: PolicySet;
  readonly result?: Authorization;
  readonly l4?: { readonly set: L4PolicySet; readonly facts: RequestFacts };
}

/** Tells what a server's proxy did: who it took the client for, and what each of its policies said. */
export function explainServer({ arrival, l4, received, result, security, set, target }: ServerStory): JsonObject {
  const mtls = security.mtls.forPort(target.port);
  return {
    pod: explainPod(target.pod),
    port: target.port,
    authentication: {
      mode: mtls.mode,
      ...(mtls.policy ? { policy: nameOf(mtls.policy.resource) } : {}),
      security: target.security,
      ...(target.security === 'mtls' && arrival.identity !== undefined ? { peer: `spiffe://${arrival.identity}` } : {}),
      ...(result ? { token: result.token.result } : {}),
    },
    authorization: {
      allowed: received.allowed,
      stage: received.stage,
      ...(received.decidedBy ? { decidedBy: received.decidedBy } : {}),
      reads: set ? (set.forTcp ? 'connections' : 'requests') : 'connections',
      stages: set && result ? explainPolicies(set, factsBeforeToken(result), result) : l4 ? explainL4(l4.set, l4.facts) : [],
    },
    // Rate limits are patches of the proxy's configuration, which manifests do not decide.
    rateLimit: { decided: false },
  };
}

/** What stages before the token's check see. */
function factsBeforeToken(result: Authorization): RequestFacts {
  return { ...result.facts, claims: undefined };
}
