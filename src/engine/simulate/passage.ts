import { SimulationRequest } from './request';
import { fail } from '../../private/errors';
import type { Address, Client, Passage, Pod } from '../dataplane/data-plane';
import { describedPod, podOfWorkload } from '../dataplane/pods';
import { hostOfAuthority } from '../match/host';
import { Ip, parseIp } from '../match/ip';
import { CORE, workloadsSelectedBy } from '../model/core';
import { parseIdentity } from '../model/identity';
import type { StringMap } from '../model/json';
import { pushTo } from '../model/label-index';
import type { Cluster, Family } from '../model/model';
import { DEFAULT_NAMESPACE } from '../model/resource';
import type { Workload } from '../model/workload';
import { HttpRequest, httpRequest } from '../routing/http-request';

/** A request with everything filled in that the manifests or custom tell. */
export interface FilledPassage {
  readonly passage: Passage;
  readonly assumptions: readonly string[];
}

const NO_LABELS: StringMap = Object.freeze({});
const NONE: readonly string[] = Object.freeze([]);

/** Fills in what a request leaves out. */
export function passageOf(cluster: Cluster, request: SimulationRequest): FilledPassage {
  const protocol = request.protocol ?? 'http';
  const scope = request.only ?? 'all';
  const server = request.server ?? {};
  const isHttp = protocol !== 'tcp' && protocol !== 'tls';
  const secure = protocol === 'tls' || (request.client?.tls !== undefined && request.client.tls !== 'none' && request.via !== undefined);
  const authority = request.http?.authority ?? hostHeader(request);
  const host = server.host ?? (authority === undefined ? undefined : hostOfAuthority(authority));
  const port = server.port ?? portOfAuthority(authority) ?? server.workloadPort ?? (secure ? 443 : 80);
  if (host === undefined && server.labels === undefined && server.namespace === undefined && server.ip === undefined && request.via === undefined) {
    fail('MESH-E070', 'the request has no server', 'name it by server.host, or by server.namespace and server.labels');
  }
  const assumptions: string[] = [];
  const client = clientOf(cluster, request, assumptions);
  const address: Address = {
    host: host ?? server.ip,
    port,
    ip: ipOf('server.ip', server.ip),
    sni: server.sni,
    namespace: server.namespace,
    labels: server.labels,
    workloadPort: server.workloadPort,
  };
  const { gateway, gatewayLabels, namespace } = request.via ?? {};
  return {
    passage: {
      client,
      via: request.via && { gateway, labels: gatewayLabels, namespace },
      server: address,
      protocol,
      http: isHttp ? httpOf(request, authority ?? authorityOf(host ?? server.ip, port, secure), secure, assumptions) : undefined,
      token: request.jwt ?? undefined,
      scope,
    },
    assumptions: assumptions.length === 0 ? NONE : assumptions,
  };
}

function hostHeader(request: SimulationRequest): string | undefined {
  const headers = request.http?.headers;
  if (!headers) return undefined;
  const name = Object.keys(headers).find(item => item.toLowerCase() === 'host');
  const value = name === undefined ? undefined : headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

function portOfAuthority(authority: string | undefined): number | undefined {
  const match = authority === undefined ? null : /:(\d{1,5})$/.exec(authority);
  // The colons of an address without brackets separate no port.
  return match && !/^[^[].*:.*:/.test(authority!) ? Number(match[1]) : undefined;
}

function authorityOf(host: string | undefined, port: number, secure: boolean): string {
  if (host === undefined) return '';
  return port === (secure ? 443 : 80) ? host : `${host}:${port}`;
}

function ipOf(path: string, text: string | undefined): Ip | undefined {
  if (text === undefined || text === null || text === '') return undefined;
  return parseIp(text) ?? fail('MESH-E070', `${path} is no address, got ${text}`, 'write an IPv4 or IPv6 address');
}

function httpOf(request: SimulationRequest, authority: string, secure: boolean, assumptions: string[]): HttpRequest {
  const http = request.http ?? {};
  if (!request.http && request.only !== 'authorization') assumptions.push('the request is taken to be for the path /');
  const headers: [string, string][] = [];
  const repeated = new Map<string, readonly string[]>();
  const written = http.headers ?? {};
  for (const name of Object.keys(written)) {
    const value = written[name];
    headers.push([name.toLowerCase(), typeof value === 'string' ? value : value.join(',')]);
    if (typeof value !== 'string' && value.length > 1) repeated.set(name.toLowerCase(), value);
  }
  return httpRequest({
    method: http.method ?? (request.protocol === 'grpc' ? 'POST' : 'GET'),
    path: http.path ?? '/',
    authority,
    scheme: secure ? 'https' : 'http',
    headers,
    repeated,
  });
}

function clientOf(cluster: Cluster, request: SimulationRequest, assumptions: string[]): Client {
  const client = request.client ?? {};
  const parsed = client.identity === undefined ? undefined : parseIdentity(client.identity);
  if (client.identity !== undefined && !parsed) {
    fail('MESH-E070', `client.identity is no identity, got ${client.identity}`, 'write TD/ns/NS/sa/SA');
  }
  const known = client.identity !== undefined || client.namespace !== undefined || client.labels !== undefined || client.tls === 'mtls';
  const hinted = client.ip !== undefined || client.remoteIp !== undefined || client.tls !== undefined;
  const outside = !known && (hinted || request.via !== undefined);
  const namespace = client.namespace ?? parsed?.namespace ?? DEFAULT_NAMESPACE;
  const base = {
    namespace,
    identity: client.identity?.startsWith('spiffe://') ? client.identity.slice('spiffe://'.length) : client.identity,
    ip: ipOf('client.ip', client.ip),
    remoteIp: ipOf('client.remoteIp', client.remoteIp),
    tls: client.tls ?? undefined,
    outside,
  };
  if (outside || request.only === 'authorization') return { ...base, labels: client.labels ?? NO_LABELS };
  const pod = podOf(cluster, namespace, client.labels, parsed?.serviceAccount, assumptions, request);
  return { ...base, labels: client.labels ?? pod.labels, pod };
}

/** The pod that a client is: by its labels, else by its account. */
function podOf(
  cluster: Cluster, namespace: string, labels: StringMap | undefined, account: string | undefined, assumptions: string[], request: SimulationRequest,
): Pod {
  if (!labels && account !== undefined) {
    const found = cluster.family(BY_ACCOUNT).get(`${namespace}/${account}`);
    if (!found) return describedPod(namespace, NO_LABELS);
    if (found.ambiguous) assumptions.push(found.ambiguous);
    return found.pod;
  }
  const workload = labels && selected(cluster, namespace, labels).find(item => account === undefined || item.serviceAccount === account);
  if (workload) return podOfWorkload(workload);
  if (account !== undefined || request.only === 'routing') return describedPod(namespace, labels ?? NO_LABELS);
  const unknown = request.client?.namespace === undefined && labels === undefined;
  assumptions.push(`the client is not known: it is taken to have the account default${unknown ? ` in namespace ${namespace}` : ''}`);
  return { ...describedPod(namespace, labels ?? NO_LABELS), serviceAccount: 'default' };
}

function selected(cluster: Cluster, namespace: string, labels: StringMap): readonly Workload[] {
  return Object.keys(labels).length === 0 ? [] : workloadsSelectedBy(cluster.family(CORE), namespace, labels);
}

/** The pod that an account stands for. */
interface AccountPod {
  readonly pod: Pod;
  /** What is taken for granted where pods of the account differ in their labels. */
  readonly ambiguous?: string;
}

const BY_ACCOUNT: Family<ReadonlyMap<string, AccountPod>> = {
  name: 'pods-by-account',
  read(cluster: Cluster) {
    const grouped = new Map<string, Workload[]>();
    for (const workload of cluster.family(CORE).workloads) pushTo(grouped, `${workload.namespace}/${workload.serviceAccount}`, workload);
    return new Map([...grouped].map(([account, workloads]) => {
      const [first, ...others] = workloads;
      const labels = JSON.stringify(first.labels);
      const differ = others.some(other => JSON.stringify(other.labels) !== labels);
      const ambiguous = differ ? `of the workloads with the client's account, ${first.kind} ${first.name} is taken` : undefined;
      return [account, { pod: podOfWorkload(first), ambiguous }];
    }));
  },
};
