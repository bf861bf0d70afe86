import type { EdgeDeclaration, NamespaceDeclaration, NamespaceEdge, ServiceDeclaration } from './declarations';
import type { MeshApp } from './mesh-app';

/** What namespaces say of the callers of all of their services, service by service. */
export function namespaceEdges(app: MeshApp): EdgeDeclaration[] {
  const byNamespace = new Map(app.namespaces.map((declaration) => [declaration, [] as ServiceDeclaration[]]));
  for (const service of app.services) {
    const namespace = service.ports.length > 0 ? app.namespaceOf(service) : undefined;
    if (namespace) { byNamespace.get(namespace)!.push(service); }
  }
  return [...byNamespace].flatMap(([namespace, services]) => services.flatMap((service) => edgesOf(namespace, service)));
}

function edgesOf({ admitted, refused }: NamespaceDeclaration, { service }: ServiceDeclaration): EdgeDeclaration[] {
  const edge = ({ caller, access }: NamespaceEdge): EdgeDeclaration => ({ caller, target: service, access, policy: {} });
  return [...admitted.map(edge), ...refused.map((entry) => ({ ...edge(entry), denied: true }))];
}
