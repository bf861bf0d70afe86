import type { HttpRulePlan, ServicePlan } from '../../core/plan';
import * as crd from '../crd';
import { backendOf } from './backend';
import { renderHttpRule, RouteDialect } from './http-route';
import { callsByPort } from './request-ports';
import { refuseReordering } from './route-order';

/** Rules that one route may hold. */
const RULES_PER_ROUTE = 16;
/** Matches that all rules of one route may hold. */
const MATCHES_PER_ROUTE = 128;
/** Matches that one rule may hold. */
const MATCHES_PER_RULE = 64;

/** What the routes of a service are called, and where they stand. */
export interface ServiceRouteOptions extends RouteDialect {
  /** End of the ids and names; empty for the routes of the service's own namespace. */
  readonly suffix?: string;
  /** Namespace of the routes: that of the service (for all clients) or another one (for the clients in it). */
  readonly namespace?: string;
}

/** Parts of a list of rules that fit into one route each. Rules with more matches than one may hold become several. */
export function routeBatches(rules: readonly HttpRulePlan[]): HttpRulePlan[][] {
  const batches: HttpRulePlan[][] = [];
  let matches = 0;
  for (const rule of rules.flatMap(splitRule)) {
    const last = batches[batches.length - 1];
    matches += rule.matches.length;
    if (last && last.length < RULES_PER_ROUTE && matches <= MATCHES_PER_ROUTE) {
      last.push(rule);
    } else {
      batches.push([rule]);
      matches = rule.matches.length;
    }
  }
  return batches;
}

function splitRule(rule: HttpRulePlan): HttpRulePlan[] {
  const parts = Math.ceil(rule.matches.length / MATCHES_PER_RULE);
  return Array.from({ length: parts }, (_, index) => ({
    ...rule,
    ruleName: rule.ruleName && index > 0 ? `${rule.ruleName}-${index + 1}` : rule.ruleName,
    matches: rule.matches.slice(index * MATCHES_PER_RULE, (index + 1) * MATCHES_PER_RULE),
  }));
}

/** The ports of a Service that carry requests, as what routes are bound to. */
export function serviceParents({ ports, serviceName, namespace }: ServicePlan): crd.ParentReference[] {
  return ports.filter((port) => port.carriesRequests).map((port) => ({ group: '', kind: 'Service', name: serviceName, namespace, port: port.number }));
}

/** Writes HTTPRoutes that are bound to a Service, as many as the rules need. */
export function emitServiceRoutes(service: ServicePlan, rules: readonly HttpRulePlan[], options: ServiceRouteOptions): void {
  for (const { service: calls, suffix } of callsByPort({ ...service, httpRules: [...rules] })) {
    emitPortRoutes(calls, { ...options, suffix: `${options.suffix ?? ''}${suffix}` });
  }
}

function emitPortRoutes(service: ServicePlan, options: ServiceRouteOptions): void {
  refuseReordering(service.httpRules);
  routeBatches(service.httpRules).forEach((batch, index) => {
    const suffix = `${options.suffix ?? ''}${index === 0 ? '' : `-${index + 1}`}`;
    new crd.HTTPRoute(service.scope, `HTTPRoute${suffix}`, {
      metadata: { name: `${service.serviceName}${suffix}`, namespace: options.namespace ?? service.namespace },
      spec: { parentRefs: serviceParents(service), rules: batch.map((rule) => renderHttpRule(rule, options)) },
    });
  });
}

/** Writes a TCPRoute or TLSRoute for each rule about connections to a Service. */
export function emitConnectionRoutes(service: ServicePlan): void {
  for (const rule of service.tcpRules) {
    const { scope, serviceName, namespace } = service;
    const suffix = rule.serverNames.length > 0 ? `${rule.port.name}-${rule.serverNames[0].replace(/[^a-z0-9]+/g, '-').replace(/^-/, '')}` : rule.port.name!;
    const metadata = { name: `${serviceName}-${suffix}`, namespace };
    const parentRefs = [{ group: '', kind: 'Service', name: serviceName, namespace, port: rule.port.number }];
    const backendRefs = rule.destinations.map((destination) => ({ ...backendOf(destination, rule.constructPath, rule.port), weight: destination.weight?.toNumber() }));
    if (rule.serverNames.length > 0) {
      new crd.TLSRoute(scope, `TLSRoute-${suffix}`, { metadata, spec: { parentRefs, hostnames: rule.serverNames, rules: [{ backendRefs }] } });
    } else {
      new crd.TCPRoute(scope, `TCPRoute-${suffix}`, { metadata, spec: { parentRefs, rules: [{ backendRefs }] } });
    }
  }
}
