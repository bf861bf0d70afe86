import { isIpAddress, portNumber } from '../../core/private/check-values';
import { Protocol } from '../../core/protocol';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import type { ServerTls } from '../server-tls';
import { CaptureMode, EgressListener, IngressListener } from '../sidecar-listener';
import { renderPool } from './connection-pool';
import { egressHosts } from './egress-hosts';
import { wireProtocol } from './service-ports';

/** A listener for the calls of the application, in Istio's words. */
export function renderEgress({ hosts, port, wireProtocol: wire, bind, captureMode }: EgressListener): crd.EgressListener {
  if (hosts.length === 0) {
    fail('MESH-E030', 'an egress listener without hosts', 'name at least one, or leave egress listeners out and set egress: [] for none');
  }
  const socket = bind?.startsWith('unix://') ?? false;
  if (port === undefined && (bind ?? wire) !== undefined) {
    fail('MESH-E030', 'an egress listener with an address or protocol and without port', 'give port too');
  }
  checkBind(bind);
  if (socket && captureMode === CaptureMode.IPTABLES) {
    fail('MESH-E031', `connections are redirected to the socket ${bind}`, 'use CaptureMode.NONE, or leave captureMode out');
  }
  return {
    hosts: egressHosts(hosts.map((host) => host.toString())),
    port: port && { name: port.name, number: socket ? 0 : port.number, protocol: wireProtocol(port, wire) },
    bind,
    captureMode: captureMode && crd.CaptureMode[captureMode],
  };
}

/** A listener for calls to the application, in Istio's words. */
export function renderIngress(listener: IngressListener): crd.IngressListener {
  const { port, wireProtocol: wire, bind, captureMode, defaultEndpoint, tls, pool, poolTuning } = listener;
  if (bind !== undefined && !isIpAddress(bind)) {
    fail('MESH-E032', `invalid address to listen at, got "${bind}"`, 'use an IP address');
  }
  if (defaultEndpoint !== undefined) { checkEndpoint(defaultEndpoint); }
  const connectionPool = renderPool(pool, poolTuning);
  if (connectionPool?.http && !port.carriesRequests) {
    fail('MESH-E018', `limits on requests for port ${port.targetPort}, which carries ${port.protocol}`, 'leave them out, or declare the port with Port.http()');
  }
  return {
    port: { name: port.name, number: port.targetPort, protocol: wireProtocol(port, wire) },
    bind,
    captureMode: captureMode && crd.CaptureMode[captureMode],
    defaultEndpoint,
    tls: tls && renderTls(tls, port.protocol),
    connectionPool,
  };
}

/** At a sidecar fewer ways of TLS are known than at a gateway. */
function renderTls(tls: ServerTls, protocol: Protocol): crd.ServerTLSSettings {
  const fields = tls._render();
  const modes = [crd.ServerTLSMode.ISTIO_MUTUAL, crd.ServerTLSMode.AUTO_PASSTHROUGH];
  if (fields.mode && modes.includes(fields.mode)) {
    fail('MESH-E031', `TLS mode ${fields.mode} at a sidecar`, 'leave tls out: the mutual TLS of the mesh needs no listener');
  }
  if ((fields.credentialName ?? fields.credentialNames ?? fields.tlsCertificates ?? fields.subjectAltNames) !== undefined) {
    fail('MESH-E031', 'a certificate from a Secret, two certificates, or names of clients at a sidecar, which knows none of them',
      'give one certificate with ServerCertificate.files(), and leave clientNames out');
  }
  if (protocol !== Protocol.TLS && protocol !== Protocol.HTTPS) {
    fail('MESH-E031', `TLS on a port that carries ${protocol}`, 'declare the port with Port.https() or Port.tls()');
  }
  return fields;
}

function checkBind(bind: string | undefined): void {
  if (bind !== undefined && !isIpAddress(bind) && !/^unix:\/\/(\/.*[^/]|@.+)$/.test(bind)) {
    fail('MESH-E032', `invalid address to listen at, got "${bind}"`, 'use an IP address, or unix:// and the absolute path of a socket');
  }
}

function checkEndpoint(endpoint: string): void {
  if (/^unix:\/\/(\/.*[^/]|@.+)$/.test(endpoint)) { return; }
  const match = /^(127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|):(\d+)$/.exec(endpoint);
  if (!match) {
    fail('MESH-E032', `invalid endpoint of the application, got "${endpoint}"`, 'write 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, :PORT or unix:///path');
  }
  portNumber('port of the application', Number(match[2]));
}
