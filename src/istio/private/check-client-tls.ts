import type { IConstruct } from 'constructs';
import { MtlsMode } from '../../core/mesh';
import { MeshApp } from '../../core/private/mesh-app';
import { resolvePolicy } from '../../core/private/resolve-policy';
import { fail } from '../../private/errors';
import type { ClientTls } from '../client-tls';
import * as crd from '../crd';
import { Host } from '../host';
import type { HostPolicy } from '../host-policy';

/** Refuses TLS of clients that the other side does not take, as far as this app knows the other side. */
export function checkClientTls(host: Host, policies: readonly (HostPolicy | undefined)[], construct: IConstruct): void {
  const all = policies.flatMap((policy) => [policy?.tls, ...(policy?.ports ?? []).map((port) => port.tls)]).filter((tls): tls is ClientTls => tls !== undefined);
  for (const tls of all) {
    const mutual = tls._render().mode === crd.ClientTLSMode.ISTIO_MUTUAL;
    checkService(host, mutual, construct);
    if (mutual) { checkExternals(host, construct); }
  }
}

function checkService({ meshService }: Host, mutual: boolean, construct: IConstruct): void {
  const app = MeshApp.of(construct);
  const service = meshService && app.serviceOf(meshService);
  if (!service) { return; }
  const { mtls } = resolvePolicy(app, service);
  if (mtls === MtlsMode.STRICT && !mutual) {
    fail('MESH-E027', `calls to ${service.construct.node.path} without mutual TLS of the mesh, which it refuses`,
      'leave tls out, or make the service permissive first (mtls: MtlsMode.PERMISSIVE)', construct.node.path);
  }
  if (mtls === MtlsMode.DISABLED && mutual) {
    fail('MESH-E027', `calls to ${service.construct.node.path} with mutual TLS of the mesh, which it does not take`,
      'leave tls out, or change the mtls of the service', construct.node.path);
  }
}

/** Nobody outside of the mesh has a certificate of it. */
function checkExternals(host: Host, construct: IConstruct): void {
  const external = MeshApp.of(construct).externals.find(({ hosts }) => hosts.some((name) => host._covers(Host.fqdn(name))));
  if (external) {
    fail('MESH-E027', `calls to ${host.hostName} with mutual TLS of the mesh, among them those to ${external.construct.node.path}, which is outside of it`,
      'name the hosts of the mesh only, such as "*.shop.svc.cluster.local"', construct.node.path);
  }
}
