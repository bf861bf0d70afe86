import type { LinkerdAuthorization } from '../../authz/linkerd/authorization';
import { isAuthenticated, isWithin, LinkerdClient } from '../../authz/linkerd/client-match';
import type { InboundDecision, InboundPolicy } from '../../authz/linkerd/inbound-policy';
import { rateLimitOf } from '../../authz/linkerd/rate-limits';
import type { JsonObject } from '../../model/json';
import { LINKERD } from '../../model/linkerd';
import type { Cluster } from '../../model/model';
import { nameOf } from '../../model/resource';
import type { HttpRequest } from '../../routing/http-request';
import type { Received, Target } from '../data-plane';
import { explainPod } from '../explain-pod';

/** What a server's proxy did with a request. */
export interface LinkerdServerStory {
  readonly cluster: Cluster;
  readonly target: Target;
  readonly client: LinkerdClient;
  readonly policy: InboundPolicy;
  readonly decision: InboundDecision;
  readonly received: Received;
  readonly request?: HttpRequest;
}

/** Tells what a server's proxy did: who it took the client for, and what each authorization said. */
export function explainServer({ client, cluster, decision, policy, received, request, target }: LinkerdServerStory): JsonObject {
  const limit = policy.server && request && rateLimitOf(cluster.family(LINKERD), policy.server, client.identity);
  const stages = [
    ...(decision.route?.route ? [{ stage: 'route', rules: rulesOf(decision.route.grants.authorizations, client) }] : []),
    { stage: 'server', rules: rulesOf(policy.grants.authorizations, client), leftOut: policy.grants.ignored.map(item => ({ policy: nameOf(item.policy), reason: item.reason })) },
  ];
  return {
    pod: explainPod(target.pod),
    port: target.port,
    ...(policy.server ? { server: nameOf(policy.server.resource) } : {}),
    authentication: { security: target.security, ...(client.identity === undefined ? {} : { peer: client.identity }) },
    authorization: {
      allowed: received.allowed,
      stage: received.stage,
      ...(received.decidedBy ? { decidedBy: received.decidedBy } : {}),
      reads: request && policy.protocol !== 'opaque' ? 'requests' : 'connections',
      ...(decision.route?.route ? { route: { ...nameOf(decision.route.route.resource), rule: decision.route.rule } } : {}),
      stages,
    },
    rateLimit: limit
      ? { decided: true, policy: nameOf(limit.policy), total: limit.total, own: limit.own, ignored: limit.ignored.map(nameOf) }
      : { decided: false },
  };
}

function rulesOf(authorizations: readonly LinkerdAuthorization[], client: LinkerdClient): JsonObject[] {
  return authorizations.map(({ authentication, networks, resource, title }) => {
    const who = isAuthenticated(authentication, client);
    const where = networks.some(item => (client.ip === undefined ? item.cidr.endsWith('/0') : isWithin(item, client.ip)));
    const checks = [
      { field: 'authentication', values: authentication.kind === 'identity' ? [...authentication.identities] : [authentication.kind], result: who },
      { field: 'networks', values: networks.map(item => item.cidr), result: where },
    ];
    const policy = resource ? nameOf(resource) : { kind: 'default', namespace: '', name: title };
    return { policy, rule: 0, result: who && where, from: [{ result: who && where, checks }] };
  });
}
