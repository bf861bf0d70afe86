import type { HttpRulePlan, ServicePlan } from '../../core/plan';
import * as crd from '../crd';
import { backendOf } from './backend';
import { renderHttpRule, RouteDialect } from './http-route';

/** Rules that one route may hold. */
const RULES_PER_ROUTE = 16;

/** What the routes of a service are called, and where they stand. */
export interface ServiceRouteOptions extends RouteDialect {
  /** End of the ids and names; empty for the routes of the service's own namespace. */
  readonly suffix?: string;
  /** Namespace of the routes: that of the service (for all clients) or another one (for the clients in it). */
  readonly namespace?: string;
}

/** Parts of a list that fit into one route each. */
export function routeBatches<T>(rules: readonly T[]): T[][] {
  const batches: T[][] = [];
  for (let first = 0; first < rules.length; first += RULES_PER_ROUTE) { batches.push(rules.slice(first, first + RULES_PER_ROUTE)); }
  return batches;
}

/** The ports of a Service that carry requests, as what routes are bound to. */
export function serviceParents({ ports, serviceName, namespace }: ServicePlan): crd.ParentReference[] {
  return ports.filter((port) => port.carriesRequests).map((port) => ({ group: '', kind: 'Service', name: serviceName, namespace, port: port.number }));
}

/** Writes HTTPRoutes that are bound to a Service, as many as the rules need. */
export function emitServiceRoutes(service: ServicePlan, rules: readonly HttpRulePlan[], options: ServiceRouteOptions): void {
  routeBatches(rules).forEach((batch, index) => {
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
