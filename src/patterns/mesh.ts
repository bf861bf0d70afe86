import { Construct } from 'constructs';
import { IngressGateway } from '../core/ingress-gateway';
import { IMesh, IngressDefaults, ManagedGatewayAccount, MeshProfile } from '../core/mesh';
import { MeshPlan } from '../core/plan';
import { MESH_FILE, MeshFile, meshOptions, readMeshFile } from '../core/private/mesh-file/settings';
import { jsonSchema } from '../core/private/mesh-file/shape';
import { readTextFile } from '../core/private/read-description';

/** Makes the mesh of a submodule from a settings file. */
type MakeMesh = (scope: Construct, file: MeshFile, options: ReturnType<typeof meshOptions>) => IMesh;

/** The submodule that each mesh is in. */
const SUBMODULES: { readonly [provider in MeshFile['provider']]: string } = {
  'istio': 'istio', 'istio-ambient': 'istio', 'linkerd': 'linkerd', 'consul': 'consul', 'gateway-api': 'gatewayapi',
};

/**
 * A mesh that is chosen by a settings file: which one it is, what holds for all of its services, and how it is installed are configuration then, and
 * the program stays as it is.
 *
 * @example
 *
 * const mesh = Mesh.fromFile(this, 'mesh.yaml');
 * const cart = new MeshedService(this, 'cart', { mesh, image: 'registry.example.com/cart:1.4.2', ports: [Port.http(8080)] });
 */
export class Mesh extends Construct implements IMesh {
  /**
   * The mesh of a settings file. It fails (MESH-E072) when there is no such file, when it holds a key that is not known or a value that cannot be, and
   * (MESH-E021) when the mesh cannot do what the file says.
   *
   * @param scope where it belongs
   * @param file path of the file, YAML or JSON
   * @param id id of the construct
   */
  public static fromFile(scope: Construct, file: string, id: string = 'mesh'): Mesh {
    return Mesh.fromText(scope, id, readTextFile(file, 'MESH-E072'), file);
  }

  /**
   * The mesh of settings that are given as text.
   *
   * @param scope where it belongs
   * @param id id of the construct
   * @param text the settings, YAML or JSON
   * @param source what they are called in errors
   */
  public static fromText(scope: Construct, id: string, text: string, source: string = 'the settings'): Mesh {
    return new Mesh(scope, id, readMeshFile(text, source));
  }

  /** The JSON schema of settings files, for editors and for checks elsewhere. */
  public static fileSchema(): string {
    return `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Settings of a mesh', ...jsonSchema(MESH_FILE) }, undefined, 2)}\n`;
  }

  /** Name of the mesh in the file, such as `istio-ambient`. */
  public readonly provider: string;
  /** What the kernel must know of the mesh. */
  public readonly profile: MeshProfile;
  private readonly mesh: IMesh;
  private readonly ingress?: MeshFile['ingress'];

  private constructor(scope: Construct, id: string, file: MeshFile) {
    super(scope, id);
    this.provider = file.provider;
    this.ingress = file.ingress;
    this.mesh = factoryOf(file.provider)(this, file, meshOptions(file));
    this.profile = { ...this.mesh.profile, ingress: file.ingress ? ingressOf(file.ingress, this.mesh.profile.ingress) : this.mesh.profile.ingress };
  }

  /**
   * Writes a plan down in the resources of the mesh.
   *
   * @param plan everything that the app declared for this mesh
   */
  public lower(plan: MeshPlan): void {
    const { ingress } = this;
    const gateway = ingress && IngressGateway.gatewayApi({ className: ingress.class });
    this.mesh.lower(gateway ? { ...plan, ingresses: plan.ingresses.map((one) => (one.gateway.className === undefined ? { ...one, gateway } : one)) } : plan);
  }
}

/** The gateways of a class, whatever the mesh brings along. */
function ingressOf(given: NonNullable<MeshFile['ingress']>, known: IngressDefaults | undefined): IngressDefaults {
  return {
    selector: known?.selector ?? {},
    namespace: known?.namespace ?? '',
    serviceAccountName: known?.serviceAccountName ?? '',
    className: given.class,
    prefersGatewayApi: true,
    managedAccount: given.serviceAccount === 'gateway' ? ManagedGatewayAccount.GATEWAY : ManagedGatewayAccount.GATEWAY_AND_CLASS,
  };
}

/** The root namespace knows no mesh, so that none is loaded by an app that uses another: it is looked up by name when it is chosen. */
function factoryOf(provider: MeshFile['provider']): MakeMesh {
  const module = `../${SUBMODULES[provider]}/private/from-file`;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(module) as { readonly meshFromFile: MakeMesh }).meshFromFile;
}
