import { byText } from '../../private/compare';
import { MeshFault } from '../../private/errors';
import type { Jwt } from '../jwt';
import { AccessMode } from '../mesh';
import type { InboundEdgePlan, ServicePlan } from '../plan';
import { edgeCovers, edgesMeet } from './access-order';
import type { EdgeDeclaration, ServiceDeclaration } from './declarations';
import type { Lowering } from './lowering';
import { tokensOf } from './namespace-rules';
import type { PassedEdge } from './pass-on';
import { callerName, describePeer, planEdge } from './plan-edges';

/** Who may call a service and who is kept out, because it was said of the service itself or of others whose rules send calls to it. */
export function planCallers(lowering: Lowering, declaration: ServiceDeclaration): Pick<ServicePlan, 'inbound' | 'refused'> {
  const { into, passedInto, refused, passedRefused } = lowering.edges;
  const { side } = declaration;
  const tokens = tokensOf(lowering.app, declaration).sort(byText((token) => token.issuer));
  const direct = (into.get(side) ?? []).map((edge) => planEdge(lowering, edge, tokens));
  const passed = (passedInto.get(side) ?? []).map((edge) => planPassed(lowering, edge, joinTokens(lowering, declaration, edge, tokens)));
  const kept = (refused.get(side) ?? []).map((edge) => planEdge(lowering, edge, []));
  // Where everybody may call, being sent there lets nobody in who could not come directly.
  const guarded = lowering.factsOf(declaration).policy.access === AccessMode.DECLARED;
  const passedKept = guarded ? (passedRefused.get(side) ?? []).filter((edge) => !comesAnyway(lowering, declaration, edge, { direct, passed, kept })) : [];
  return {
    inbound: inOrder([...direct, ...passed]),
    refused: inOrder([...kept, ...passedKept.map((edge) => planPassed(lowering, edge, []))]),
  };
}

/** Who was declared to call a service outside of the mesh. */
export function planOutsideCallers(lowering: Lowering, edges: readonly EdgeDeclaration[]): InboundEdgePlan[] {
  return inOrder(edges.map((edge) => planEdge(lowering, edge, [])));
}

function planPassed(lowering: Lowering, edge: PassedEdge, tokens: readonly Jwt[]): InboundEdgePlan {
  const planned = planEdge(lowering, edge, tokens);
  // Gateways are asked by other names than those of the service.
  return { ...planned, via: edge.via.service.host, copiedHosts: planned.gateway ? undefined : edge.copiedHosts };
}

/** Every edge once, in an order that does not depend on when they were declared. */
function inOrder(edges: readonly InboundEdgePlan[]): InboundEdgePlan[] {
  const key = ({ caller, gateway, access, via, copiedHosts, tokens }: InboundEdgePlan) =>
    [callerName(caller), gateway, access.toString(), via ?? '', copiedHosts ?? '', tokens.map((token) => token.issuer).join()].join(' ');
  return [...new Map(edges.map((edge) => [key(edge), edge]))].sort(byText(([name]) => name)).map(([, edge]) => edge);
}

/** Issuers of tokens that a call must bring which another service sends on: it has to satisfy both services with one token. */
function joinTokens({ app, errors }: Lowering, { construct }: ServiceDeclaration, { via }: PassedEdge, tokens: readonly Jwt[]): readonly Jwt[] {
  const asked = tokensOf(app, via).sort(byText((token) => token.issuer));
  const both = tokens.filter((token) => asked.some((other) => other.issuer === token.issuer));
  const other = both.find((token) => JSON.stringify(token) !== JSON.stringify(asked.find(({ issuer }) => issuer === token.issuer)));
  const problem = other ? `in different ways (${other.issuer})` : 'of different issuers';
  if (other || (asked.length > 0 && tokens.length > 0 && both.length === 0)) {
    errors.add(via.construct.node.path, new MeshFault({
      code: 'MESH-E027',
      what: `${via.construct.node.path} sends calls on to ${construct.node.path}, and the two ask for tokens ${problem}`,
      fix: 'use the same Jwt for both',
    }));
  }
  if (asked.length === 0 || tokens.length === 0) { return asked.length === 0 ? tokens : asked; }
  return both;
}

interface OtherWays {
  readonly direct: readonly InboundEdgePlan[];
  readonly passed: readonly InboundEdgePlan[];
  /** Who is kept out of the service itself. */
  readonly kept: readonly InboundEdgePlan[];
}

/**
 * Whether a caller that is kept out of another service may come here all the same, or is kept out here anyway. Proxies do not tell by which
 * way a call came, so that it is an error when it may come here with a part of what it must not do there.
 */
function comesAnyway(lowering: Lowering, { construct, ports }: ServiceDeclaration, edge: PassedEdge, { direct, passed, kept }: OtherWays): boolean {
  const refusal = planPassed(lowering, edge, []);
  if (kept.some((other) => edgeCovers(other, refusal, ports))) { return true; }
  const ways = [...direct, ...passed.filter(({ via }) => via !== refusal.via)].filter((way) => edgesMeet(way, refusal, ports));
  if (ways.length === 0) { return false; }
  if (ways.some((way) => edgeCovers(way, refusal, ports))) { return true; }
  const caller = describePeer(refusal.caller);
  lowering.errors.add(edge.via.construct.node.path, new MeshFault({
    code: 'MESH-E027',
    what: `${caller} is kept out of ${edge.via.construct.node.path} (${refusal.access.toString()}), which sends calls on to ${construct.node.path}, `
      + `where ${describePeer(ways[0].caller)} may do some of it (${ways[0].access.toString()}), and proxies cannot tell by which way a call came`,
    fix: `keep the caller out of ${construct.node.path} as well, or let it do there what it must not do here altogether or not at all`,
  }));
  return true;
}

/** Reports services whose callers need tokens, and whose rules send calls to where nobody asks for them. */
export function checkTokenGuard(lowering: Lowering, service: ServiceDeclaration): void {
  const { app, errors } = lowering;
  const issuers = new Set(tokensOf(app, service).map((token) => token.issuer));
  if (issuers.size === 0) { return; }
  const targets = new Set(service.rules.flatMap(({ rule }) => [...rule.destinations ?? [], ...(rule.mirrors ?? []).map((mirror) => mirror.destination)])
    .map((destination) => destination.targetService).filter((target) => target !== service.service));
  for (const target of targets) {
    const declared = app.serviceOf(target);
    const own = declared ? tokensOf(app, declared) : [];
    const asks = declared !== undefined && (lowering.factsOf(declared).policy.access === AccessMode.DECLARED
      || (own.length > 0 && own.every((token) => issuers.has(token.issuer))));
    if (asks) { continue; }
    const path = declared?.construct.node.path ?? app.externalOf(target)?.construct.node.path ?? target.host;
    errors.add(service.construct.node.path, new MeshFault({
      code: 'MESH-E037',
      what: `requests to ${service.construct.node.path} need a token, and its rules send some to ${path}, ${declared ? 'where everybody may call without one' : 'outside of the mesh, where nobody checks it'}`,
      fix: declared ? `call requireJwt() with the same issuers on ${path}, or let declared callers in only` : 'send them to a service of the mesh, or leave requireJwt() out',
    }));
  }
}
