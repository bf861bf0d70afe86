import { Connector } from './connection';
import { explainGateway } from './explain-routing';
import { GATEWAY_PODS } from './gateway-pods';
import { normalized, withChanges } from './requests';
import { IstioSecurity, ISTIO_SECURITY } from './security';
import type { SentContext } from './sent';
import { sentOf } from './sent';
import { receivedOf } from './verdicts';
import { Authorization, authorize } from '../../authz/istio/authorize';
import { RequestFacts } from '../../authz/istio/facts';
import { checkToken, TokenCheck } from '../../authz/istio/jwt';
import { PolicySet } from '../../authz/istio/policy-set';
import { Ip, parseIp } from '../../match/ip';
import type { JsonObject } from '../../model/json';
import type { Cluster } from '../../model/model';
import type { HttpRequest } from '../../routing/http-request';
import { GatewayChain, GatewayProxy, routeGatewayHttp } from '../../routing/istio/gateway';
import { ISTIO_ROUTING } from '../../routing/istio/routing';
import type { Arrival, Passage, PlaneOptions, Pod, Received, Sent } from '../data-plane';
import type { Hop } from '../hop';

const NONE: readonly never[] = Object.freeze([]);

/** Takes a request through the gateway that it comes in by. */
export function throughGateway(cluster: Cluster, connector: Connector, passage: Passage, options: PlaneOptions, hops?: Hop[]): Sent {
  const { assumed, missing, pod } = cluster.family(GATEWAY_PODS).find(passage.via!);
  const assumptions = assumed ? [assumed] : [];
  if (!pod) return nowhere(passage, missing ?? 'the gateway is unknown', undefined, assumptions);
  const routing = cluster.family(ISTIO_ROUTING);
  const proxy = routing.gatewayProxy(pod);
  const entering = connectionOf(passage, proxy, assumptions);
  const { chain, listenerPort } = proxy.enter(entering);
  if (!chain) return nowhere(passage, `the gateway has no server for port ${passage.server.port}${serverName(entering)}`, undefined, assumptions);
  const refused = refusal(passage, chain, entering.tls);
  if (refused) return nowhere(passage, refused.reason, chain, assumptions, refused.denied);
  const http = chain.http && passage.http ? normalized(passage.http, routing.mesh.pathNormalization) : undefined;
  if (chain.http && passage.http && !http) return nowhere(passage, 'the proxy answers such a path with 400', chain, assumptions, false, 400);
  const security = cluster.family(ISTIO_SECURITY);
  const proven = passage.client.tls === 'mtls' && (chain.tls === 'mutual' || chain.tls === 'optional-mutual');
  const seen = { http, port: listenerPort, proven, sni: chain.tls === 'plaintext' ? undefined : entering.sni };
  // Connections that only pass by their server name meet no policies.
  const checked = chain.autoPassthrough ? undefined : check(security, pod, passage, seen, options);
  if (checked?.received && !checked.received.allowed) {
    hops?.push({ kind: 'gateway', explain: () => explainGateway({ cluster, pod, chain, listenerPort, checked }) });
    return denied(passage, checked.received, assumptions, http);
  }
  const request = http && checked ? afterToken(http, checked) : http;
  const outcome = request ? routeGatewayHttp(chain, request) : proxy.routeConnection(chain, entering.sni);
  hops?.push({ kind: 'gateway', explain: () => explainGateway({ cluster, pod, chain, listenerPort, checked, outcome, http: request }) });
  const context: SentContext = {
    connector,
    proxy: 'gateway',
    port: passage.server.port,
    http: request,
    arrival: leaving(security, pod, passage, request, checked?.token),
    assumptions: pod.serviceAccount === undefined ? [...assumptions, 'the gateway\'s account is unknown, so it arrives without an identity'] : assumptions,
    authorization: checked?.received,
    before: checked?.received ? [`at the gateway, ${checked.received.why}`] : NONE,
  };
  return sentOf(outcome, context);
}

/** What a gateway's policies made of a request. */
export interface GatewayCheck {
  readonly set: PolicySet;
  readonly facts: RequestFacts;
  /** Absent where authorization is not asked for. */
  readonly result?: Authorization;
  readonly received?: Received;
  readonly token: TokenCheck;
}

interface Entering {
  readonly port: number;
  readonly tls: boolean;
  readonly sni?: string;
}

function connectionOf(passage: Passage, proxy: GatewayProxy, assumptions: string[]): Entering {
  const { client, protocol, server } = passage;
  const sni = server.sni ?? server.host;
  if (protocol === 'tls') return { port: server.port, tls: true, sni };
  if (protocol === 'tcp') return { port: server.port, tls: client.tls === 'tls' || client.tls === 'mtls', sni };
  if (client.tls !== undefined) return { port: server.port, tls: client.tls !== 'none', sni };
  if (server.sni !== undefined) return { port: server.port, tls: true, sni };
  const chains = proxy.chainsOf(proxy.listenerPort(server.port));
  const onlyTls = chains.length > 0 && chains.every(chain => chain.tls !== 'plaintext');
  if (onlyTls) assumptions.push(`port ${server.port} of the gateway takes TLS only, so the client is taken to use it`);
  return { port: server.port, tls: onlyTls, sni };
}

function serverName({ sni, tls }: Entering): string {
  return tls ? ` and the server name ${sni ?? ''}` : '';
}

/** Why a chain cannot take a connection that it got. */
function refusal(passage: Passage, chain: GatewayChain, tls: boolean): { reason: string; denied?: boolean } | undefined {
  if (chain.tls === 'plaintext' && chain.http && tls) return { reason: 'the gateway\'s server speaks plain HTTP, and the client TLS' };
  if (chain.tls !== 'plaintext' && !tls) return { reason: 'the gateway\'s server asks for TLS, and the client uses none' };
  if (chain.tls === 'mutual' && passage.client.tls !== 'mtls') {
    return { reason: 'the gateway\'s server asks for a certificate of the client, which it has not', denied: true };
  }
  return chain.http && !passage.http ? { reason: 'the gateway\'s server reads HTTP, and the bytes are none' } : undefined;
}

/** Decides by a gateway's policies alone, whatever servers it has. */
export function authorizeAtGateway(cluster: Cluster, passage: Passage, options: PlaneOptions, hops?: Hop[]): Received {
  const { assumed, missing, pod } = cluster.family(GATEWAY_PODS).find(passage.via!);
  if (!pod) return { allowed: true, stage: 'no-proxy', why: missing ?? 'the gateway is unknown', assumptions: NONE, orderDependent: NONE };
  const { client, server } = passage;
  const security = cluster.family(ISTIO_SECURITY);
  const http = passage.http && normalized(passage.http, security.mesh.pathNormalization);
  const seen = { http, port: server.workloadPort ?? server.port, proven: client.tls !== 'none' && client.tls !== 'tls', sni: server.sni };
  const checked = check(security, pod, passage, seen, options);
  hops?.push({ kind: 'gateway', explain: () => explainGateway({ cluster, pod, listenerPort: seen.port, checked }) });
  return assumed ? { ...checked.received!, assumptions: [...checked.received!.assumptions, assumed] } : checked.received!;
}

/** What a gateway sees of a connection. */
interface Seen {
  readonly http?: HttpRequest;
  readonly port: number;
  /** Whether the client has shown a certificate. */
  readonly proven: boolean;
  readonly sni?: string;
}

function check(security: IstioSecurity, pod: Pod, passage: Passage, { http, port, proven, sni }: Seen, options: PlaneOptions): GatewayCheck {
  const policies = security.of(pod);
  const set = http ? policies.http : policies.tcp;
  const { client } = passage;
  const facts: RequestFacts = {
    principal: proven && client.identity !== undefined ? `spiffe://${client.identity}` : undefined,
    sourceIp: client.ip,
    remoteIp: client.remoteIp ?? forwardedIp(http, security.mesh.gatewayTrustedProxies) ?? client.ip,
    destinationIp: passage.server.ip,
    destinationPort: port,
    sni,
    http,
  };
  if (passage.scope === 'routing') return { set, facts, token: checkToken(set.jwt, http ? passage.token : undefined) };
  const result = authorize(set, facts, http ? passage.token : undefined, options.external ?? 'allow');
  return { set, facts, result, received: receivedOf(set, result), token: result.token };
}

/** With proxies in front of it, a gateway believes as many addresses of `x-forwarded-for`, from the right. */
function forwardedIp(http: HttpRequest | undefined, trusted: number): Ip | undefined {
  const addresses = trusted > 0 ? http?.headers.get('x-forwarded-for')?.split(',') : undefined;
  const address = addresses && addresses.length >= trusted ? addresses[addresses.length - trusted] : undefined;
  return address === undefined ? undefined : parseIp(address.trim());
}

/** The request as routes see it after the token was checked: with its claims, and the headers that they add. */
function afterToken(http: HttpRequest, { token }: GatewayCheck): HttpRequest {
  if (token.result !== 'valid') return http;
  const headers = token.headers ? new Map([...http.headers, ...token.headers]) : http.headers;
  return withChanges(http, { headers, claims: token.claims });
}

/** What the gateway sends on: under its own name, for an address that it vouches for, and with the token only if it is told to keep it. */
function leaving(security: IstioSecurity, pod: Pod, passage: Passage, http: HttpRequest | undefined, token: TokenCheck | undefined): Arrival {
  const kept: JsonObject | undefined = token?.result === 'valid' && token.rule?.forwardsToken === false ? undefined : passage.token;
  return {
    identity: pod.serviceAccount === undefined ? undefined : `${security.mesh.trustDomain}/ns/${pod.namespace}/sa/${pod.serviceAccount}`,
    sourceIp: pod.address === undefined ? undefined : parseIp(pod.address),
    remoteIp: http ? passage.client.ip ?? passage.client.remoteIp : undefined,
    http,
    token: kept,
    protocol: passage.protocol,
    layer: http ? 'http' : 'tcp',
  };
}

function denied(passage: Passage, received: Received, assumptions: readonly string[], http: HttpRequest | undefined): Sent {
  return {
    ...nothing(passage, http),
    result: 'denied',
    status: received.status,
    decidedBy: received.decidedBy,
    why: [`at the gateway, ${received.why}`],
    assumptions,
    orderDependent: received.orderDependent,
    authorization: received,
  };
}

function nowhere(
  passage: Passage, reason: string, chain: GatewayChain | undefined, assumptions: readonly string[], isDenied = false, status?: number,
): Sent {
  const resource = chain?.server.gateway.resource;
  const decidedBy = resource && { kind: resource.kind, namespace: resource.namespace, name: resource.name };
  return { ...nothing(passage, undefined), result: isDenied ? 'denied' : 'unroutable', status, decidedBy, why: [reason], assumptions };
}

function nothing(passage: Passage, http: HttpRequest | undefined): Omit<Sent, 'assumptions' | 'result' | 'why'> {
  const { protocol, token } = passage;
  return { destinations: NONE, arrival: { protocol, token, http, layer: http ? 'http' : 'tcp' }, details: { kind: 'none' }, orderDependent: NONE };
}
