import { MeshFault } from '../../private/errors';
import type { Jwt } from '../jwt';
import { AccessMode, MtlsMode } from '../mesh';
import type { MeshPolicyFields } from '../mesh-policy';
import type { NamespaceDeclaration, ServiceDeclaration } from './declarations';
import type { ErrorLog } from './error-log';
import type { MeshApp } from './mesh-app';

/** Issuers of tokens that requests to a service must bring: its own, and those of its namespace. */
export function tokensOf(app: MeshApp, declaration: ServiceDeclaration): Jwt[] {
  const { tokens, ports } = declaration;
  const general = ports.some((port) => port.carriesRequests) ? app.namespaceOf(declaration)?.tokens ?? [] : [];
  return [...tokens, ...general.filter((token) => !tokens.some((own) => own.issuer === token.issuer))];
}

/** What a namespace in which only what was declared may talk says of its services. */
export function namespacePolicy({ access }: NamespaceDeclaration): { readonly mtls: MtlsMode; readonly access: AccessMode } {
  return { mtls: MtlsMode.STRICT, access };
}

/** Fails when a service of such a namespace is more open than that. */
export function refuseOpenService({ construct, access }: NamespaceDeclaration, { mtls, access: own }: MeshPolicyFields, path: string): void {
  const open = own === AccessMode.OPEN || (access === AccessMode.DECLARED && own !== AccessMode.DECLARED);
  if (mtls === MtlsMode.STRICT && !open) { return; }
  throw new MeshFault({
    code: 'MESH-E027',
    what: `${path} stands in the zero trust namespace ${construct.node.path} and has ${open ? `access "${own}"` : `mutual TLS "${mtls}"`}`,
    fix: open ? 'take the access out, or give the namespace access: AccessMode.AUDIT while callers are found out' : 'take the mutual TLS mode out, or move the service to another namespace',
    path,
  });
}

/** Reports namespaces that are declared twice, and services in them that belong to another mesh. */
export function checkNamespaces(app: MeshApp, errors: ErrorLog): void {
  const owners = new Map<string, NamespaceDeclaration>();
  for (const declaration of app.namespaces) {
    const owner = owners.get(declaration.namespace);
    if (owner) {
      errors.add(declaration.construct.node.path, new MeshFault({
        code: 'MESH-E034',
        what: `namespace ${declaration.namespace} is declared by ${owner.construct.node.path} and by ${declaration.construct.node.path}`,
        fix: 'keep one of them',
      }));
    }
    owners.set(declaration.namespace, owner ?? declaration);
  }
  if (owners.size === 0) { return; }
  for (const { construct, mesh, service } of app.services) {
    const owner = owners.get(service.serviceNamespace);
    if (!owner || owner.mesh === mesh) { continue; }
    errors.add(construct.node.path, new MeshFault({
      code: 'MESH-E031',
      what: `${construct.node.path} of mesh ${mesh.node.path} stands in the zero trust namespace ${owner.construct.node.path} of mesh ${owner.mesh.node.path}`,
      fix: 'put it into the mesh of its namespace, or into another namespace',
    }));
  }
}
