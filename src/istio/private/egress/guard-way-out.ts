import { AccessMode } from '../../../core/mesh';
import { PeerKind } from '../../../core/peer';
import type { ExternalPlan, InboundEdgePlan } from '../../../core/plan';
import * as crd from '../../crd';
import { distinct } from '../access-match';
import type { EgressHop } from './egress-hop';

/**
 * Lets nobody but the declared callers out by a gateway, where only those may call. It is a refusal, so that it says nothing of what else leaves
 * by the gateway.
 *
 * @param serverNames server names by which the calls arrive at the gateway
 */
export function guardWayOut({ scope, serviceName, namespace, inbound, access }: ExternalPlan, hop: EgressHop, serverNames: readonly string[]): void {
  if (access === AccessMode.OPEN || serverNames.length === 0 || inbound.length === 0 || inbound.some(({ caller }) => caller.kind === PeerKind.ANYONE)) { return; }
  new crd.AuthorizationPolicy(scope, 'AuthorizationPolicy', {
    metadata: {
      name: `${namespace}-${serviceName}-egress`,
      namespace: hop.namespace,
      annotations: access === AccessMode.AUDIT ? { 'istio.io/dry-run': 'true' } : undefined,
    },
    spec: {
      action: crd.AuthorizationPolicyAction.DENY,
      selector: { matchLabels: { ...hop.selector } },
      rules: [{
        from: [{ source: others(inbound) }],
        when: [{ key: 'connection.sni', values: distinct(serverNames) }],
      }],
    },
  });
}

/** Everybody but the declared callers. */
function others(inbound: readonly InboundEdgePlan[]): crd.Source {
  const callers = inbound.map(({ caller }) => caller);
  return {
    notPrincipals: distinct(callers.filter(({ kind }) => kind !== PeerKind.NAMESPACE).flatMap(({ identity }) => identity?.principal ?? [])),
    notNamespaces: distinct(callers.filter(({ kind }) => kind === PeerKind.NAMESPACE).flatMap(({ namespace }) => namespace ?? [])),
    notIpBlocks: distinct(callers.flatMap(({ blocks }) => blocks ?? [])),
  };
}
