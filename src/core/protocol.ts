/** What is spoken on a port. Meshes decide by it what they can see and do. */
export enum Protocol {
  /** HTTP/1.1 without TLS of its own. */
  HTTP = 'http',
  /** HTTP/2 without TLS of its own (h2c). */
  HTTP2 = 'http2',
  /** gRPC without TLS of its own. */
  GRPC = 'grpc',
  /** HTTP inside TLS that the application ends itself: the mesh sees a TLS stream. */
  HTTPS = 'https',
  /** Any other protocol inside TLS that the application ends itself. */
  TLS = 'tls',
  /** A plain byte stream. Right for protocols in which the server speaks first. */
  TCP = 'tcp',
}
