import * as net from 'net';
import { AgentConfig } from './protocol';

/** Passes connections between loopback ports and Unix sockets, the only things that different network namespaces share. */
export async function startRelays(config: AgentConfig): Promise<void> {
  for (const { port, socket } of config.toSocket) {
    await listen(net.createServer((from) => join(from, net.connect(socket))), { host: '127.0.0.1', port });
  }
  for (const { socket, port } of config.fromSocket) {
    await listen(net.createServer((from) => join(from, net.connect(port, '127.0.0.1'))), { path: socket });
  }
}

/** Starts listening, or fails. */
export async function listen(server: net.Server, where: net.ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, resolve);
  });
}

function join(a: net.Socket, b: net.Socket): void {
  a.on('error', () => b.destroy());
  b.on('error', () => a.destroy());
  a.pipe(b).pipe(a);
}
