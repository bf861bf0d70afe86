import { Model } from '../src/engine/model/model';
import { readText } from '../src/engine/model/yaml-text';
import { reach } from '../src/engine/simulate/reach';
import { SimulationRequest } from '../src/engine/simulate/request';
import { simulate } from '../src/engine/simulate/simulate';

const PER_NAMESPACE = 20;
const METHODS = ['GET', 'POST', 'DELETE'];
const PATHS = ['/', '/api/items', '/api/items/7?full=1', '/admin', '/health'];

/** Services that each let five callers in, route by path and header, and split between two versions. */
function manifests(services: number): string {
  return Array.from({ length: services }, (_, index) => ofService(index, services)).flat().map((it) => JSON.stringify(it)).join('\n---\n');
}

function ofService(index: number, services: number): object[] {
  const { name, namespace } = nameOf(index);
  const metadata = { name, namespace };
  const selector = { app: name };
  const versions = ['v1', 'v2'];
  const to = (version: string, weight: number): object => ({ destination: { host: name, subset: version }, weight });
  const callers = [1, 2, 3, 4, 5].map((step) => nameOf((index + step * 37) % services));
  const principals = callers.map((caller) => `cluster.local/ns/${caller.namespace}/sa/${caller.name}`);
  const rule = { from: [{ source: { principals } }], to: [{ operation: { methods: ['GET', 'POST'], paths: ['/', '/api/*'] } }] };
  const canary = { match: [{ uri: { prefix: '/api' }, headers: { 'x-canary': { exact: 'yes' } } }], route: [to('v2', 100)] };
  const pods = versions.map((version) => ({ metadata: { labels: { app: name, version } }, spec: { serviceAccountName: name, containers: [{ name: 'app' }] } }));
  const traffic = 'networking.istio.io/v1';
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector, ports: [{ name: 'http', port: 80, targetPort: 8080 }] } },
    ...pods.map((template, place) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `${name}-${versions[place]}`, namespace }, spec: { template } })),
    { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata, spec: { selector: { matchLabels: selector }, rules: [rule] } },
    { apiVersion: traffic, kind: 'DestinationRule', metadata, spec: { host: name, subsets: versions.map((version) => ({ name: version, labels: { version } })) } },
    { apiVersion: traffic, kind: 'VirtualService', metadata, spec: { hosts: [name], http: [canary, { route: [to('v1', 90), to('v2', 10)] }] } },
  ];
}

function nameOf(index: number): { readonly name: string; readonly namespace: string } {
  return { name: `svc-${index}`, namespace: `ns-${Math.floor(index / PER_NAMESPACE)}` };
}

/** Requests between all services, half of them from declared callers. */
function requests(services: number, count: number): SimulationRequest[] {
  return Array.from({ length: count }, (_, index): SimulationRequest => {
    const to = index * 7919 % services;
    const from = nameOf(index % 2 === 0 ? (to + 37 * (index % 5 + 1)) % services : index * 104_729 % services);
    const server = nameOf(to);
    return {
      client: { identity: `cluster.local/ns/${from.namespace}/sa/${from.name}` },
      server: { host: `${server.name}.${server.namespace}`, port: 80 },
      http: { method: METHODS[index % 3], path: PATHS[index % 5], headers: index % 4 === 0 ? { 'x-canary': 'yes' } : {} },
    };
  });
}

/** Processor time, which other programs on the machine change little. */
function seconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { system, user } = process.cpuUsage(start);
  return (system + user) / 1e6;
}

function load(services: number): Model {
  const { documents } = readText(manifests(services));
  return new Model(documents, { mesh: 'istio' });
}

/** `node -r ts-node/register/transpile-only bench/simulator.ts [services]`: what the simulator takes, in time and memory. */
function main(services: number): void {
  // First, before anything else could be given back meanwhile.
  const kept: Model[] = [];
  for (const size of [services / 4, services / 2, services]) {
    const asked = requests(size, 20_000);
    global.gc?.();
    const before = process.memoryUsage().heapUsed;
    const estate = load(size);
    kept.push(estate);
    reach(estate);
    for (const request of asked) simulate(estate, request);
    global.gc?.();
    console.log(`memory of ${size} services: ${((process.memoryUsage().heapUsed - before) / 1024 / size).toFixed(1)} KB each`);
  }
  let model!: Model;
  console.log(`load ${services} services: ${seconds(() => { model = load(services); }).toFixed(2)} s`);
  const asked = requests(services, 40_000);
  const verdicts = new Map<string, number>();
  const decide = (): void => {
    for (const request of asked) {
      const { verdict } = simulate(model, request);
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    }
  };
  const first = seconds(decide);
  const best = Math.min(...Array.from({ length: 3 }, () => seconds(decide)));
  console.log(`decisions: ${Math.round(asked.length / first)} a second at first, ${Math.round(asked.length / best)} a second then; ${[...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`);
  let cells = 0;
  const took = seconds(() => {
    const matrix = reach(load(services));
    for (const port of matrix.ports) for (const { accounts } of matrix.clients) for (const account of accounts) cells += matrix.access(account, port) === 'none' ? 0 : 1;
  });
  console.log(`reach ${services} x ${services}, with loading: ${took.toFixed(2)} s, ${cells} cells open`);
}

main(Number(process.argv[2] ?? 1000));
