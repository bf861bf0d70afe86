import type { Destination } from '../../core/destination';
import type { HttpMatch } from '../../core/http-match';
import type { HttpRulePlan, ServicePlan } from '../../core/plan';
import type { Port } from '../../core/port';
import type { Retries } from '../../core/retry';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { istioDuration } from './duration';
import { renderActions, replacesPrefix } from './http-actions';
import { isEmptyMatch, renderMatch } from './match';

/** Writes the one VirtualService of a service, when there is something to say about its requests. */
export function lowerVirtualService(service: ServicePlan): void {
  if (service.httpRules.length === 0) { return; }
  const ports = service.ports.filter((port) => port.carriesRequests);
  new crd.VirtualService(service.scope, 'VirtualService', {
    metadata: { name: service.serviceName, namespace: service.namespace },
    spec: { hosts: [service.host], http: service.httpRules.flatMap((rule) => renderRule(rule, ports)) },
  });
}

/**
 * A rule in Istio's words. With several ports a rule is written once for each, so that requests leave by the port that they came for.
 *
 * @param ports ports of the host that carry requests
 */
export function renderRule(rule: HttpRulePlan, ports: readonly Port[]): crd.HTTPRoute[] {
  const follows = [...rule.destinations, ...(rule.mirrors ?? []).map((mirror) => mirror.destination)].some((destination) => destination.servicePort === undefined);
  if (ports.length < 2 || !follows) { return renderFor(rule, rule.matches, ports[0]?.number, undefined); }
  return ports.flatMap((port) => {
    const matches = rule.matches.filter((match) => match.servicePort === undefined || match.servicePort === port.number);
    return matches.length === 0 ? [] : renderFor(rule, matches, port.number, port);
  });
}

function renderFor(rule: HttpRulePlan, matches: readonly HttpMatch[], port: number | undefined, only: Port | undefined): crd.HTTPRoute[] {
  const clients = rule.clients ?? [undefined];
  const rendered = matches.flatMap((match) => clients.flatMap((client) => renderMatch(match, client, only?.number)));
  if (!replacesPrefix(rule)) { return [renderRoute(rule, rendered, port, only, false)]; }
  const below = rendered.filter((match) => match.uri === undefined || match.uri.prefix !== undefined);
  const exact = rendered.filter((match) => !below.includes(match));
  const parts: [crd.HTTPMatchRequest[], boolean][] = [[exact, false], [below, true]];
  return parts.filter(([some]) => some.length > 0).map(([some, isBelow]) => renderRoute(rule, some, port, only, isBelow));
}

function renderRoute(rule: HttpRulePlan, match: crd.HTTPMatchRequest[], port: number | undefined, only: Port | undefined, below: boolean): crd.HTTPRoute {
  const destination = (to: Destination) => renderDestination(to, port, rule.constructPath);
  const name = rule.ruleName && (only ? `${rule.ruleName}-${only.name}` : rule.ruleName);
  return {
    name: name && below ? `${name}-below` : name,
    match: match.some(isEmptyMatch) ? undefined : match,
    ...renderActions(rule, below),
    route: rule.destinations.length > 0 ? rule.destinations.map(destination) : undefined,
    mirrors: rule.mirrors?.map((mirror) => ({ destination: destination(mirror.destination).destination, percentage: { value: mirror.share.toPercent() } })),
    timeout: istioDuration(rule.policy.timeout),
    retries: rule.policy.retries && renderRetries(rule.policy.retries),
  };
}

function renderDestination(destination: Destination, port: number | undefined, path: string): crd.HTTPRouteDestination {
  const number = destinationPort(destination, port, path);
  return {
    destination: {
      host: destination.targetService.host,
      subset: destination.targetSubset?.subsetName,
      port: number === undefined ? undefined : { number },
    },
    weight: destination.weight?.toNumber(),
  };
}

/** The port to name: none when the destination has just one, else the one asked for, of the same number, or the only one for requests. */
function destinationPort(destination: Destination, port: number | undefined, path: string): number | undefined {
  const ports = destination.targetService.servicePorts;
  const wanted = destination.servicePort ?? port;
  if (destination.servicePort === undefined && ports.length === 1) { return undefined; }
  if (ports.some((candidate) => candidate.number === wanted)) { return wanted; }
  const requests = ports.filter((candidate) => candidate.carriesRequests);
  if (destination.servicePort !== undefined || requests.length !== 1) {
    fail('MESH-E005', `${destination.toString()} has no port ${wanted}`, `name one of ${ports.map((candidate) => candidate.number).join(', ')}`, path);
  }
  return requests[0].number;
}

/** Retries in Istio's words. */
export function renderRetries(retries: Retries): crd.HTTPRetry {
  if (retries.maxAttempts === 0) { return { attempts: 0 }; }
  return {
    attempts: retries.maxAttempts,
    retryOn: [...retries.conditions, ...retries.statusCodes].join(','),
    perTryTimeout: istioDuration(retries.perTryTimeout),
    backoff: istioDuration(retries.backoff),
  };
}
