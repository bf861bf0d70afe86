import { IConstruct } from 'constructs';
import { ICertificateAuthority } from '../../core/certificate-authority';
import { gatewayIdentity } from '../../core/private/gateway-identity';
import { MeshApp } from '../../core/private/mesh-app';
import { fail, faultsOf } from '../../private/errors';

const REGISTRY = Symbol.for('cdk8s-mesh.pki.NamespaceAuthorities');

/** An authority that vouches for a namespace. */
export interface Vouching {
  readonly authority: ICertificateAuthority;
  /** Whoever said so. */
  readonly by: string;
}

/** Which authority vouches for which namespace: said of the namespace itself, or of the mesh that its services are in. */
export class NamespaceAuthorities {
  /** Those of a tree of constructs. */
  public static of(construct: IConstruct): NamespaceAuthorities {
    const root: IConstruct & { [REGISTRY]?: NamespaceAuthorities } = construct.node.root;
    if (!root[REGISTRY]) { Object.defineProperty(root, REGISTRY, { value: new NamespaceAuthorities(root) }); }
    return root[REGISTRY]!;
  }

  private readonly said = new Map<string, ICertificateAuthority>();
  private known?: { readonly declared: number; readonly found: ReadonlyMap<string, Vouching[]> };

  private constructor(private readonly root: IConstruct) {}

  /** Says that an authority vouches for a namespace. */
  public add(namespace: string, authority: ICertificateAuthority): void {
    const other = this.said.get(namespace);
    if (other && other !== authority) {
      fail('MESH-E031', `namespace ${namespace} has two authorities, ${other.authorityName} and ${authority.authorityName}`, 'let one of them serve it', authority.node.path);
    }
    this.said.set(namespace, authority);
  }

  /** The authorities that vouch for a namespace, with whoever said so. */
  public of(namespace: string): readonly Vouching[] {
    const { services, ingresses } = MeshApp.of(this.root);
    // All three only ever grow.
    const declared = services.length + ingresses.length + this.said.size;
    if (this.known?.declared !== declared) { this.known = { declared, found: this.collect() }; }
    return this.known.found.get(namespace) ?? [];
  }

  private collect(): Map<string, Vouching[]> {
    const found = new Map<string, Vouching[]>();
    const put = (namespace: string, authority: ICertificateAuthority | undefined, by: string): void => {
      const known = found.get(namespace) ?? [];
      if (authority && !known.some((one) => one.authority === authority)) { found.set(namespace, [...known, { authority, by }]); }
    };
    this.said.forEach((authority, namespace) => put(namespace, authority, `namespace ${namespace}`));
    const app = MeshApp.of(this.root);
    app.services.forEach(({ mesh, service }) => put(service.serviceNamespace, mesh.profile.authority, `mesh ${mesh.node.path}`));
    app.ingresses.forEach((ingress) => {
      const namespace = gatewayNamespace(ingress);
      if (namespace !== undefined) { put(namespace, ingress.mesh.profile.authority, `mesh ${ingress.mesh.node.path}`); }
    });
    return found;
  }
}

/** Namespace of the pods of a gateway; undefined when the mesh does not know them, which it says itself. */
function gatewayNamespace(ingress: Parameters<typeof gatewayIdentity>[0]): string | undefined {
  try {
    return gatewayIdentity(ingress).namespace;
  } catch (error) {
    if (!faultsOf(error)) { throw error; }
    return undefined;
  }
}
