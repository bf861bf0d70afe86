import type { DataPlane, Pod } from './data-plane';
import { ISTIO_DATA_PLANE } from './istio';
import type { Cluster, Family } from '../model/model';

/** Every mesh that the engine decides for, in the order in which an estate is asked for its use. */
const PLANES: readonly DataPlane[] = [ISTIO_DATA_PLANE];

/** The meshes of an estate. */
export interface Planes {
  readonly used: readonly DataPlane[];
  /** The mesh that clients of unknown kind are taken to be in. */
  readonly usual: DataPlane;
  /** Why that mesh was taken for granted. */
  readonly assumed?: string;
  /** The mesh whose proxy stands before a pod. */
  of(pod: Pod): DataPlane | undefined;
}

/** Finder of the meshes of an estate. */
export const ESTATE_PLANES: Family<Planes> = {
  name: 'data-planes',
  read(cluster: Cluster): Planes {
    const used = PLANES.filter(plane => plane.isUsed(cluster));
    const usual = used[0] ?? PLANES[0];
    return {
      used,
      usual,
      assumed: used.length === 0 ? `no manifest says which mesh there is: it is taken to be ${usual.name}` : undefined,
      of: pod => (used.length === 0 ? [usual] : used).find(plane => plane.owns(cluster, pod)),
    };
  },
};
