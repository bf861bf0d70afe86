import { checkCount, checkDuration, checkOptionalDuration } from './fields';
import { Place } from '../place';

/** Checks the limits of connections. */
export function checkConnectionPool(pool: Place): void {
  if (!pool.isSet) return;
  const http = pool.at('http');
  const tcp = pool.at('tcp');
  if (!http.isSet && !tcp.isSet) pool.required('it limits nothing: http or tcp');
  for (const name of ['http1MaxPendingRequests', 'http2MaxRequests', 'maxRequestsPerConnection', 'maxRetries', 'maxConcurrentStreams']) checkCount(http.at(name));
  checkDuration(http.at('idleTimeout'));
  if (http.at('h2UpgradePolicy').text === 'UPGRADE' && http.at('useClientProtocol').isTrue) {
    http.at('useClientProtocol').forbidden('h2UpgradePolicy UPGRADE chooses the protocol');
  }
  const keepAlive = http.at('http2KeepAlive');
  for (const name of keepAlive.isSet ? ['interval', 'timeout'] : []) {
    if (keepAlive.at(name).isSet) checkDuration(keepAlive.at(name));
    else keepAlive.at(name).required();
  }
  checkCount(tcp.at('maxConnections'));
  for (const name of ['connectTimeout', 'maxConnectionDuration']) checkDuration(tcp.at(name));
  checkOptionalDuration(tcp.at('idleTimeout'));
  for (const name of ['time', 'interval']) checkDuration(tcp.at('tcpKeepalive').at(name));
}
