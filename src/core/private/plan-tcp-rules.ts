import { byText, compareText } from '../../private/compare';
import { fail } from '../../private/errors';
import type { TcpRulePlan } from '../plan';
import type { ServiceDeclaration } from './declarations';

/** Rules for connections, those by server name first, in the order of their ports. Two rules for the same connections are an error. */
export function planTcpRules({ tcpRules, ports }: ServiceDeclaration): TcpRulePlan[] {
  const rules = tcpRules.map(({ rule, owner }): TcpRulePlan => ({
    port: ports.find((port) => !port.carriesRequests && (rule.servicePort === undefined || rule.servicePort === port.number))!,
    serverNames: [...new Set(rule.serverNames ?? [])].sort(compareText),
    destinations: rule.destinations,
    constructPath: owner.node.path,
  }));
  const key = (rule: TcpRulePlan) => `${rule.port.number} ${rule.serverNames.length === 0 ? 1 : 0} ${rule.serverNames.join(',')}`;
  rules.sort(byText(key));
  rules.forEach((rule, index) => {
    const before = rules[index - 1];
    const shared = before?.port === rule.port && (before.serverNames.some((name) => rule.serverNames.includes(name)) || key(before) === key(rule));
    if (!shared) { return; }
    fail('MESH-E019', `${before.constructPath} and ${rule.constructPath} both route connections to port ${rule.port.number}`,
      'remove one of them, or tell them apart by port or server name', rule.constructPath);
  });
  return rules;
}
