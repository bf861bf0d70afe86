import { byText } from '../../private/compare';
import { MeshFault } from '../../private/errors';
import { Destination } from '../destination';
import { AccessMode } from '../mesh';
import type { HttpRulePlan, ServicePlan } from '../plan';
import { adoptedPorts, isHeadless } from './adopted-service';
import { composeRules } from './compose-rules';
import type { ServiceDeclaration } from './declarations';
import type { Lowering } from './lowering';
import { mergePolicies } from './merge-policies';
import { tokensOf } from './namespace-rules';
import { outputScope } from './output-scope';
import { checkTokenGuard, planCallers } from './plan-callers';
import { callerPolicies, planOutbound } from './plan-edges';
import { planTcpRules } from './plan-tcp-rules';
import { prepareWorkloads } from './prepare-workloads';

/** Resolves what was declared of a service. */
export function planService(lowering: Lowering, declaration: ServiceDeclaration): ServicePlan {
  const { construct, service, side, adoptedService, givenPorts, ports, guards } = declaration;
  const { identity, podLabels, policy } = lowering.factsOf(declaration);
  const scope = outputScope(construct);
  const prepared = prepareWorkloads(declaration, scope, podLabels, identity);
  lowering.selection.note(declaration, podLabels, prepared);
  const workloads = prepared.map(({ workload }) => workload);
  checkTokenGuard(lowering, declaration);
  refuseChoice(lowering, declaration);
  return {
    scope,
    serviceName: service.serviceName,
    namespace: service.serviceNamespace,
    host: service.host,
    ports: adoptedService ? adoptedPorts(adoptedService, givenPorts, ports, workloads, construct.node.path) : [...ports],
    identity,
    podLabels,
    workloads,
    subsets: declaration.subsets.map(({ subset }) => ({ subsetName: subset.subsetName, labels: subset.labels })).sort(byText((subset) => subset.subsetName)),
    httpRules: planRules(lowering, declaration),
    tcpRules: planTcpRules(declaration),
    policy: mergePolicies(undefined, policy),
    mtls: policy.mtls,
    access: policy.access!,
    ...planCallers(lowering, declaration),
    tokens: tokensOf(lowering.app, declaration).sort(byText((token) => token.issuer)),
    authorizer: guards.authorizer && { authorizer: guards.authorizer, requests: [...guards.judged] },
    rateLimits: [...guards.rateLimits].sort(byText(({ rule }) => rule.ruleName)),
    outbound: planOutbound(lowering, lowering.edges.from.get(side) ?? []),
    egressScope: policy.egressScope ?? false,
    denyUndeclaredCalls: lowering.app.namespaceOf(declaration)?.access === AccessMode.DECLARED,
    metrics: declaration.metrics,
  };
}

function planRules(lowering: Lowering, declaration: ServiceDeclaration): HttpRulePlan[] {
  const { policy } = lowering.factsOf(declaration);
  const edges = lowering.edges.into.get(declaration.side) ?? [];
  const path = declaration.construct.node.path;
  if (!declaration.ports.some((port) => port.carriesRequests)) {
    const spoken = declaration.policy.timeout ?? declaration.policy.retries ?? declaration.rules[0]
      ?? edges.find((edge) => edge.policy.timeout !== undefined || edge.policy.retries !== undefined);
    if (spoken !== undefined) {
      lowering.errors.add(path, new MeshFault({
        code: 'MESH-E018',
        what: `routes, timeouts or retries for ${path}, whose ports carry no requests that a mesh can see`,
        fix: 'declare the port with Port.http(), Port.http2() or Port.grpc(), or leave them out',
      }));
    }
    return [];
  }
  return composeRules({
    rules: declaration.rules,
    fallback: Destination.service(declaration.service),
    policy,
    ...callerPolicies(lowering, edges, policy.access!),
    path,
    report: (fault) => lowering.errors.add(path, fault),
  });
}

/** Clients of a Service without an address choose the pods themselves: no proxy chooses for them. */
function refuseChoice(lowering: Lowering, { adoptedService, subsets, rules, tcpRules, policy, service, construct }: ServiceDeclaration): void {
  if (!adoptedService || !isHeadless(adoptedService)) { return; }
  const split = rules.some(({ rule }) => (rule.destinations ?? []).some(({ targetService }) => targetService === service) && rule.destinations!.length > 1);
  const chosen = [...subsets.length > 0 || tcpRules.length > 0 || split ? ['splits and subsets'] : [], ...policy.loadBalancing ?? policy.locality ? ['load balancing'] : []];
  if (chosen.length === 0) { return; }
  lowering.errors.add(construct.node.path, new MeshFault({
    code: 'MESH-E037',
    what: `${chosen.join(' and ')} for ${construct.node.path}, whose Service is headless: its clients choose the pods`,
    fix: 'adopt a Service with an address of its own, or leave them out',
  }));
}
