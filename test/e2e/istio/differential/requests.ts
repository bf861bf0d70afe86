import { HEADERS, PATHS, RandomConfig } from './config';
import { ISSUER } from './estate';
import { SimulationRequest } from '../../../../src/engine/simulate/request';
import { LabRequest } from '../../lab/agent/protocol';
import { MeshLab } from '../../lab/mesh-lab';

/** A request in both worlds. */
export interface RandomRequest {
  /** Pod that sends it. */
  readonly from: string;
  readonly lab: LabRequest;
  readonly simulated: SimulationRequest;
  /** How its backend is told to behave. */
  readonly backend?: { readonly delay?: number; readonly status?: number };
}

/** Ways in: from a pod with a sidecar, from one without, or through the gateway. */
export type Way = 'direct' | 'gateway' | 'mesh';

const FULL = '.svc.cluster.local';
const MESH_HOSTS = ['api', 'api', 'api', 'api.shop', `api.shop${FULL}`, 'web.shop', `web.shop${FULL}`, 'job.other', 'ext.example', 'sub.ext.example', 'unknown.test', 'API.shop', 'api:80'];
const GATEWAY_HOSTS = ['a.example', 'a.example', 'b.example', 'x.example', 'x.y.example', 'other.test', 'A.example', 'a.example:80'];
const TIMEOUT = 2000;

/** A random request of a way in. */
export function randomRequest(config: RandomConfig, lab: MeshLab, way: Way, id: string): RandomRequest {
  const { random } = config;
  const ip = (pod: string): string => lab.workloads.find((it) => it.options.name === pod)!.ip;
  const from = way === 'mesh' ? random.pick(['web', 'web', 'job']) : 'plain';
  const workload = lab.workloads.find((it) => it.options.name === from)!;
  const { namespace } = workload.options;
  const client: SimulationRequest['client'] = way === 'mesh'
    ? { identity: `cluster.local/ns/${namespace}/sa/${workload.serviceAccount}`, labels: workload.labels, ip: workload.ip }
    : { ip: workload.ip, tls: 'none', ...(way === 'direct' ? { namespace, labels: workload.labels } : {}) };
  const via = way === 'gateway' ? { via: { gatewayLabels: { istio: 'ingress' }, namespace: 'edge' } } : {};
  const kind = random.pick(way === 'mesh' ? ['http', 'http', 'http', 'http', 'grpc', 'tcp'] as const : ['http', 'http', 'http', 'http', 'http', 'tcp'] as const);
  if (kind === 'tcp') {
    config.uses('TCP');
    const target = way === 'mesh' ? random.pick(['api', 'web', 'job', undefined]) : 'web';
    const service = lab.services.find((it) => it.name === target);
    const address = way === 'gateway' ? ip('ingress') : way === 'direct' ? ip('web') : service?.clusterIp ?? ip('plain');
    return {
      from,
      lab: { speak: 'tcp', address, port: 9000, body: id, timeoutMs: TIMEOUT },
      simulated: { client, ...via, server: way === 'gateway' ? { port: 9000 } : { host: service?.host ?? address, port: 9000, ...(service ? {} : { ip: address }) }, protocol: 'tcp' },
    };
  }
  const host = way === 'gateway' ? random.pick(GATEWAY_HOSTS) : way === 'direct' ? 'web.shop' : random.pick(MESH_HOSTS);
  const port = kind === 'grpc' ? 7070 : 80;
  const authority = kind === 'grpc' && !host.includes(':') && random.chance(0.5) ? `${host}:7070` : host;
  const path = kind === 'grpc' ? random.pick(['/pkg.Svc/Get', '/pkg.Svc/Put', '/other.Svc/Get']) : `${random.pick(PATHS)}${random.pick(['', '', '', '?x=1', '?x=12&y=2', '?y=1', '?x='])}`;
  const written = random.chance(0.12) && kind === 'http' ? random.pick(['/a/../b', '/%61', '//a', '/a/./b', '/a//b', '/a%2Fb']) : path;
  if (written !== path) config.uses('path normalization');
  const method = kind === 'grpc' ? 'POST' : random.pick(['GET', 'GET', 'POST', 'PUT']);
  const backend = kind === 'grpc' ? {} : random.chance(0.07) ? { delay: 600 } : random.chance(0.07) ? { status: 503 } : {};
  const token = random.chance(0.3) ? claims(config) : undefined;
  const headers: Record<string, string> = {
    'x-call': id,
    ...(kind === 'grpc' ? { 'content-type': 'application/grpc', 'te': 'trailers' } : {}),
    ...Object.fromEntries(Object.entries(HEADERS).filter(() => random.chance(0.4)).map(([name, values]) => [name, random.pick(values)])),
    ...(backend.delay === undefined ? {} : { 'x-lab-delay-ms': String(backend.delay) }),
    ...(backend.status === undefined ? {} : { 'x-lab-status': String(backend.status) }),
    ...(token ? { authorization: `Bearer ${ISSUER.token(token)}` } : {}),
  };
  const [address, target] = way === 'gateway' ? [ip('ingress'), 8080] : way === 'direct' ? [ip('web'), 8080] : [ip('plain'), port];
  return {
    from,
    backend,
    lab: { speak: kind === 'grpc' ? 'http2' : 'http1', address, port: target, host: authority, method, path: written, headers, timeoutMs: TIMEOUT, ...(kind === 'grpc' ? { body: 'hello' } : {}) },
    simulated: {
      client,
      ...via,
      server: way === 'gateway' ? { host: host.replace(/:.*/, ''), port } : { host: host.replace(/:.*/, ''), port },
      protocol: kind,
      http: { method, path: written, authority, headers },
      ...(token ? { jwt: token } : {}),
    },
  };
}

function claims(config: RandomConfig): Record<string, unknown> {
  const { random } = config;
  config.uses('token');
  return {
    iss: random.chance(0.9) ? ISSUER.issuer : 'https://other.example',
    sub: random.pick(['ann', 'bob']),
    ...random.maybe(0.6, () => ({ aud: random.pick<string | string[]>(['app', ['app', 'x1'], 'else']) })),
    ...random.maybe(0.3, () => ({ azp: 'me' })),
    ...random.maybe(0.5, () => ({ groups: random.pick<string | string[]>(['admin', ['dev-1', 'ops']]) })),
    ...random.maybe(0.3, () => ({ nested: { key: 'value' } })),
    ...random.maybe(0.3, () => ({ scope: random.pick(['read write', 'none']) })),
  };
}
