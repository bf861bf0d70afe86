import type { IMesh } from '../mesh';
import type { Loss } from '../mesh-summary';

/** What was said of one mesh beyond what declarations show. */
export interface NeedsOfMesh {
  readonly losses: Loss[];
  readonly restrictions: Loss[];
}

const known = new WeakMap<IMesh, NeedsOfMesh>();

/** What an app said that it needs of a mesh. */
export function needsOf(mesh: IMesh): NeedsOfMesh {
  const needs = known.get(mesh) ?? { losses: [], restrictions: [] };
  known.set(mesh, needs);
  return needs;
}
