import type { IConstruct } from 'constructs';
import { MeshApp } from '../../core/private/mesh-app';
import { fail } from '../../private/errors';
import type { Host } from '../host';
import type { Visibility } from '../visibility';
import { Claims } from './claims';

/** A VirtualService, as far as others matter to it. */
export interface HostOwner extends IConstruct {
  readonly hosts: Host[];
  readonly inMesh: boolean;
  readonly resourceNamespace?: string;
  readonly _visibility: Visibility | undefined;
}

/** The VirtualServices of an app by the hosts that they route within the mesh. */
export const MESH_HOSTS = new Claims<HostOwner>((owner) => (owner.inMesh ? owner.hosts.map((host) => host.hostName) : []));

/** Refuses a second owner of a host within the mesh: Istio takes the older of the two objects and ignores the other. */
export function checkHostOwners(owner: HostOwner): void {
  if (!owner.inMesh) { return; }
  for (const host of owner.hosts) {
    const other = MESH_HOSTS.earlier(owner, host.hostName).find((candidate) => meet(owner, candidate));
    if (other) { refuse(host, other.node.path); }
    const service = host.meshService && MeshApp.of(owner).serviceOf(host.meshService);
    if (service && (service.rules.length > 0 || service.policy.timeout !== undefined || service.policy.retries !== undefined)) {
      refuse(host, service.construct.node.path);
    }
  }
}

function refuse(host: Host, path: string): never {
  fail('MESH-E019', `requests for ${host.hostName} are routed by ${path} already, and Istio takes one VirtualService for a host`,
    'put all routes of the host into one of the two, or compose them with MeshedService.addRoute()');
}

/** Whether some namespace sees both. */
function meet(one: HostOwner, other: HostOwner): boolean {
  const [a, b] = [one, other].map(({ _visibility, resourceNamespace }) => (
    (_visibility?.exportTo ?? ['*']).map((entry) => (entry === '.' ? resourceNamespace ?? '' : entry))));
  return a.includes('*') || b.includes('*') || a.some((namespace) => b.includes(namespace));
}
