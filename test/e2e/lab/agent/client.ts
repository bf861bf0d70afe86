import { Resolver } from 'dns/promises';
import * as http from 'http';
import * as http2 from 'http2';
import * as https from 'https';
import * as net from 'net';
import * as tls from 'tls';
import { frame, unframe } from './grpc';
import { LabRequest, LabResponse } from './protocol';

type Answer = Pick<LabResponse, 'status' | 'headers' | 'trailers'> & { readonly raw: Buffer };

/** Sends a request on a new connection and says what came back; never fails. */
export async function send(request: LabRequest): Promise<LabResponse> {
  const start = process.hrtime.bigint();
  const ms = () => Number(process.hrtime.bigint() - start) / 1e6;
  let cancel: () => void = () => undefined;
  const onCancel = (action: () => void) => {
    cancel = action;
  };
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), request.timeoutMs ?? 5000);
  });
  try {
    const speak = { http1: sendHttp1, http2: sendHttp2, tcp: sendTcp }[request.speak ?? 'http1'];
    const address = net.isIP(request.address) ? request.address : await lookUp(request.address);
    const { raw, ...answer } = await Promise.race([speak({ host: request.address, ...request, address }, onCancel), timeout]);
    const body = answer.headers['content-type']?.startsWith('application/grpc') ? unframe(raw) : raw.toString('utf8');
    const byBackend = request.speak === 'tcp' ? body !== '' : answer.headers['x-lab-workload'] !== undefined;
    return { ...answer, body, served: byBackend && body ? JSON.parse(body) : undefined, ms: ms() };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { headers: {}, body: '', error: code ?? message, ms: ms() };
  } finally {
    clearTimeout(timer);
    cancel();
  }
}

/** Asks the DNS proxy of the sidecar, as redirection would make an ordinary look-up do. */
async function lookUp(name: string): Promise<string> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers(['127.0.0.1:15053']);
  return (await resolver.resolve4(name))[0];
}

async function sendHttp1(request: LabRequest, onCancel: (action: () => void) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options: https.RequestOptions = {
      host: request.address,
      port: request.port,
      method: request.method ?? 'GET',
      path: request.path ?? '/',
      headers: { host: request.host ?? request.address, connection: 'close', ...request.headers },
      agent: false,
      ...(request.tls && { servername: request.tls.serverName ?? '', rejectUnauthorized: false }),
    };
    const outgoing = (request.tls ? https : http).request(options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, headers: flat(response.headers), raw: Buffer.concat(parts) }));
    });
    outgoing.on('error', reject);
    onCancel(() => outgoing.destroy());
    outgoing.end(request.body);
  });
}

async function sendHttp2(request: LabRequest, onCancel: (action: () => void) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const scheme = request.tls ? 'https' : 'http';
    const session = http2.connect(`${scheme}://${request.address}:${request.port}`, {
      ...(request.tls && { servername: request.tls.serverName ?? '', rejectUnauthorized: false }),
    });
    onCancel(() => session.destroy());
    session.on('error', reject);
    session.on('close', () => reject(new Error('closed')));
    const stream = session.request({
      ':method': request.method ?? 'GET',
      ':path': request.path ?? '/',
      ':authority': request.host ?? request.address,
      ...request.headers,
    });
    const parts: Buffer[] = [];
    let headers: Record<string, string> = {};
    let trailers: Record<string, string> = {};
    stream.on('response', (received) => {
      headers = flat(received);
    });
    stream.on('trailers', (received) => {
      trailers = flat(received);
    });
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('error', reject);
    // Trailers may come after the end of the body.
    stream.on('close', () => resolve({ status: Number(headers[':status']), headers, trailers, raw: Buffer.concat(parts) }));
    const grpc = request.headers?.['content-type']?.startsWith('application/grpc');
    stream.end(grpc ? frame(request.body ?? '') : request.body);
  });
}

async function sendTcp(request: LabRequest, onCancel: (action: () => void) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = request.tls
      ? tls.connect({ host: request.address, port: request.port, servername: request.tls.serverName, rejectUnauthorized: false })
      : net.connect(request.port, request.address);
    onCancel(() => socket.destroy());
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('error', reject);
    socket.on('close', () => {
      if (parts.length > 0) resolve({ headers: {}, raw: Buffer.concat(parts) });
      else reject(new Error('closed'));
    });
    socket.write(`${request.body ?? 'hello'}\n`);
  });
}

function flat(headers: http.IncomingHttpHeaders | http2.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]));
}
