import { MeshPolicy, MeshPolicyFields } from '../mesh-policy';
import type { ServiceDeclaration } from './declarations';
import type { MeshApp } from './mesh-app';
import { namespacePolicy, refuseOpenService } from './namespace-rules';

/** What holds for a service after mesh, namespace, the constructs around it and the service itself had their say. */
export function resolvePolicy(app: MeshApp, declaration: ServiceDeclaration): MeshPolicyFields {
  const { construct, mesh, policy, mtls, access, egressScope } = declaration;
  const { profile } = mesh;
  const namespace = app.namespaceOf(declaration);
  const general = MeshPolicy.of({ ...profile.defaults, mtls: profile.mtls, access: profile.access, ...namespace && namespacePolicy(namespace) }, namespace?.construct ?? mesh);
  const own = MeshPolicy.of({ ...policy, mtls, access, egressScope }, construct);
  const { fields } = app.policies.resolve(construct, general, own);
  if (namespace) { refuseOpenService(namespace, fields, construct.node.path); }
  return fields;
}
