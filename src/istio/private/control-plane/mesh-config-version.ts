import { ControlPlaneFacts } from './facts';
import { checkMeshConfigFields } from '../../../engine/compatibility/mesh-config';
import { faultsOf, MeshFault } from '../../../private/errors';
import { parseVersion } from '../../../private/version';

/** What the mesh config says and this version of Istio does not know, as errors. */
export function checkMeshConfig({ mesh, version }: ControlPlaneFacts, path: string): string[] {
  const target = parseVersion(version.replace(/-latest$/, ''));
  if (!target) { return []; }
  try {
    return checkMeshConfigFields(mesh.meshConfig(), target)
      .filter(({ change }) => change !== 'deprecated')
      .map(({ change, field, release }) => new MeshFault({
        code: 'MESH-E061',
        what: change === 'lacks' ? `${field} of the mesh config, which Istio has from ${release} on, with a control plane ${version}` : `${field} of the mesh config, which Istio does not know`,
        fix: change === 'lacks' ? 'leave it out, or install a later version' : 'mend its name',
        path,
      }).message);
  } catch (thrown) {
    const faults = faultsOf(thrown);
    if (!faults) { throw thrown; }
    return faults.map((fault) => fault.at(path).message);
  }
}
