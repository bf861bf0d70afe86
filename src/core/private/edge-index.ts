import type { EdgeDeclaration } from './declarations';
import type { MeshApp } from './mesh-app';
import { PassedEdge, passOn } from './pass-on';

/** Edges by what they point at and by whom they come from, so that no service looks at all edges. */
export interface EdgeIndex {
  readonly into: ReadonlyMap<unknown, readonly EdgeDeclaration[]>;
  readonly from: ReadonlyMap<unknown, readonly EdgeDeclaration[]>;
  /** Those of callers of other services, whose rules send calls on, by what they point at. */
  readonly passedInto: ReadonlyMap<unknown, readonly PassedEdge[]>;
  /** Those that keep a caller out, by what they point at. */
  readonly refused: ReadonlyMap<unknown, readonly EdgeDeclaration[]>;
  /** Those that keep a caller out of other services, whose rules send calls on, by what they point at. */
  readonly passedRefused: ReadonlyMap<unknown, readonly PassedEdge[]>;
}

/** The index over the edges of an app. */
export function indexEdges(app: MeshApp): EdgeIndex {
  const allowed = app.edges.filter((edge) => !edge.denied);
  const into = groupBy(allowed, (edge) => edge.target);
  const refused = groupBy(app.edges.filter((edge) => edge.denied), (edge) => edge.target);
  const passed = (edges: ReadonlyMap<unknown, readonly EdgeDeclaration[]>) =>
    groupBy(app.services.flatMap((service) => passOn(service, edges.get(service.side) ?? [])), (edge) => edge.target);
  return { into, from: groupBy(allowed, (edge) => edge.caller), passedInto: passed(into), refused, passedRefused: passed(refused) };
}

function groupBy<T extends EdgeDeclaration>(edges: readonly T[], key: (edge: T) => unknown): Map<unknown, T[]> {
  const groups = new Map<unknown, T[]>();
  for (const edge of edges) {
    const group = groups.get(key(edge));
    if (group) { group.push(edge); } else { groups.set(key(edge), [edge]); }
  }
  return groups;
}
