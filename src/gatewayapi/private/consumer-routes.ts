import type { HttpRulePlan, ServicePlan } from '../../core/plan';
import { callPolicyKey } from '../../core/private/merge-policies';
import { matchKey } from '../../core/private/rule-order';
import { compareText } from '../../private/compare';
import { fail } from '../../private/errors';

/** What clients of one namespace get instead of the routes of the service. */
export interface ConsumerRules {
  readonly namespace: string;
  readonly rules: readonly HttpRulePlan[];
}

/**
 * Rules for single callers, as routes in the namespaces of those callers. Such routes replace those of the service as a whole, so each set
 * holds all rules. Callers of one namespace cannot be told apart, and those of the service's own namespace not from everybody else.
 */
export function consumerRules({ httpRules, namespace, scope }: ServicePlan): ConsumerRules[] {
  const clients = httpRules.flatMap((rule) => rule.clients ?? []);
  return [...new Set(clients.map((client) => client.namespace!))].sort(compareText).map((home) => {
    const own = httpRules.filter((rule) => rule.clients?.some((client) => client.namespace === home));
    if (home === namespace || new Set(own.map((rule) => callPolicyKey(rule.policy))).size > 1) {
      fail('MESH-E021', `a timeout or retries for single callers in namespace ${home} needs match.source, of which routes know only other namespaces as a whole`,
        "give the service one policy for all of its callers, or accept the loss with accept: ['match.source'] on the mesh", scope.node.scope?.node.path);
    }
    const replaced = new Set(own.flatMap((rule) => rule.matches.map(matchKey)));
    const general = httpRules.filter((rule) => rule.clients === undefined && !rule.matches.every((match) => replaced.has(matchKey(match))));
    return { namespace: home, rules: [...own, ...general] };
  });
}
