import { compareText } from '../../private/compare';
import { Destination } from '../destination';
import { AccessMode } from '../mesh';
import type { ExternalPlan } from '../plan';
import { composeRules } from './compose-rules';
import type { ExternalDeclaration } from './declarations';
import type { Lowering } from './lowering';
import { mergePolicies } from './merge-policies';
import { outputScope } from './output-scope';
import { planOutsideCallers } from './plan-callers';
import { callerPolicies } from './plan-edges';

/** Resolves what was declared of a service outside of the mesh. */
export function planExternal(lowering: Lowering, declaration: ExternalDeclaration): ExternalPlan {
  const { construct, service, mesh, ports } = declaration;
  const path = construct.node.path;
  const policy = mergePolicies(mesh.profile.defaults, declaration.policy);
  const edges = lowering.edges.into.get(service) ?? [];
  const passed = lowering.edges.passedInto.get(service) ?? [];
  const callers = [...edges, ...passed].flatMap((edge) => lowering.app.serviceOf(edge.caller)?.service.serviceNamespace ?? []);
  return {
    scope: outputScope(construct),
    serviceName: service.serviceName,
    namespace: service.serviceNamespace,
    hosts: [...declaration.hosts],
    ports: [...ports],
    endpoints: [...declaration.endpoints],
    originateTls: declaration.originateTls,
    policy,
    // Nobody asks who calls outside of the mesh, so that others than the declared callers may.
    httpRules: !ports.some((port) => port.carriesRequests) ? [] : composeRules({
      rules: [],
      fallback: Destination.service(service),
      policy,
      ...callerPolicies(lowering, edges, AccessMode.OPEN),
      path,
      report: (fault) => lowering.errors.add(path, fault),
    }),
    callerNamespaces: [...new Set(callers)].sort(compareText),
    inbound: planOutsideCallers(lowering, [...edges, ...passed]),
    access: mesh.profile.access,
    egressGateway: declaration.egressGateway,
  };
}
