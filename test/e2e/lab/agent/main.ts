import * as fs from 'fs';
import * as http from 'http';
import { Backend } from './backend';
import { send } from './client';
import { AgentConfig, LabRequest } from './protocol';
import { listen, startRelays } from './relay';

/** How many requests of one order are under way at the same time. */
const AT_ONCE = 16;

/** Program that runs in a workload's network namespace: servers, clients, and a way out for the proxy; it obeys over a Unix socket. */
async function main(config: AgentConfig): Promise<void> {
  const backend = new Backend(config);
  await backend.start();
  await startRelays(config);
  const orders: Record<string, (body: any) => Promise<unknown>> = {
    '/ready': async () => ({}),
    '/send': async (requests: LabRequest[]) => sendAll(requests),
    '/seen': async () => backend.seen.splice(0),
    '/envoy': async ({ method, path }: { method: string; path: string }) => askEnvoy(method, path),
  };
  const control = http.createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      const order = orders[request.url ?? ''];
      const answer = order ? order(text ? JSON.parse(text) : undefined) : Promise.reject(new Error(`no order ${request.url}`));
      answer.then((value) => response.end(JSON.stringify(value)), (error: Error) => {
        response.statusCode = 500;
        response.end(JSON.stringify({ message: error.message }));
      });
    });
  });
  control.keepAliveTimeout = 0;
  await listen(control, { path: config.control });
}

async function sendAll(requests: readonly LabRequest[]): Promise<unknown[]> {
  const results: unknown[] = new Array(requests.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < requests.length; index = next++) results[index] = await send(requests[index]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** Asks the admin interface of the Envoy in this network namespace. */
async function askEnvoy(method: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: 15000, method, path, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on('error', reject);
    request.end();
  });
}

process.on('uncaughtException', (error) => console.error(error));
main(JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))).catch((error) => {
  console.error(error);
  process.exit(1);
});
