import type { HttpMatch } from '../../core/http-match';
import type { HttpRulePlan, ServicePlan } from '../../core/plan';
import type { Port } from '../../core/port';

/** The calls to one port of a service, as a service of that port alone. */
export interface PortCalls {
  readonly service: ServicePlan;
  /** End of the names of its routes; empty for the only port. */
  readonly suffix: string;
}

/**
 * The calls to a service, port by port. A route sends calls to ports that it names, whichever one they came in by: where a service has several
 * ports for requests, each has routes of its own, so that calls stay on the port that they are for. A port of which nothing is said has none.
 */
export function callsByPort(service: ServicePlan): PortCalls[] {
  const ports = service.ports.filter((port) => port.carriesRequests);
  if (ports.length < 2) { return [{ service, suffix: '' }]; }
  const each = ports.map((port) => ({ port, rules: service.httpRules.flatMap((rule) => ofPort(rule, port)) })).filter(({ rules }) => !passesOn(service, rules));
  return each.map(({ port, rules }) => ({ service: { ...service, ports: [port], httpRules: rules }, suffix: `-${port.name}` }));
}

/** What a rule says of calls that came in by a port; nothing when it is about other ports. */
function ofPort(rule: HttpRulePlan, port: Port): HttpRulePlan[] {
  const matches = rule.matches.filter(({ servicePort }) => servicePort === undefined || servicePort === port.number)
    .map((match): HttpMatch => ({ ...match, servicePort: undefined }));
  if (matches.length === 0) { return []; }
  return [{
    ...rule,
    matches,
    destinations: rule.destinations.map((destination) => destination._by(port.number)),
    mirrors: rule.mirrors?.map((mirror) => mirror._by(port.number)),
  }];
}

/** Whether nothing is said but that calls go where they were sent. */
function passesOn({ host }: ServicePlan, rules: readonly HttpRulePlan[]): boolean {
  return rules.every(({ matches, destinations, policy, clients, constructPath, ruleName, ...actions }) =>
    destinations.length === 1 && destinations[0].targetService.host === host && policy.timeout === undefined && policy.retries === undefined
    && Object.values(actions).every((action) => action === undefined));
}
