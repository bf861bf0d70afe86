import { CONSUL_SERVICES } from './services';
import { ConsulCaller, decideByIntentions, Intention, IntentionDecision, intentionReason, intentionsFor } from '../../authz/consul/intentions';
import { carriesRequests, CONSUL, protocolOf } from '../../model/consul';
import { parseIdentity } from '../../model/identity';
import { JsonObject, objectOf, objectsOf, textOf } from '../../model/json';
import type { Cluster, Family } from '../../model/model';
import { nameOf } from '../../model/resource';
import { matchesHttp } from '../../routing/consul/http-match';
import { httpRequest } from '../../routing/http-request';
import type { Arrival, PlaneOptions, Received, Target } from '../data-plane';
import { explainPod } from '../explain-pod';
import type { Hop } from '../hop';

const ADMITTED = { allowed: true, assumptions: [], orderDependent: [] } as const;

/** Intentions of services, put in order once for each. */
const INTENTIONS: Family<Map<string, readonly Intention[]>> = { name: 'consul-intentions', read: () => new Map() };

function intentionsOf(cluster: Cluster, service: string): readonly Intention[] {
  const known = cluster.family(INTENTIONS);
  let found = known.get(service);
  if (!found) known.set(service, found = intentionsFor(cluster.family(CONSUL), service));
  return found;
}

/** Decides at a pod of the mesh. */
export function receive(cluster: Cluster, target: Target, arrival: Arrival, options: PlaneOptions, hops?: Hop[]): Received {
  const services = cluster.family(CONSUL_SERVICES);
  const { pod, port, security } = target;
  if (!services.has(pod)) return { ...ADMITTED, stage: 'no-proxy', why: 'the pod has no proxy that would keep anybody out' };
  if (services.excludes(pod, 'inbound', port)) return { ...ADMITTED, stage: 'no-proxy', why: `port ${port} is kept from the proxy, which keeps nobody out there` };
  const service = services.nameOf(pod, port);
  if (service === undefined) {
    return { ...ADMITTED, allowed: false, stage: 'peer', why: 'the manifests do not say as which service the pod is registered, and no other can be reached' };
  }
  if (security !== 'mtls') {
    const facts = cluster.family(CONSUL);
    const mode = textOf(facts.defaults.get(service)?.spec.mutualTLSMode) || facts.settings.defaultMutualTls;
    if (mode === 'permissive') return { ...ADMITTED, stage: 'no-policy', why: `${service} takes connections without mutual TLS, which no intention is asked about` };
    return { ...ADMITTED, allowed: false, stage: 'peer', why: `${service} takes no connection without mutual TLS` };
  }
  return authorizeService(cluster, service, arrival, options, hops, target);
}

/** Decides by the intentions for a service. */
export function authorizeService(
  cluster: Cluster, service: string, arrival: Arrival, _options: PlaneOptions, hops?: Hop[], target?: Target,
): Received {
  const facts = cluster.family(CONSUL);
  const readable = carriesRequests(protocolOf(facts, service)) ? arrival.http : undefined;
  const caller = callerOf(cluster, arrival.identity);
  const intentions = intentionsOf(cluster, service);
  const decision = decideByIntentions(facts, intentions, service, caller, readable, arrival.token);
  const { allowed, intention, stage } = decision;
  const byDefault = stage === 'default' && facts.settings.assumed !== undefined;
  const received: Received = {
    allowed,
    stage: stage === 'default' ? (allowed ? 'no-policy' : 'implicit-deny') : stage === 'no-permission' ? 'implicit-deny' : stage,
    status: allowed || !readable ? undefined : 403,
    decidedBy: intention && { ...nameOf(intention.resource), rule: intention.index },
    why: intentionReason(decision),
    assumptions: byDefault ? [facts.settings.assumed!] : [],
    orderDependent: [],
  };
  hops?.push({ kind: 'server-proxy', explain: () => explain(service, caller, intentions, decision, received, target) });
  return received;
}

function callerOf(cluster: Cluster, identity: string | undefined): ConsulCaller {
  const parsed = identity === undefined ? undefined : parseIdentity(identity);
  if (!parsed) return {};
  // Certificates of peers carry their own trust domain, for which the name of the peering stands here.
  return { service: parsed.serviceAccount, ...(cluster.family(CONSUL).peers.has(parsed.trustDomain) ? { peer: parsed.trustDomain } : {}) };
}

/** What a client may do at a port, whatever it asks. */
export function accessOf(cluster: Cluster, target: Target, arrival: Arrival): 'all' | 'none' | 'some' {
  const services = cluster.family(CONSUL_SERVICES);
  const facts = cluster.family(CONSUL);
  const { pod, port } = target;
  if (!services.has(pod) || services.excludes(pod, 'inbound', port)) return 'all';
  const service = services.nameOf(pod, port);
  if (service === undefined) return 'none';
  const intentions = intentionsOf(cluster, service);
  const caller = callerOf(cluster, arrival.identity);
  const { allowed, intention } = decideByIntentions(facts, intentions, service, caller, undefined, undefined);
  const requests = carriesRequests(protocolOf(facts, service));
  if (!intention || !requests) return allowed ? 'all' : 'none';
  if (intention.permissions.length === 0) return intention.action !== 'allow' ? 'none' : intention.jwt.length > 0 ? 'some' : 'all';
  return ofPermissions(intention, facts.settings.defaultAllow);
}

/** Permissions down to the first one that is for everything; what none of them speaks of falls to the default. */
function ofPermissions({ jwt, permissions }: Intention, defaultAllow: boolean): 'all' | 'none' | 'some' {
  const last = permissions.findIndex(item => isWhole(item) && jwt.length === 0);
  const reached = last < 0 ? permissions : permissions.slice(0, last + 1);
  const answers = reached.map(item => textOf(item.action)?.toLowerCase() === 'allow');
  if (last < 0) answers.push(defaultAllow);
  return answers.every(item => item) ? 'all' : answers.some(item => item) ? 'some' : 'none';
}

const ANYTHING = httpRequest({ method: 'GET', path: '/', authority: '', scheme: 'http', headers: [] });

function isWhole(permission: JsonObject): boolean {
  const http = objectOf(permission.http);
  const plain = http.methods === undefined && http.header === undefined && (http.pathPrefix === '/' || Object.keys(http).length === 0);
  return plain && matchesHttp(http, ANYTHING) && objectsOf(objectOf(permission.jwt).providers).length === 0;
}

/** Whether the proxy before a port looks into HTTP. */
export function layerOf(cluster: Cluster, { pod, port }: Target): 'http' | 'tcp' {
  const services = cluster.family(CONSUL_SERVICES);
  const service = services.nameOf(pod, port);
  return services.has(pod) && service !== undefined && carriesRequests(protocolOf(cluster.family(CONSUL), service)) ? 'http' : 'tcp';
}

function explain(
  service: string, caller: ConsulCaller, intentions: readonly Intention[], decision: IntentionDecision, received: Received, target?: Target,
): JsonObject {
  const upTo = decision.intention ? intentions.indexOf(decision.intention) + 1 : intentions.length;
  return {
    ...(target ? { pod: explainPod(target.pod), port: target.port } : {}),
    service,
    authentication: { security: 'mtls', ...(caller.service === undefined ? {} : { peer: caller.service }) },
    authorization: {
      allowed: received.allowed,
      stage: received.stage,
      ...(received.decidedBy ? { decidedBy: received.decidedBy } : {}),
      stages: [{
        stage: 'intentions',
        rules: intentions.slice(0, upTo).map(item => ({
          policy: nameOf(item.resource),
          rule: item.index,
          result: item === decision.intention,
          precedence: item.precedence,
          from: [{ result: item === decision.intention, checks: [{ field: 'source', values: [item.source], result: item === decision.intention }] }],
        })),
      }],
    },
    ...(decision.permission === undefined ? {} : { permission: decision.permission }),
  };
}
