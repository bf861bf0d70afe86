import { RandomRequest } from './requests';
import { Decision, DecidedDestination } from '../../../../src/engine/simulate/decision';
import { LabResponse, SeenRequest } from '../../lab/agent/protocol';
import { Manifest } from '../../lab/api-client';

/** What a request met in the mesh. */
export interface Observation {
  readonly answer: LabResponse;
  /** What backends saw of it. */
  readonly seen: readonly SeenRequest[];
}

/** How gRPC clients see the statuses that a proxy gives. */
const GRPC: { readonly [status: number]: string } = { 400: '13', 401: '16', 403: '7', 404: '12', 429: '14', 502: '14', 503: '14', 504: '14' };

/** Whether a pod calls itself, which the lab's network does not do as Kubernetes would. */
export function callsItself({ from }: RandomRequest, decision: Decision, objects: readonly Manifest[]): boolean {
  return decision.route.destinations.some((it) => podsBehind(it, objects).includes(from));
}

/** What is wrong with a decision in the light of what happened, or undefined. */
export function judge(request: RandomRequest, decision: Decision, { answer, seen }: Observation, objects: readonly Manifest[]): string | undefined {
  const got = `got ${answer.status ?? answer.error ?? 'an answer'}${answer.headers['grpc-status'] ? ` (gRPC ${answer.headers['grpc-status']})` : ''}`
    + `${answer.headers.location ? ` to ${answer.headers.location}` : ''}${answer.served ? ` from ${answer.served.workload}` : ''}`;
  const isTcp = request.lab.speak === 'tcp';
  const told = decision.why.filter((it) => it.startsWith('at '));
  const statuses = new Set<number>();
  const pods = new Set<string>();
  let cut = false;
  const refuse = (status: number | undefined): void => {
    if (isTcp || status === undefined) cut = true;
    else statuses.add(status);
  };
  if (decision.verdict === 'allowed' && decision.status !== undefined) {
    if (decision.location !== undefined && answer.headers.location !== decision.location) return `wanted a redirect to ${decision.location}, ${got}`;
    statuses.add(decision.status);
  } else if (decision.verdict === 'allowed') {
    for (const item of decision.route.destinations) expectAt(item, objects, pods, refuse);
    // Endpoints of one destination may differ in their policies.
    if (told.length > 1) refuse(403);
    if (told.some((it) => it.includes('the token is not accepted'))) refuse(401);
  } else {
    refuse(decision.status);
    // Of several shares, or endpoints, that none is let in of, the decision tells one's status.
    if (decision.verdict === 'denied' && (decision.route.destinations.length > 1 || differing(decision, objects))) {
      const broken = decision.route.destinations.some((it) => it.healthy === false && it.weight > 0);
      for (const status of [401, 403, ...(broken ? [500, 503] : [])]) refuse(status);
    }
  }
  const wanted = `wanted ${[...[...pods].map((it) => `an answer of ${it}`), ...[...statuses].map(String), ...(cut ? ['a closed connection'] : [])].join(' or ')}, ${got}`;
  if (answer.served) return pods.has(podOf(answer.served)) ? serving(request, decision, answer.served, seen) : wanted;
  // A stream that ends without headers has no status, and no error either.
  if (isTcp || !answer.status) return cut || (isTcp && unreachable(decision)) ? undefined : wanted;
  const { timeout } = decision.route;
  const late = request.backend?.delay !== undefined && timeout !== undefined && timeout > 0 && timeout < request.backend.delay;
  if (late && pods.size > 0 && answer.status === 504) return undefined;
  if (request.lab.speak === 'http2') {
    const status = answer.headers['grpc-status'];
    return [...statuses].some((it) => (it === answer.status && status === undefined) || status === (GRPC[it] ?? '2')) ? undefined : wanted;
  }
  return statuses.has(answer.status) ? undefined : wanted;
}

/** What a backend must have seen. */
function serving(request: RandomRequest, decision: Decision, served: SeenRequest, seen: readonly SeenRequest[]): string | undefined {
  if (request.lab.speak === 'tcp') return undefined;
  const { authority, mirrors = [], path, retries, timeout } = decision.route;
  if (request.backend?.delay !== undefined && timeout !== undefined && timeout > 0 && timeout < request.backend.delay) return `wanted a timeout after ${timeout} ms, got an answer`;
  if (path !== undefined && served.path !== path) return `wanted the path ${path} at the server, got ${served.path}`;
  const plain = !/[%]|\/\/|\/\./.test(request.lab.path ?? '');
  if (path === undefined && plain && served.path !== request.lab.path) return `wanted the path as it was at the server, got ${served.path}`;
  if (authority !== undefined && served.host !== authority) return `wanted the authority ${authority} at the server, got ${served.host}`;
  if (authority === undefined && served.host !== request.lab.host) return `wanted the authority as it was at the server, got ${served.host}`;
  const again = request.backend?.status === 503 && retries && /\b(5xx|gateway-error|503)\b/.test(retries.retryOn) ? retries.attempts : 0;
  // A copy may be refused, come late, or be tried again.
  const most = mirrors.length > 0 ? (again + 1) * 2 : again + 1;
  return seen.length >= again + 1 && seen.length <= most ? undefined : `wanted ${again + 1} tries${mirrors.length > 0 ? ' and copies' : ''}, got ${seen.length}`;
}

function expectAt(item: DecidedDestination, objects: readonly Manifest[], pods: Set<string>, refuse: (status: number | undefined) => void): void {
  if (item.weight === 0) return;
  if (item.verdict === 'denied') refuse(403);
  if (item.healthy === false) {
    refuse(503);
    refuse(500);
  }
  if (item.verdict !== 'denied' && item.healthy !== false) for (const pod of podsBehind(item, objects)) pods.add(pod);
}

/** Whether a destination has pods of several versions, and some policy is for one of them only. */
function differing({ route }: Decision, objects: readonly Manifest[]): boolean {
  return route.destinations.some((item) => podsBehind(item, objects).length > 1) && objects.some(({ spec }) => spec?.selector?.matchLabels?.version !== undefined);
}

/** The pods behind a destination, by what the lab itself knows. */
function podsBehind({ host, subset }: DecidedDestination, objects: readonly Manifest[]): readonly string[] {
  const versions = (label: string | undefined): string[] => ['api-v1', 'api-v2'].filter((it) => label === undefined || it === `api-${label}`);
  switch (host.split('.').slice(0, 2).join('.')) {
    case 'api.shop': return versions(subset);
    case 'web.shop': return ['web'];
    case 'job.other': return ['job'];
  }
  const entries = objects.filter((it) => it.kind === 'ServiceEntry' && it.spec.hosts.includes(host));
  if (entries.length === 0) return ['plain'];
  return entries.flatMap(({ spec }) => (spec.workloadSelector ? versions(spec.workloadSelector.labels.version) : ['plain']));
}

/** Bytes for Services that the proxy does not know go to addresses that nobody has. */
function unreachable(decision: Decision): boolean {
  return decision.route.kind === 'passthrough';
}

function podOf({ workload }: SeenRequest): string {
  return workload.split('.')[0];
}
