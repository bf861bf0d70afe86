import type { ServicePort } from '../../model/service';

/** Protocols that Istio tells apart; `Unsupported` ports are sniffed. */
export type Protocol =
  | 'GRPC' | 'GRPC-Web' | 'HTTP' | 'HTTP2' | 'HTTPS' | 'HTTP_PROXY' | 'Mongo' | 'MySQL' | 'Redis' | 'TCP' | 'TLS' | 'UDP' | 'Unsupported';

const NAMES: ReadonlyMap<string, Protocol> = new Map([
  ['tcp', 'TCP'], ['udp', 'UDP'], ['grpc', 'GRPC'], ['grpc-web', 'GRPC-Web'], ['http', 'HTTP'], ['http_proxy', 'HTTP_PROXY'],
  ['http2', 'HTTP2'], ['https', 'HTTPS'], ['tls', 'TLS'], ['mongo', 'Mongo'], ['redis', 'Redis'], ['mysql', 'MySQL'],
]);

/** Ports of server-first protocols, which sniffing would break: without a declared protocol they are TCP. */
const NEVER_SNIFFED = new Set([25, 53, 3306, 27017]);

const HTTP: ReadonlySet<Protocol> = new Set(['GRPC', 'GRPC-Web', 'HTTP', 'HTTP2', 'HTTP_PROXY']);

/** Parses a protocol's name, without regard to case. */
export function parseProtocol(name: string): Protocol {
  return NAMES.get(name.toLowerCase()) ?? 'Unsupported';
}

/** The protocol of a Kubernetes Service's port: from `appProtocol`, else from its name before the first dash. */
export function serviceProtocol(port: Pick<ServicePort, 'appProtocol' | 'name' | 'number' | 'protocol'>): Protocol {
  if (port.protocol === 'UDP') return 'UDP';
  switch (port.appProtocol) {
    case 'kubernetes.io/h2c': return 'HTTP2';
    case 'kubernetes.io/ws': return 'HTTP';
    case 'kubernetes.io/wss': return 'HTTPS';
  }
  const name = port.appProtocol ?? port.name;
  if (/^grpc-web/i.test(name)) return 'GRPC-Web';
  const protocol = parseProtocol(name.split('-')[0]);
  return protocol === 'Unsupported' && NEVER_SNIFFED.has(port.number) ? 'TCP' : protocol;
}

/** Whether a port is declared to carry HTTP. */
export function isHttp(protocol: Protocol): boolean {
  return HTTP.has(protocol);
}

/** Whether a port may carry HTTP: declared or sniffed. */
export function mayBeHttp(protocol: Protocol): boolean {
  return protocol === 'Unsupported' || HTTP.has(protocol);
}

/** Whether a port carries TLS that the proxy passes on. */
export function isTls(protocol: Protocol): boolean {
  return protocol === 'HTTPS' || protocol === 'TLS';
}

/** What a proxy does with a port: HTTP, plain TCP, either by sniffing, or nothing. */
export type ListenerProtocol = 'auto' | 'http' | 'none' | 'tcp';

/** The listener that a port gets. */
export function listenerProtocol(protocol: Protocol): ListenerProtocol {
  if (protocol === 'Unsupported') return 'auto';
  if (protocol === 'UDP') return 'none';
  return isHttp(protocol) ? 'http' : 'tcp';
}
