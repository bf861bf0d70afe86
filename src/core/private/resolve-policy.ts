import { MeshPolicy, MeshPolicyFields } from '../mesh-policy';
import type { ServiceDeclaration } from './declarations';
import type { MeshApp } from './mesh-app';

/** What holds for a service after mesh, the constructs around it and the service itself had their say. */
export function resolvePolicy(app: MeshApp, { construct, mesh, policy, mtls, access, egressScope }: ServiceDeclaration): MeshPolicyFields {
  const { profile } = mesh;
  const general = MeshPolicy.of({ ...profile.defaults, mtls: profile.mtls, access: profile.access }, mesh);
  const own = MeshPolicy.of({ ...policy, mtls, access, egressScope }, construct);
  return app.policies.resolve(construct, general, own).fields;
}
