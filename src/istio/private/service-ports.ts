import type { Port } from '../../core/port';
import { Protocol } from '../../core/protocol';
import { fail } from '../../private/errors';
import type * as crd from '../crd';
import { WireProtocol } from '../wire-protocol';

/** What a port must be declared as so that it can carry a protocol that only Istio knows. */
const CARRIED_BY: { readonly [protocol in WireProtocol]: readonly Protocol[] } = {
  [WireProtocol.GRPC_WEB]: [Protocol.HTTP, Protocol.HTTP2, Protocol.GRPC],
  [WireProtocol.HTTP_PROXY]: [Protocol.HTTP],
  [WireProtocol.MONGO]: [Protocol.TCP],
  [WireProtocol.MYSQL]: [Protocol.TCP],
  [WireProtocol.REDIS]: [Protocol.TCP],
  [WireProtocol.UDP]: [Protocol.TCP],
};

/** The protocol of a port in Istio's words. */
export function wireProtocol(port: Port, wire: WireProtocol | undefined): string {
  if (wire !== undefined && !CARRIED_BY[wire].includes(port.protocol)) {
    fail('MESH-E031', `${wire} on a port that carries ${port.protocol}`, `declare the port with Port.${CARRIED_BY[wire][0]}()`);
  }
  return wire ?? port.protocol.toUpperCase();
}

/** A port of a service in Istio's words. */
export function renderServicePort(port: Port, wire?: WireProtocol, targetPort: number = port.targetPort): crd.ServicePort {
  return {
    name: port.name!,
    number: port.number,
    protocol: wireProtocol(port, wire),
    targetPort: targetPort === port.number ? undefined : targetPort,
  };
}
