import { GatewayKind } from '../../core/ingress-gateway';
import type { MeshProfile } from '../../core/mesh';
import type { IngressPlan } from '../../core/plan';
import { lowerGatewayIngress } from '../../gatewayapi/private/ingress';
import * as crd from '../crd';
import { GatewayServer } from '../gateway-server';
import { Host } from '../host';
import { ServerCertificate, ServerTls } from '../server-tls';
import { renderRule } from './virtual-service';

/** Lets calls in, through Istio's own gateway or one of the Gateway API. */
export function lowerIngress(ingress: IngressPlan, profile: MeshProfile): void {
  if (ingress.gateway.kind === GatewayKind.GATEWAY_API) {
    lowerGatewayIngress(ingress, profile);
    return;
  }
  const { scope, ingressName, namespace, hosts } = ingress;
  new crd.Gateway(scope, 'Gateway', {
    metadata: { name: ingressName, namespace },
    spec: { selector: { ...ingress.gateway.selector ?? profile.ingress!.selector }, servers: renderServers(ingress) },
  });
  new crd.VirtualService(scope, 'VirtualService', {
    // A service may have the name of the ingress that leads to it.
    metadata: { name: `${ingressName}-ingress`, namespace },
    spec: { hosts, gateways: [`${namespace}/${ingressName}`], http: ingress.httpRules.flatMap((rule) => renderRule(rule, [])) },
  });
}

function renderServers({ hosts, tls, redirectToHttps }: IngressPlan): crd.Server[] {
  const names = hosts.map((host) => Host.fqdn(host));
  const servers = tls ? [GatewayServer.https(ServerTls.simple(ServerCertificate.of(tls)), { hosts: names, portName: 'https' })] : [];
  if (!tls || redirectToHttps) { servers.unshift(GatewayServer.http({ hosts: names, portName: 'http', redirectToHttps })); }
  return servers.map((server) => server._render(new Set()));
}
