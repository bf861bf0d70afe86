import type { ExternalPlan, MeshPlan } from '../../core/plan';
import { byText } from '../../private/compare';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { protocolOf } from './protocol';

/** Where services outside of the mesh are, and who may call them: through the terminating gateway. */
export function lowerEgress(plan: MeshPlan, gateway: { readonly name: string; readonly namespace: string }): void {
  plan.externals.forEach((external) => lowerExternal(external, callersOf(plan, external)));
  if (plan.externals.length === 0) { return; }
  new crd.TerminatingGateway(plan.scope, 'TerminatingGateway', {
    metadata: { name: gateway.name, namespace: gateway.namespace },
    spec: {
      services: plan.externals.map((external) => ({
        name: external.serviceName,
        caFile: external.originateTls ? '/etc/ssl/certs/ca-certificates.crt' : undefined,
        sni: external.originateTls ? external.hosts[0] : undefined,
      })),
    },
  });
}

function callersOf({ services }: MeshPlan, external: ExternalPlan): string[] {
  return services.filter((service) => service.outbound.some((edge) => edge.external && external.hosts.includes(edge.host))).map((service) => service.serviceName);
}

function lowerExternal(external: ExternalPlan, callers: readonly string[]): void {
  const { scope, serviceName, namespace, hosts, ports, endpoints, originateTls } = external;
  const path = scope.node.scope?.node.path;
  if (ports.length !== 1) {
    fail('MESH-E018', `external service "${serviceName}" has ${ports.length} ports, and Consul knows one for each service`, 'declare an ExternalService for each port', path);
  }
  refuseBehaviour(external);
  const metadata = { name: serviceName, namespace };
  const [port] = ports;
  new crd.ServiceDefaults(scope, 'ServiceDefaults', {
    metadata,
    spec: {
      protocol: protocolOf(port),
      destination: { addresses: endpoints.length > 0 ? endpoints : hosts, port: originateTls && port.number === 80 && port.targetPort === 80 ? 443 : port.targetPort },
    },
  });
  new crd.ServiceIntentions(scope, 'ServiceIntentions', {
    metadata,
    spec: {
      destination: { name: serviceName },
      sources: [...callers.map((name) => ({ name, action: 'allow' })).sort(byText((source) => source.name)), { name: '*', action: 'deny' }],
    },
  });
}

/** Calls to a destination do not pass routers, resolvers or limits: what they would say has no place. */
function refuseBehaviour({ scope, serviceName, policy, httpRules }: ExternalPlan): void {
  const said = [policy, ...httpRules.map((rule) => rule.policy)].flatMap((level) => Object.entries(level).filter(([, value]) => value !== undefined).map(([field]) => field));
  if (said.length > 0) {
    fail('MESH-E021', `${[...new Set(said)].join(', ')} of external service "${serviceName}", which consul applies to services of the mesh only`,
      'leave it out, also among the defaults of the mesh, or set it in the application', scope.node.scope?.node.path);
  }
}
