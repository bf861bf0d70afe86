import { CONSUL_DATA_PLANE } from './consul';
import type { DataPlane, Passage, Pod } from './data-plane';
import { GATEWAY_API_DATA_PLANE } from './gatewayapi';
import { ISTIO_DATA_PLANE } from './istio';
import { LINKERD_DATA_PLANE } from './linkerd';
import type { Cluster, Family } from '../model/model';

/** Every mesh that the engine decides for, in the order in which an estate is asked for its use. */
const PLANES: readonly DataPlane[] = [ISTIO_DATA_PLANE, LINKERD_DATA_PLANE, CONSUL_DATA_PLANE];

/** The meshes of an estate. */
export interface Planes {
  readonly used: readonly DataPlane[];
  /** The mesh that clients of unknown kind are taken to be in. */
  readonly usual: DataPlane;
  /** Why that mesh was taken for granted. */
  readonly assumed?: string;
  /** The mesh whose proxy stands before a pod. */
  of(pod: Pod): DataPlane | undefined;
  /** The mesh whose proxies take a request from its client. */
  sending(passage: Passage): DataPlane;
}

/** Finder of the meshes of an estate. */
export const ESTATE_PLANES: Family<Planes> = {
  name: 'data-planes',
  read(cluster: Cluster): Planes {
    const meshes = PLANES.filter(plane => plane.isUsed(cluster));
    // Gateways without any mesh are implementations of Gateway API alone.
    const used = meshes.length === 0 && GATEWAY_API_DATA_PLANE.isUsed(cluster) ? [GATEWAY_API_DATA_PLANE] : meshes;
    const usual = used[0] ?? PLANES[0];
    const of = (pod: Pod): DataPlane | undefined => (used.length === 0 ? [usual] : used).find(plane => plane.owns(cluster, pod));
    return {
      used,
      usual,
      assumed: used.length === 0 ? `no manifest says which mesh there is: it is taken to be ${usual.name}` : undefined,
      of,
      sending: ({ client, via }) => (used.length > 1 && !via && client.pod ? of(client.pod) : undefined) ?? usual,
    };
  },
};
