import type { EdgeDeclaration, ServiceDeclaration } from './declarations';
import type { MeshApp } from './mesh-app';

/** Edges by what they point at and by whom they come from, so that no service looks at all edges. */
export interface EdgeIndex {
  readonly into: ReadonlyMap<unknown, readonly EdgeDeclaration[]>;
  readonly from: ReadonlyMap<unknown, readonly EdgeDeclaration[]>;
  /** Those of callers of other services, whose rules send calls on, by what they point at. */
  readonly passedInto: ReadonlyMap<unknown, readonly EdgeDeclaration[]>;
  /** Those that keep a caller out, by what they point at. */
  readonly refused: ReadonlyMap<unknown, readonly EdgeDeclaration[]>;
  /** Those that keep a caller out of other services, whose rules send calls on, by what they point at. */
  readonly passedRefused: ReadonlyMap<unknown, readonly EdgeDeclaration[]>;
}

/** The index over the edges of an app. */
export function indexEdges(app: MeshApp): EdgeIndex {
  const allowed = app.edges.filter((edge) => !edge.denied);
  const into = groupBy(allowed, (edge) => edge.target);
  const refused = groupBy(app.edges.filter((edge) => edge.denied), (edge) => edge.target);
  const passed = (edges: ReadonlyMap<unknown, readonly EdgeDeclaration[]>) =>
    groupBy(app.services.flatMap((service) => passedOn(service, edges.get(service.side) ?? [])), (edge) => edge.target);
  return { into, from: groupBy(allowed, (edge) => edge.caller), passedInto: passed(into), refused, passedRefused: passed(refused) };
}

function groupBy(edges: readonly EdgeDeclaration[], key: (edge: EdgeDeclaration) => unknown): Map<unknown, EdgeDeclaration[]> {
  const groups = new Map<unknown, EdgeDeclaration[]>();
  for (const edge of edges) {
    const group = groups.get(key(edge));
    if (group) { group.push(edge); } else { groups.set(key(edge), [edge]); }
  }
  return groups;
}

/** Whoever may call a service arrives, and whoever may not is kept out, wherever the rules of that service send the call, or a copy of it. */
function passedOn(service: ServiceDeclaration, edges: readonly EdgeDeclaration[]): EdgeDeclaration[] {
  const copies = service.rules.flatMap(({ rule }) => (rule.mirrors ?? []).map((mirror) => mirror.destination));
  const destinations = [...service.rules, ...service.tcpRules].flatMap(({ rule }) => rule.destinations ?? []);
  const targets = new Set([...destinations, ...copies].map((destination) => destination.targetService));
  targets.delete(service.service);
  return [...targets].flatMap((target) => edges.map((edge): EdgeDeclaration => {
    const same = edge.access.servicePorts.every((number) => target.servicePorts.some((port) => port.number === number));
    const access = same ? edge.access : edge.access._by(target.servicePorts.filter((port) => port.carriesRequests).map((port) => port.number));
    return { ...edge, target, access, policy: {} };
  }));
}
