import { compareText } from '../../private/compare';
import type { ExternalPlan } from '../plan';
import type { ExternalDeclaration } from './declarations';
import { edgesOf } from './edges';
import type { MeshApp } from './mesh-app';
import { outputScope } from './output-scope';
import { mergePolicies } from './merge-policies';

/** Resolves what was declared of a service outside of the mesh. */
export function planExternal(app: MeshApp, declaration: ExternalDeclaration): ExternalPlan {
  const callers = (edgesOf(app).into.get(declaration.service) ?? []).flatMap((edge) => app.serviceOf(edge.caller)?.service.serviceNamespace ?? []);
  return {
    scope: outputScope(declaration.construct),
    serviceName: declaration.service.serviceName,
    namespace: declaration.service.serviceNamespace,
    hosts: [...declaration.hosts],
    ports: [...declaration.ports],
    endpoints: [...declaration.endpoints],
    originateTls: declaration.originateTls,
    policy: mergePolicies(declaration.mesh.profile.defaults, declaration.policy),
    callerNamespaces: [...new Set(callers)].sort(compareText),
  };
}
