import { CapabilityStatus } from './capability';
import { IMesh } from './mesh';
import { obstacleTo } from './private/check-capabilities';
import { MeshApp } from './private/mesh-app';
import { needsOf } from './private/needs';
import { fail } from '../private/errors';

/**
 * What an app needs of its mesh beyond what its declarations show: because it comes from elsewhere, or is set up by hand. With it, an app that
 * is moved to a mesh that lacks something fails at once, and not in the cluster.
 *
 * @example
 *
 * MeshNeeds.of(mesh).add('proxy.wasm', 'the image of the shop brings a filter along');
 */
export class MeshNeeds {
  /**
   * What an app needs of a mesh.
   *
   * @param mesh the mesh
   */
  public static of(mesh: IMesh): MeshNeeds {
    return new MeshNeeds(mesh);
  }

  private constructor(private readonly mesh: IMesh) {}

  /**
   * Says that the app needs a capability. What the mesh lacks, or offers only after an opt-in that it was not given, is an error (MESH-E021,
   * MESH-E022), unless the mesh was told that the app can do without; then it stands among the losses of MeshSummary. What it can do in part stands
   * among the restrictions there.
   *
   * @param capabilityId such as `proxy.wasm`
   * @param what what needs it, in a few words; the app unless given
   */
  public add(capabilityId: string, what: string = 'the app'): void {
    const { profile, node } = this.mesh;
    const { status, native } = profile.capabilities.capability(capabilityId);
    const use = { capabilityId, meshName: profile.meshName, constructPath: node.path, what };
    const needs = needsOf(MeshApp.of(this.mesh));
    if (profile.accept?.includes(capabilityId) && status !== CapabilityStatus.SUPPORTED) {
      needs.losses.push(use);
      return;
    }
    const obstacle = obstacleTo(profile, capabilityId);
    if (obstacle) { fail(obstacle.code, `${what} needs ${capabilityId}, which ${obstacle.what}`, obstacle.fix, node.path); }
    if (status === CapabilityStatus.PARTIAL) { needs.restrictions.push({ ...use, limits: native }); }
  }
}
