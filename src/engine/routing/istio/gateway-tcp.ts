import type { GatewayProxy } from './gateway';
import { hostsFor } from './gateway-http';
import { ListeningServer } from './gateway-servers';
import { RouteConfig, RouteRule } from './route-config';
import { hostsMatch } from '../../match/host';
import { JsonObject, numberOf, objectsOf, textsOf } from '../../model/json';
import { orderIsKnown } from '../../model/order';
import type { Resource } from '../../model/resource';

/** The TCP or TLS rule that a server of a gateway uses. */
export interface ServerRule {
  readonly rule: RouteRule;
  readonly config: RouteConfig;
  /** Objects that would take its place if they were older, which is not known. */
  readonly ties: readonly Resource[];
}

/** A pass-through rule with the server names that lead to it. */
export interface SniRule extends ServerRule {
  readonly sniHosts: readonly string[];
}

/** The rule for the connections of a server: the first of the oldest configuration that shares a host with it. */
export function tcpRuleOf(proxy: GatewayProxy, item: ListeningServer): ServerRule | undefined {
  const found: { rule: RouteRule; config: RouteConfig }[] = [];
  for (const config of configsOf(proxy, item)) {
    const rule = config.tcp.find(candidate => objectsOf(candidate.spec.route).length > 0 && tcpFits(candidate, item))
      // Routes for TLS of Gateway API also serve where the gateway ends TLS.
      ?? (config.gatewayApi ? config.tls.find(candidate => objectsOf(candidate.spec.match).some(match => matchFits(match, item))) : undefined);
    if (rule) found.push({ rule, config });
  }
  const first = found[0];
  return first && { ...first, ties: tiesOf(proxy, first.config, found.slice(1).map(other => other.config)) };
}

/** The rules of a server that passes TLS on; of rules with a server name in common only the first counts. */
export function sniRulesOf(proxy: GatewayProxy, item: ListeningServer, taken: Map<string, RouteConfig>): SniRule[] {
  const rules: (SniRule & { ties: Resource[] })[] = [];
  for (const config of configsOf(proxy, item)) {
    for (const rule of config.tls) {
      if (objectsOf(rule.spec.route).length === 0) continue;
      for (const match of objectsOf(rule.spec.match)) {
        if (!matchFits(match, item)) continue;
        const sniHosts = textsOf(match.sniHosts);
        const keys = sniHosts.map(host => `${item.server.bind} ${host}`);
        const owner = keys.map(key => taken.get(key)).find(other => other !== undefined);
        if (owner) {
          const loser = tiesOf(proxy, owner, [config]);
          if (loser.length > 0) rules.find(other => other.config === owner)?.ties.push(...loser);
          continue;
        }
        for (const key of keys) taken.set(key, config);
        rules.push({ sniHosts, rule, config, ties: [] });
      }
    }
  }
  return rules;
}

function configsOf(proxy: GatewayProxy, item: ListeningServer): RouteConfig[] {
  return proxy.routing.configs.bound(item.gateway.name, proxy.namespace)
    .filter(config => hostsFor(item.hosts, config.namespace).some(host => config.hosts.some(other => hostsMatch(host, other))));
}

function tcpFits(rule: RouteRule, item: ListeningServer): boolean {
  const matches = objectsOf(rule.spec.match);
  return matches.length === 0 || matches.some(match => matchFits(match, item));
}

/** On gateways only a match's port and gateways count; addresses and sources do not. */
function matchFits(match: JsonObject, { server, gateway }: ListeningServer): boolean {
  const port = numberOf(match.port) ?? 0;
  const gateways = textsOf(match.gateways);
  return (port === 0 || port === server.port) && (gateways.length === 0 || gateways.includes(gateway.name));
}

function tiesOf(proxy: GatewayProxy, winner: RouteConfig, others: readonly RouteConfig[]): Resource[] {
  const tied = others.filter(other => other !== winner && !orderIsKnown(other.resource, winner.resource)
    && proxy.routing.configs.sameRank(other, winner, proxy.namespace));
  return tied.length > 0 ? [winner.resource, ...tied.map(other => other.resource)] : [];
}
