import { MeshFault } from '../../private/errors';
import { Peer, PeerKind } from '../peer';
import type { PeerPlan } from '../plan';
import type { Port } from '../port';
import type { EdgeDeclaration, ServiceDeclaration } from './declarations';
import type { ErrorLog } from './error-log';
import type { MeshApp } from './mesh-app';
import { identityOf, podLabelsOf } from './service-facts';

/** Edges by what they point at and by whom they come from, so that no service looks at all edges. */
export interface EdgeIndex {
  readonly into: ReadonlyMap<unknown, readonly EdgeDeclaration[]>;
  readonly from: ReadonlyMap<unknown, readonly EdgeDeclaration[]>;
  /** Those that keep a caller out, by what they point at. */
  readonly refused: ReadonlyMap<unknown, readonly EdgeDeclaration[]>;
}

const indexes = new WeakMap<MeshApp, { readonly revision: number; readonly index: EdgeIndex }>();

/** The index over the edges of an app. */
export function edgesOf(app: MeshApp): EdgeIndex {
  const known = indexes.get(app);
  if (known?.revision === app.revision) { return known.index; }
  const allowed = app.edges.filter((edge) => !edge.denied);
  const into = groupBy(allowed, (edge) => edge.target);
  const from = groupBy(allowed, (edge) => edge.caller);
  const refused = groupBy(app.edges.filter((edge) => edge.denied), (edge) => edge.target);
  for (const edge of app.services.flatMap((service) => passedOn(service, into.get(service.side) ?? []))) {
    const list = into.get(edge.target);
    if (list) { list.push(edge); } else { into.set(edge.target, [edge]); }
  }
  const index = { into, from, refused };
  indexes.set(app, { revision: app.revision, index });
  return index;
}

function groupBy(edges: readonly EdgeDeclaration[], key: (edge: EdgeDeclaration) => unknown): Map<unknown, EdgeDeclaration[]> {
  const groups = new Map<unknown, EdgeDeclaration[]>();
  for (const edge of edges) {
    const group = groups.get(key(edge));
    if (group) { group.push(edge); } else { groups.set(key(edge), [edge]); }
  }
  return groups;
}

/** Whoever may call a service arrives wherever the rules of that service send the call. */
function passedOn(service: ServiceDeclaration, edges: readonly EdgeDeclaration[]): EdgeDeclaration[] {
  const destinations = [...service.rules, ...service.tcpRules].flatMap(({ rule }) => rule.destinations ?? []);
  const targets = new Set(destinations.map((destination) => destination.targetService));
  targets.delete(service.service);
  return [...targets].flatMap((target) => edges.map((edge): EdgeDeclaration => {
    const numbers = edge.access.servicePorts.filter((number) => target.servicePorts.some((port) => port.number === number));
    const access = numbers.length === edge.access.servicePorts.length ? edge.access : edge.access._by(target.servicePorts.filter((port) => port.carriesRequests).map((port) => port.number));
    return { caller: edge.caller, target, access, policy: {} };
  }));
}

/** Errors of edges that only the whole app can show. */
export function checkEdges(app: MeshApp, errors: ErrorLog): void {
  for (const { caller, target, access } of app.edges) {
    const declared = app.serviceOf(target) ?? app.externalOf(target);
    if (!declared) { continue; }
    const path = declared.construct.node.path;
    const source = app.serviceOf(caller) ?? app.ingressOf(caller);
    if (source && source.mesh !== declared.mesh) {
      errors.add(path, new MeshFault({
        code: 'MESH-E017',
        what: `${source.construct.node.path} of mesh ${source.mesh.profile.meshName} may call ${path} of mesh ${declared.mesh.profile.meshName}, and no gateway stands between the two meshes`,
        fix: 'put both services into one mesh, or call through an ingress of the other mesh',
      }));
    }
    if (access.claims.length > 0 && (app.serviceOf(target)?.tokens.length ?? 0) === 0) {
      errors.add(path, new MeshFault({
        code: 'MESH-E018',
        what: `access by claim (${access.toString()}) to ${path}, which asks for no tokens`,
        fix: 'ask for them with requireJwt(), or leave the claims out',
      }));
    }
    const missing = access.servicePorts.find((number) => !declared.ports.some((port) => port.number === number));
    if (missing !== undefined) {
      errors.add(path, new MeshFault({
        code: 'MESH-E005',
        what: `access to port ${missing}, which ${path} does not have`,
        fix: `use one of ${declared.ports.map((port) => port.number).join(', ')}`,
      }));
    }
    const meant = declared.ports.filter((port) => access.servicePorts.length === 0 || access.servicePorts.includes(port.number));
    if (access.requestsOnly && !meant.some((port) => port.carriesRequests)) {
      errors.add(path, new MeshFault({
        code: 'MESH-E018',
        what: `access by request (${access.toString()}) to ${path}, whose ports carry no requests that a mesh can see (${meant.map((port) => port.toString()).join(', ')})`,
        fix: 'allow the port as a whole with Access.ports() or Access.all(), or declare the port with Port.http(), Port.http2() or Port.grpc()',
      }));
    }
  }
}

/** Ports that an edge is about. */
export function portsOf(edge: EdgeDeclaration, ports: readonly Port[]): Port[] {
  return ports.filter((port) => (edge.access.servicePorts.length === 0 || edge.access.servicePorts.includes(port.number))
    && (!edge.access.requestsOnly || port.carriesRequests));
}

/** The calling side of an edge, as a plan says it. */
export function callerPlan(app: MeshApp, edge: EdgeDeclaration): PeerPlan {
  const service = app.serviceOf(edge.caller);
  if (service) {
    return { kind: PeerKind.SERVICE, identity: identityOf(service), namespace: service.service.serviceNamespace, labels: podLabelsOf(service) };
  }
  if (edge.caller instanceof Peer) {
    const peer = edge.caller;
    return { kind: peer.kind, identity: peer.peerIdentity, namespace: peer.peerNamespace ?? peer.peerIdentity?.namespace, blocks: peer.blocks.length > 0 ? peer.blocks : undefined };
  }
  throw new MeshFault({ code: 'MESH-E018', what: 'a caller that this app did not declare', fix: 'call from a MeshedService, an Ingress or a Peer' });
}
