import type { Loss, Restriction } from '../mesh-summary';
import type { MeshApp } from './mesh-app';

/** What an app said of its meshes beyond what declarations show. */
export interface Needs {
  readonly losses: Loss[];
  readonly restrictions: Restriction[];
}

const known = new WeakMap<MeshApp, Needs>();

/** What an app said that it needs of its meshes. */
export function needsOf(app: MeshApp): Needs {
  const needs = known.get(app) ?? { losses: [], restrictions: [] };
  known.set(app, needs);
  return needs;
}
