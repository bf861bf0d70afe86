import { CapabilityStatus } from '../../core/capability';
import { ICertificateAuthority } from '../../core/certificate-authority';
import { MeshApp } from '../../core/private/mesh-app';
import { MeshFault } from '../../private/errors';

/** What is wrong with the meshes that name an authority. */
export function checkMeshes(authority: ICertificateAuthority): string[] {
  const meshes = MeshApp.of(authority).meshes().filter((mesh) => mesh.profile.authority === authority);
  return meshes.flatMap(({ profile, node }) => {
    const { path } = node;
    const { status, native } = profile.capabilities.capability('ca.external');
    if (status === CapabilityStatus.SUPPORTED) {
      return profile.trustDomain === authority.trustDomain ? [] : [new MeshFault({
        code: 'MESH-E056',
        what: `mesh ${path} has trust domain ${profile.trustDomain}, and its authority "${authority.authorityName}" vouches for ${authority.trustDomain}`,
        fix: 'name one trust domain for both',
        path,
      }).message];
    }
    return [new MeshFault({
      code: 'MESH-E021',
      what: `${profile.meshName} cannot be given authority "${authority.authorityName}": it lacks capability ca.external (bring own CA)${status === CapabilityStatus.PARTIAL ? `, but for ${native}` : ''}`,
      fix: profile.meshName === 'consul' ? 'delegate to Vault or AWS with pki.ConsulCa, and leave authority out of the mesh' : 'leave authority out of the mesh',
      path,
    }).message];
  });
}
