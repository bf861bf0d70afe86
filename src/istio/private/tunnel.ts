import { isIpAddress, portNumber } from '../../core/private/check-values';
import { hostName } from '../../private/dns';
import type * as crd from '../crd';
import type { Tunnel } from '../host-policy';

/** A tunnel in Istio's words. */
export function renderTunnel({ targetHost, targetPort, usePost }: Tunnel): crd.TunnelSettings {
  if (!isIpAddress(targetHost)) { hostName(targetHost); }
  return { protocol: usePost ? 'POST' : 'CONNECT', targetHost, targetPort: portNumber('port', targetPort) };
}
