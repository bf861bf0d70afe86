import { accessOf, layerOf } from './access';
import { authorizeAtGateway } from './gateway-hop';
import { receive } from './inbound';
import { isIstioUsed, ISTIO_MEMBERSHIPS } from './membership';
import { send } from './send';
import { explainConnection, explainTelemetry } from './testimony';
import { ISTIO } from '../../model/istio';
import type { DataPlane } from '../data-plane';
import { testify } from '../testify';

/** Istio with sidecars, gateways, ztunnels and waypoints. */
export const ISTIO_DATA_PLANE: DataPlane = {
  name: 'istio',
  isUsed: isIstioUsed,
  trustDomain: cluster => cluster.family(ISTIO).mesh.trustDomain,
  owns: (cluster, pod) => cluster.family(ISTIO_MEMBERSHIPS).of(pod).mode !== 'none',
  send,
  receive,
  authorizeAtGateway,
  accessOf,
  layerOf,
  explainConnection,
  explainTelemetry,
  testify: (_cluster, journey) => testify(journey),
};
