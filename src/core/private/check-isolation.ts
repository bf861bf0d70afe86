import { MeshFault } from '../../private/errors';
import type { IConnectable } from '../connections';
import { Peer } from '../peer';
import type { EdgeDeclaration, IsolationDeclaration } from './declarations';
import type { ErrorLog } from './error-log';
import type { MeshApp } from './mesh-app';

/** Reports edges into what only some may call, and edges out of what may call nobody. */
export function checkIsolation(app: MeshApp, errors: ErrorLog): void {
  if (app.isolations.length === 0) { return; }
  const byIsolated = new Map<IConnectable | string, IsolationDeclaration[]>();
  app.isolations.forEach((isolation) => byIsolated.set(isolation.isolated, [...byIsolated.get(isolation.isolated) ?? [], isolation]));
  const around = (side: IConnectable) => [side, namespaceOf(app, side)].flatMap((isolated) => (isolated === undefined ? [] : byIsolated.get(isolated) ?? []));
  for (const edge of app.edges.filter(({ denied }) => !denied)) {
    const [caller, target] = [new Set(around(edge.caller)), new Set(around(edge.target))];
    for (const isolation of target) {
      if (!caller.has(isolation) && !isolation.callers.includes(edge.caller)) { complain(app, isolation, edge, 'callers', errors); }
    }
    for (const isolation of caller) {
      if (!target.has(isolation) && isolation.closed) { complain(app, isolation, edge, 'callees', errors); }
    }
  }
}

function namespaceOf(app: MeshApp, side: IConnectable): string | undefined {
  if (side instanceof Peer) { return side.peerNamespace ?? side.peerIdentity?.namespace; }
  return app.serviceOf(side)?.service.serviceNamespace;
}

function complain(app: MeshApp, { construct, isolated, callers }: IsolationDeclaration, { caller, target }: EdgeDeclaration, broken: 'callers' | 'callees', errors: ErrorLog): void {
  const what = typeof isolated === 'string' ? `namespace ${isolated}` : nameOf(app, isolated);
  const limit = broken === 'callees' ? 'calls nobody outside' : `is called by ${callers.length > 0 ? 'those that were named only' : 'nobody outside'}`;
  errors.add(construct.node.path, new MeshFault({
    code: 'MESH-E041',
    what: `${nameOf(app, caller)} may call ${nameOf(app, target)}, and ${what} ${limit}`,
    fix: broken === 'callees' ? 'leave the edge out, or isolate less' : 'leave the edge out, or name the caller with allowOnly()',
  }));
}

function nameOf(app: MeshApp, side: IConnectable): string {
  const declaration = app.serviceOf(side) ?? app.externalOf(side) ?? app.ingressOf(side);
  return declaration?.construct.node.path ?? (side instanceof Peer ? side.toString() : 'somebody unknown');
}
