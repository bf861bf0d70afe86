import type { Destination } from '../../core/destination';
import type { HttpMatch } from '../../core/http-match';
import type { HttpRulePlan, ServicePlan, TcpRulePlan } from '../../core/plan';
import type { Port } from '../../core/port';
import { arrivalPort } from '../../core/private/arrival';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { renderHttpRoutes, RouteWords } from './http-route';
import { renderMatch } from './match';

/** Writes the one VirtualService of a service, when there is something to say about its requests. */
export function lowerVirtualService(service: ServicePlan): void {
  if (service.httpRules.length === 0 && service.tcpRules.length === 0) { return; }
  const ports = service.ports.filter((port) => port.carriesRequests);
  const http = service.httpRules.flatMap((rule) => renderRule(rule, ports));
  const tls = service.tcpRules.filter((rule) => rule.serverNames.length > 0);
  const tcp = service.tcpRules.filter((rule) => rule.serverNames.length === 0);
  new crd.VirtualService(service.scope, 'VirtualService', {
    metadata: { name: service.serviceName, namespace: service.namespace },
    spec: {
      hosts: [...new Set([service.host, ...tls.flatMap((rule) => rule.serverNames)])],
      http: http.length > 0 ? http : undefined,
      tls: tls.length > 0 ? tls.map((rule) => ({ match: [{ port: rule.port.number, sniHosts: rule.serverNames }], route: renderTargets(rule) })) : undefined,
      tcp: tcp.length > 0 ? tcp.map((rule) => ({ match: [{ port: rule.port.number }], route: renderTargets(rule) })) : undefined,
    },
  });
}

/**
 * A rule in Istio's words. With several ports a rule is written once for each, so that requests leave by the port that they came for.
 *
 * @param ports ports of the host that carry requests
 */
export function renderRule(rule: HttpRulePlan, ports: readonly Port[]): crd.HTTPRoute[] {
  const targets = [...rule.destinations, ...(rule.mirrors ?? []).map((mirror) => mirror.destination)];
  const follows = targets.some((destination) => destination.servicePort === undefined);
  if (ports.length < 2 || !follows) { return renderFor(rule, rule.matches, ports[0]?.number, undefined); }
  return ports.flatMap((port) => {
    const matches = rule.matches.filter((match) => match.servicePort === undefined || match.servicePort === port.number);
    return matches.length === 0 ? [] : renderFor(rule, matches, port.number, port);
  });
}

function renderFor(rule: HttpRulePlan, matches: readonly HttpMatch[], port: number | undefined, only: Port | undefined): crd.HTTPRoute[] {
  const clients = rule.clients ?? [undefined];
  const destination = (to: Destination) => renderDestination(to, port, rule.constructPath);
  const words: RouteWords = {
    name: rule.ruleName && (only ? `${rule.ruleName}-${only.name}` : rule.ruleName),
    handling: rule,
    policy: rule.policy,
    route: rule.destinations.map(destination),
    mirrors: rule.mirrors?.map((mirror) => ({
      destination: destination(mirror.destination).destination,
      percentage: { value: mirror.share.toPercent() },
    })),
  };
  return renderHttpRoutes(words, matches.flatMap((match) => clients.flatMap((client) => renderMatch(match, client, only?.number))));
}

function renderTargets({ destinations, port, constructPath }: TcpRulePlan): crd.RouteDestination[] {
  return destinations.map((destination) => renderDestination(destination, port.number, constructPath));
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

/** The port to name: none when the destination has just one and nobody asked for it. */
function destinationPort(destination: Destination, port: number | undefined, path: string): number | undefined {
  const ports = destination.targetService.servicePorts;
  if (destination.servicePort === undefined && ports.length === 1) { return undefined; }
  return arrivalPort(destination, port)
    ?? fail('MESH-E005', `${destination.toString()} has no port ${destination.servicePort ?? port}`, `name one of ${ports.map((candidate) => candidate.number).join(', ')}`, path);
}
