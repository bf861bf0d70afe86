import type { MeshProfile } from '../../core/mesh';
import type { IngressPlan } from '../../core/plan';
import { byText, compareText } from '../../private/compare';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { renderHttpRule } from './http-route';
import { atMost } from './limits';
import { refuseReordering } from './route-order';
import { routeBatches } from './service-routes';

/** Services that one grant may name. */
const TARGETS_PER_GRANT = 16;
/** DNS names that one HTTPRoute may answer for. */
const MOST_HOSTS = 16;

/** Lets calls in through a Gateway made for the app: Gateway, HTTPRoutes, and a ReferenceGrant wherever a route crosses namespaces. */
export function lowerGatewayIngress(ingress: IngressPlan, profile: MeshProfile): void {
  const { scope, ingressName, namespace, hosts } = ingress;
  atMost(MOST_HOSTS, hosts.length, `hosts of ingress "${ingressName}"`, scope.node.scope!.node.path, 'declare another Ingress for the others');
  new crd.Gateway(scope, 'Gateway', {
    metadata: { name: ingressName, namespace },
    spec: { gatewayClassName: className(ingress, profile), listeners: hosts.flatMap((host, index) => listenersFor(ingress, host, index)) },
  });
  const sections = ingress.tls && ingress.redirectToHttps ? hosts.map((_, index) => sectionName('https', index)) : [];
  if (sections.length > 0) {
    new crd.HTTPRoute(scope, 'Redirect', {
      metadata: { name: `${ingressName}-redirect`, namespace },
      spec: {
        parentRefs: hosts.map((_, index) => ({ name: ingressName, sectionName: sectionName('http', index) })),
        hostnames: hosts,
        rules: [{ filters: [{ type: crd.HTTPRouteFilterType.REQUEST_REDIRECT, requestRedirect: { scheme: crd.HTTPScheme.HTTPS, statusCode: 301 } }] }],
      },
    });
  }
  refuseReordering(ingress.httpRules);
  const parentRefs = sections.length > 0 ? sections.map((section) => ({ name: ingressName, sectionName: section })) : [{ name: ingressName }];
  routeBatches(ingress.httpRules).forEach((batch, index) => {
    const suffix = index === 0 ? '' : `-${index + 1}`;
    new crd.HTTPRoute(scope, `HTTPRoute${suffix}`, {
      // A service may have the name of the ingress that leads to it, and a route of its own.
      metadata: { name: `${ingressName}-ingress${suffix}`, namespace },
      spec: { parentRefs, hostnames: hosts, rules: batch.map((rule) => renderHttpRule(rule, { experimental: profile.experimental ?? false })) },
    });
  });
  lowerGrants(ingress);
}

function className(ingress: IngressPlan, profile: MeshProfile): string {
  return ingress.gateway.className ?? profile.ingress?.className
    ?? fail('MESH-E030', `ingress "${ingress.ingressName}" names no GatewayClass`, 'give one with IngressGateway.gatewayApi({ className })', ingress.scope.node.scope?.node.path);
}

function listenersFor({ tls, redirectToHttps }: IngressPlan, hostname: string, index: number): crd.Listener[] {
  const plain: crd.Listener = { name: sectionName('http', index), hostname, port: 80, protocol: 'HTTP' };
  const secure: crd.Listener[] = tls ? [{
    name: sectionName('https', index),
    hostname,
    port: 443,
    protocol: 'HTTPS',
    tls: { mode: crd.TLSMode.TERMINATE, certificateRefs: [{ name: tls.secretName }] },
  }] : [];
  return tls && !redirectToHttps ? secure : [plain, ...secure];
}

function sectionName(protocol: string, index: number): string {
  return index === 0 ? protocol : `${protocol}-${index + 1}`;
}

/** Lets the routes of this ingress name the Services of other namespaces. */
function lowerGrants({ scope, ingressName, namespace, httpRules }: IngressPlan): void {
  const targets = new Map<string, Set<string>>();
  for (const { destinations, mirrors } of httpRules) {
    for (const { targetService: { serviceName, serviceNamespace } } of [...destinations, ...(mirrors ?? []).map((mirror) => mirror.destination)]) {
      if (serviceNamespace !== namespace) { targets.set(serviceNamespace, (targets.get(serviceNamespace) ?? new Set()).add(serviceName)); }
    }
  }
  for (const [target, names] of [...targets].sort(byText(([key]) => key))) {
    const services = [...names].sort(compareText);
    for (let first = 0; first < services.length; first += TARGETS_PER_GRANT) {
      const suffix = first === 0 ? '' : `-${first / TARGETS_PER_GRANT + 1}`;
      new crd.ReferenceGrant(scope, `ReferenceGrant-${target}${suffix}`, {
        // A namespace has no dot in it: no two ingresses can come to the same name.
        metadata: { name: `${namespace}.${ingressName}${suffix}`, namespace: target },
        spec: {
          from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace }],
          to: services.slice(first, first + TARGETS_PER_GRANT).map((name) => ({ group: '', kind: 'Service', name })),
        },
      });
    }
  }
}
