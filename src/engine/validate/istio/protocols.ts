import { Place } from '../place';

const HTTP: ReadonlySet<string> = new Set(['http', 'http2', 'http_proxy', 'grpc', 'grpc-web']);
const TLS: ReadonlySet<string> = new Set(['https', 'tls']);
const OTHERS: ReadonlySet<string> = new Set(['tcp', 'udp', 'mongo', 'redis', 'mysql']);
const KNOWN = 'one of HTTP, HTTP2, HTTP_PROXY, GRPC, GRPC-WEB, HTTPS, TLS, TCP, UDP, MONGO, REDIS, MYSQL';

/** Whether Istio routes a protocol by request. */
export function isHttp(protocol: string): boolean {
  return HTTP.has(protocol.toLowerCase());
}

/** Whether a protocol is encrypted when it reaches the proxy. */
export function isTls(protocol: string): boolean {
  return TLS.has(protocol.toLowerCase());
}

/** Whether Istio routes a protocol by connection. */
export function isTcp(protocol: string): boolean {
  const name = protocol.toLowerCase();
  return TLS.has(name) || (OTHERS.has(name) && name !== 'udp');
}

/** The protocol of a port. */
export function checkProtocol(place: Place, mayBeEmpty: boolean): void {
  const name = place.text.toLowerCase();
  if ((mayBeEmpty && name === '') || HTTP.has(name) || TLS.has(name) || OTHERS.has(name)) return;
  place.error('FieldValueNotSupported', `unknown protocol ${JSON.stringify(place.text)}`, KNOWN);
}
