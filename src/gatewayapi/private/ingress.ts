import type { MeshProfile } from '../../core/mesh';
import type { IngressPlan } from '../../core/plan';
import { compareText } from '../../private/compare';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { renderHttpRule } from './http-route';

/** Rules that one HTTPRoute may hold. */
const RULES_PER_ROUTE = 16;

/** Lets calls in through a Gateway made for the app: Gateway, HTTPRoutes, and a ReferenceGrant wherever a route crosses namespaces. */
export function lowerGatewayIngress(ingress: IngressPlan, profile: MeshProfile): void {
  const { scope, ingressName, namespace, hosts } = ingress;
  const metadata = { name: ingressName, namespace };
  new crd.Gateway(scope, 'Gateway', {
    metadata,
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
  const rules = ingress.httpRules.map((rule) => renderHttpRule(rule, { experimental: profile.experimental ?? false }));
  for (let first = 0; first < rules.length; first += RULES_PER_ROUTE) {
    const suffix = first === 0 ? '' : `-${first / RULES_PER_ROUTE + 1}`;
    new crd.HTTPRoute(scope, `HTTPRoute${suffix}`, {
      metadata: { name: `${ingressName}${suffix}`, namespace },
      spec: {
        parentRefs: sections.length > 0 ? sections.map((section) => ({ name: ingressName, sectionName: section })) : [{ name: ingressName }],
        hostnames: hosts,
        rules: rules.slice(first, first + RULES_PER_ROUTE),
      },
    });
  }
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
  const services = httpRules.flatMap((rule) => rule.destinations.map((destination) => destination.targetService)).filter((service) => service.serviceNamespace !== namespace);
  for (const target of [...new Set(services.map((service) => service.serviceNamespace))].sort(compareText)) {
    const names = [...new Set(services.filter((service) => service.serviceNamespace === target).map((service) => service.serviceName))].sort(compareText);
    new crd.ReferenceGrant(scope, `ReferenceGrant-${target}`, {
      metadata: { name: `${namespace}-${ingressName}`, namespace: target },
      spec: {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace }],
        to: names.map((name) => ({ group: '', kind: 'Service', name })),
      },
    });
  }
}
