import { MeshFault } from '../../private/errors';
import { Peer } from '../peer';
import type { ErrorLog } from './error-log';
import type { MeshApp } from './mesh-app';
import { isWalled } from './network-policies/walled';

/** Reports what was declared and a zero trust namespace would lock out all the same, with what is missing. */
export function checkLockOuts(app: MeshApp, errors: ErrorLog): void {
  const walled = new Map(app.namespaces.filter(isWalled).map((declaration) => [declaration.namespace, declaration]));
  if (walled.size === 0) { return; }
  for (const { construct, service, metrics } of app.services) {
    const owner = walled.get(service.serviceNamespace);
    if (!owner || metrics === undefined || owner.scrapers.length > 0) { continue; }
    errors.add(construct.node.path, new MeshFault({
      code: 'MESH-E040',
      what: `the metrics of ${construct.node.path} could be collected by nobody: the zero trust namespace ${owner.construct.node.path} names no collector`,
      fix: 'name it with scrapers: [Peer.namespace("monitoring")], or leave the metrics out',
    }));
  }
  for (const { caller, denied } of app.edges) {
    const home = caller instanceof Peer ? caller.peerNamespace ?? caller.peerIdentity?.namespace : undefined;
    const owner = home === undefined ? undefined : walled.get(home);
    if (!owner || denied) { continue; }
    errors.add(owner.construct.node.path, new MeshFault({
      code: 'MESH-E040',
      what: `${String(caller)} may call out of the zero trust namespace ${owner.construct.node.path}, whose NetworkPolicies let out the calls of declared services only`,
      fix: 'declare the caller as a MeshedService or MeshedWorkload, and its edge with connections.allowTo()',
    }));
  }
}
