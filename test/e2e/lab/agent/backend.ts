import * as http from 'http';
import * as http2 from 'http2';
import * as net from 'net';
import * as tls from 'tls';
import { frame, unframe } from './grpc';
import { AgentConfig, SeenRequest } from './protocol';
import { RateLimitService, SHOULD_RATE_LIMIT } from './rate-limit-service';
import { listen } from './relay';

/** How many requests a backend remembers. */
const REMEMBERED = 20_000;

/** What gRPC probes call, and the message (field 1 = 1) by which a server says that it is well. */
const HEALTH_CHECK = '/grpc.health.v1.Health/Check';
const SERVING = '\x08\x01';

/**
 * The servers of a workload: they tell in their answer what they saw, and remember it.
 *
 * The request's headers `x-lab-status`, `x-lab-delay-ms`, `x-lab-grpc-status` and `x-lab-reset` say how to answer; with `x-lab-at` only
 * the workload of that name obeys. It answers questions about rate limits, too.
 */
export class Backend {
  readonly seen: SeenRequest[] = [];
  private readonly limits = new RateLimitService();

  constructor(private readonly config: AgentConfig) {}

  async start(): Promise<void> {
    for (const { port, kind, tls: identity } of this.config.listen) {
      const onConnection = kind === 'http' ? this.httpServer(port) : (socket: net.Socket) => this.serveTcp(socket, port);
      const server = identity ? tls.createServer({ ...identity, ALPNProtocols: ['h2', 'http/1.1'] }, onConnection) : net.createServer(onConnection);
      await listen(server, { host: '0.0.0.0', port });
    }
  }

  /** HTTP/1.1 and HTTP/2 on one port, told apart by the connection's first bytes. */
  private httpServer(port: number): (socket: net.Socket) => void {
    const one = http.createServer((request, response) => this.serve(port, 'http1', request, response));
    const two = http2.createServer((request, response) => this.serve(port, 'http2', request, response));
    one.keepAliveTimeout = 0;
    return (socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', (first: Buffer) => {
        socket.pause();
        socket.unshift(first);
        if (first.toString('latin1', 0, 3) === 'PRI') {
          // It reads the socket itself, what was put back first.
          two.emit('connection', socket);
        } else {
          one.emit('connection', socket);
          socket.resume();
        }
      });
    };
  }

  private serve(port: number, protocol: 'http1' | 'http2', request: http.IncomingMessage | http2.Http2ServerRequest,
    response: http.ServerResponse | http2.Http2ServerResponse): void {
    const parts: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(request.headers)) {
        if (!name.startsWith(':')) headers[name] = Array.isArray(value) ? value.join(', ') : String(value);
      }
      const grpc = headers['content-type']?.startsWith('application/grpc') ?? false;
      const body = Buffer.concat(parts);
      const asked = request.url === SHOULD_RATE_LIMIT ? this.limits.answer(body.subarray(5)) : undefined;
      const host = String(request.headers[':authority'] ?? request.headers.host ?? '');
      const saw: SeenRequest = {
        workload: this.config.name,
        port,
        peer: addressOf(request.socket.remoteAddress),
        protocol,
        method: request.method ?? '',
        path: request.url ?? '',
        host,
        headers,
        body: asked ? JSON.stringify(asked.question) : grpc ? unframe(body) : body.toString('utf8'),
      };
      this.remember(saw);
      if (asked) {
        this.answer(saw, true, {}, response, asked.answer);
        return;
      }
      const orders = headers['x-lab-at'] === undefined || headers['x-lab-at'] === this.config.name ? headers : {};
      setTimeout(() => this.answer(saw, grpc, orders, response), Number(orders['x-lab-delay-ms'] ?? 0));
    });
  }

  private answer(saw: SeenRequest, grpc: boolean, orders: Readonly<Record<string, string>>,
    response: http.ServerResponse | http2.Http2ServerResponse, message?: Buffer): void {
    if (orders['x-lab-reset']) {
      if ('stream' in response) response.stream.destroy();
      else response.socket?.destroy();
      return;
    }
    response.statusCode = grpc ? 200 : Number(orders['x-lab-status'] ?? 200);
    response.setHeader('content-type', grpc ? 'application/grpc' : 'application/json');
    response.setHeader('x-lab-workload', saw.workload);
    if (grpc) response.addTrailers({ 'grpc-status': orders['x-lab-grpc-status'] ?? '0' });
    const text = saw.path === HEALTH_CHECK ? SERVING : JSON.stringify(saw);
    response.end(grpc ? frame(message ?? text) : text);
  }

  private serveTcp(socket: net.Socket, port: number): void {
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      const saw: SeenRequest = {
        workload: this.config.name, port, peer: addressOf(socket.remoteAddress), protocol: 'tcp', method: '', path: '', host: '', headers: {}, body: first.toString('utf8').trimEnd(),
      };
      this.remember(saw);
      socket.end(`${JSON.stringify(saw)}\n`);
    });
  }

  private remember(saw: SeenRequest): void {
    this.seen.push(saw);
    if (this.seen.length > REMEMBERED) this.seen.splice(0, REMEMBERED / 2);
  }
}

function addressOf(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '');
}
