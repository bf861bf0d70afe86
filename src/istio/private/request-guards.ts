import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ExternalAuthorizer } from '../../core/external-authorizer';
import { MetricsMode } from '../../core/metrics';
import { PeerKind } from '../../core/peer';
import type { InboundEdgePlan, RateLimitPlan, ServicePlan } from '../../core/plan';
import { MeshApp } from '../../core/private/mesh-app';
import { MeshedService } from '../../patterns/meshed-service';
import * as crd from '../crd';
import { EnforcementPoint } from '../enforcement-point';
import { ExtensionProvider } from '../extension-provider';
import { Host } from '../host';
import { RateLimit } from '../rate-limit';
import { Waypoint } from '../waypoint';
import type { WaypointUse } from './ambient/lower-ambient';
import { accessRules, PolicyTarget, PortView } from './authorization';

/** How long a decision may take, unless it was said. */
const DECISION_TIME = Duration.seconds(2);

/** A service that decides about requests, as the mesh config knows it. */
export function authorizationProvider({ decidingService, servicePort, overGrpc, options }: ExternalAuthorizer): ExtensionProvider {
  const name = `ext-authz-${decidingService.serviceName}-${decidingService.serviceNamespace}`;
  const asked = { host: Host.service(decidingService), port: servicePort, timeout: options.timeout ?? DECISION_TIME, failOpen: options.failOpen };
  if (overGrpc) { return ExtensionProvider.externalAuthorizationGrpc(name, asked); }
  return ExtensionProvider.externalAuthorizationHttp(name, {
    ...asked,
    requestHeaders: options.requestHeaders ?? ['authorization', 'cookie'],
    headersToApplication: options.headersToApplication,
    pathPrefix: options.pathPrefix,
  });
}

/** Asks a service about requests before anything else is checked. */
export function lowerAuthorizer(service: ServicePlan, target: PolicyTarget, view: PortView): void {
  if (!service.authorizer) { return; }
  const { authorizer, requests } = service.authorizer;
  const ports = service.ports.filter((port) => port.carriesRequests).map((port) => port.number);
  const anyone = requests.map((access): InboundEdgePlan => ({
    caller: { kind: PeerKind.ANYONE },
    access: access.servicePorts.length === 0 ? access._by(ports) : access,
    gateway: false,
    tokens: [],
  }));
  const { metrics } = service;
  const scraped = metrics?.mode === MetricsMode.DIRECT && service.ports.some((port) => port.carriesRequests && port.targetPort === metrics.containerPort);
  const notPaths = scraped ? [metrics.path] : undefined;
  new crd.AuthorizationPolicy(service.scope, 'AuthorizationPolicy-Custom', {
    metadata: { name: `${service.serviceName}-ext-authz`, namespace: service.namespace },
    spec: {
      action: crd.AuthorizationPolicyAction.CUSTOM,
      provider: { name: authorizationProvider(authorizer).providerName },
      ...target,
      rules: accessRules(service, anyone, view).map((rule) => ({ ...rule, to: rule.to?.map(({ operation }) => ({ operation: { ...operation, notPaths } })) })),
    },
  });
}

/** Limits how many requests come through, at the sidecars of the service or at its waypoint. */
export function lowerRateLimits(service: ServicePlan, waypoint?: WaypointUse): void {
  if (service.rateLimits.length === 0) { return; }
  const at = placeOf(service, waypoint);
  const { serviceName, namespace, scope } = service;
  const local = service.rateLimits.filter(({ counter }) => counter.countingService === undefined);
  if (local.length > 0) {
    RateLimit.local(scope, 'RateLimit', { at, rules: local.map(({ rule }) => rule), metadata: { name: `${serviceName}-limits`, namespace: at.namespace } });
  }
  const byCounter = new Map<RateLimitPlan['counter'], RateLimitPlan[]>();
  service.rateLimits.filter(({ counter }) => counter.countingService).forEach((plan) => byCounter.set(plan.counter, [...byCounter.get(plan.counter) ?? [], plan]));
  [...byCounter].forEach(([{ countingService, servicePort, options }, plans], index) => {
    const suffix = index === 0 ? '' : `-${index + 1}`;
    const domain = options.domain ?? `${namespace}.${serviceName}${suffix}`;
    const limit = RateLimit.global(scope, `RateLimit-Global${suffix}`, {
      at,
      domain,
      service: Host.service(countingService!),
      servicePort,
      timeout: options.timeout,
      failClosed: options.failClosed,
      rules: plans.map(({ rule }) => rule),
      metadata: { name: `${serviceName}-global-limits${suffix}`, namespace: at.namespace },
    });
    limit.emitServiceConfig({ name: `rate-limits-${domain.replace(/\./g, '-')}`, namespace: countingService!.serviceNamespace });
  });
}

function placeOf(service: ServicePlan, waypoint: WaypointUse | undefined): EnforcementPoint {
  const declared = declaredService(service);
  if (!waypoint) { return EnforcementPoint.service(declared); }
  return EnforcementPoint.waypoint(Waypoint.fromWaypointName(service.scope, 'RateLimit-Waypoint', waypoint.name, waypoint.namespace), declared);
}

function declaredService({ scope }: ServicePlan): MeshedService {
  const construct: Construct = MeshApp.of(scope).services.find((declaration) => declaration.construct === scope.node.scope)!.construct;
  return construct as MeshedService;
}
