/** What is spoken on a port, as far as only Istio makes a difference. */
export enum WireProtocol {
  /** gRPC in the form that browsers speak. */
  GRPC_WEB = 'GRPC-WEB',
  /** HTTP requests to a proxy, such as `CONNECT`. */
  HTTP_PROXY = 'HTTP_PROXY',
  /** MongoDB. */
  MONGO = 'MONGO',
  /** MySQL. */
  MYSQL = 'MYSQL',
  /** Redis. */
  REDIS = 'REDIS',
  /** Datagrams, which the proxies do not touch. */
  UDP = 'UDP',
}
