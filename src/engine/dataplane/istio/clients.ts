import { IstioMode, ISTIO_MEMBERSHIPS } from './membership';
import type { Cluster } from '../../model/model';
import type { Client } from '../data-plane';
import { describedPod } from '../pods';

/** The proxy that a client's traffic leaves through. */
export interface ClientProxy {
  readonly mode: IstioMode;
  readonly assumed?: string;
}

/** The proxy of a client: what the request says comes first, then what the manifests say of its pods. */
export function clientProxy(cluster: Cluster, client: Client): ClientProxy {
  if (client.outside || client.tls === 'none' || client.tls === 'tls') return { mode: 'none' };
  const found = cluster.family(ISTIO_MEMBERSHIPS).of(client.pod ?? describedPod(client.namespace, client.labels));
  if (client.tls === 'mtls') return { mode: found.mode === 'none' ? 'sidecar' : found.mode };
  // A client of which nothing but a namespace is known has the mesh's usual proxy.
  return found;
}
