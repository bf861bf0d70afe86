import type { ConnectionPool } from '../../core/circuit-breaker';
import { positive, wholeNumber } from '../../core/private/check-values';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import type { PoolTuning } from '../pool-tuning';
import { istioDuration } from './duration';

/** Limits of connections in Istio's words; undefined when there are none. */
export function renderPool(pool: ConnectionPool = {}, tuning: PoolTuning = {}): crd.ConnectionPoolSettings | undefined {
  checkTuning(tuning);
  const { http2KeepAlive: pings, tcpKeepalive } = tuning;
  const tcp = defined<crd.TCPSettings>({
    maxConnections: pool.maxConnections,
    connectTimeout: istioDuration(pool.connectTimeout),
    idleTimeout: istioDuration(tuning.tcpIdleTimeout),
    maxConnectionDuration: istioDuration(tuning.maxConnectionDuration),
    tcpKeepalive: tcpKeepalive && {
      probes: tcpKeepalive.probes,
      time: istioDuration(tcpKeepalive.idleTime),
      interval: istioDuration(tcpKeepalive.interval),
    },
  });
  const http = defined<crd.HTTPSettings>({
    http1MaxPendingRequests: pool.maxPendingRequests,
    http2MaxRequests: pool.maxRequests,
    maxRequestsPerConnection: pool.maxRequestsPerConnection,
    maxRetries: pool.maxRetries,
    idleTimeout: istioDuration(pool.idleTimeout),
    h2UpgradePolicy: tuning.http2Upgrade && crd.H2UpgradePolicy[tuning.http2Upgrade],
    http2KeepAlive: pings && { interval: istioDuration(pings.interval), timeout: istioDuration(pings.timeout) },
    maxConcurrentStreams: tuning.maxConcurrentStreams,
    useClientProtocol: tuning.useClientProtocol,
  });
  return defined({ tcp, http });
}

function checkTuning(tuning: PoolTuning): void {
  const { http2Upgrade, useClientProtocol, maxConcurrentStreams, http2KeepAlive, maxConnectionDuration, tcpKeepalive } = tuning;
  if (http2Upgrade === 'UPGRADE' && useClientProtocol) {
    fail('MESH-E031', 'connections that are always HTTP/2 and keep the protocol of the client', 'leave out http2Upgrade or useClientProtocol');
  }
  wholeNumber('number of streams', maxConcurrentStreams, 1);
  wholeNumber('number of probes', tcpKeepalive?.probes, 1);
  positive('interval', http2KeepAlive?.interval);
  positive('timeout', http2KeepAlive?.timeout);
  positive('connection duration', maxConnectionDuration);
  positive('idle time', tcpKeepalive?.idleTime);
  positive('interval', tcpKeepalive?.interval);
}

function defined<T extends object>(fields: T): T | undefined {
  return Object.values(fields).some((field) => field !== undefined) ? fields : undefined;
}
