import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import type { IConnectable } from '../connections';
import type { IMesh } from '../mesh';
import type { IMeshService } from '../mesh-service';
import type { EdgeDeclaration, ExternalDeclaration, IngressDeclaration, ServiceDeclaration } from './declarations';
import { ErrorLog } from './error-log';
import { lowerApp } from './lower-app';
import { OUTPUT_ID } from './output-scope';

const REGISTRY = Symbol.for('cdk8s-mesh.MeshApp');

/**
 * Everything that an app declared about its meshes. There is one for every tree of constructs; it hangs on the root.
 *
 * cdk8s validates an app before it collects the objects. That is when the declarations become objects: once, however often and in
 * whatever order the charts are synthesized, and again when something was declared since.
 */
export class MeshApp {
  /** The registry of the tree that a construct stands in. */
  public static of(construct: IConstruct): MeshApp {
    const root: IConstruct & { [REGISTRY]?: MeshApp } = construct.node.root;
    if (!root[REGISTRY]) {
      Object.defineProperty(root, REGISTRY, { value: new MeshApp(root) });
    }
    return root[REGISTRY]!;
  }

  public readonly services: ServiceDeclaration[] = [];
  public readonly externals: ExternalDeclaration[] = [];
  public readonly ingresses: IngressDeclaration[] = [];
  public readonly edges: EdgeDeclaration[] = [];
  private readonly declarationOf = new Map<IConnectable, ServiceDeclaration | ExternalDeclaration | IngressDeclaration>();
  private readonly adopted = new Map<IConstruct | undefined, IConstruct | undefined>();
  private readonly watched = new Set<IConstruct>();
  private changes = 0;
  private outcome?: { readonly changes: number; readonly errors: ErrorLog };

  private constructor(private readonly root: IConstruct) {
    this.watch(root);
  }

  public addService(declaration: ServiceDeclaration): void {
    this.services.push(declaration);
    this.adopted.set(declaration.construct, declaration.adoptedService);
    this.remember(declaration.side, declaration);
  }

  public addExternal(declaration: ExternalDeclaration): void {
    this.externals.push(declaration);
    this.remember(declaration.service, declaration);
  }

  public addIngress(declaration: IngressDeclaration): void {
    this.ingresses.push(declaration);
    this.remember(declaration.side, declaration);
  }

  public addEdge(edge: EdgeDeclaration): void {
    this.edges.push(edge);
    this.touch();
  }

  /** Grows with every declaration. */
  public get revision(): number {
    return this.changes;
  }

  /** Says that something was declared since the last synth. */
  public touch(): void {
    this.changes += 1;
  }

  /** The declaration behind one side of an edge. */
  public serviceOf(side: IConnectable): ServiceDeclaration | undefined {
    const declaration = this.declarationOf.get(side);
    return declaration && 'workload' in declaration ? declaration : undefined;
  }

  public externalOf(side: IConnectable | IMeshService): ExternalDeclaration | undefined {
    const declaration = this.declarationOf.get(side);
    return declaration && 'originateTls' in declaration ? declaration : undefined;
  }

  public ingressOf(side: IConnectable): IngressDeclaration | undefined {
    const declaration = this.declarationOf.get(side);
    return declaration && 'gateway' in declaration ? declaration : undefined;
  }

  /** The meshes of the app in the order in which they were first used. */
  public meshes(): IMesh[] {
    return [...new Set([...this.services, ...this.externals, ...this.ingresses].map((declaration) => declaration.mesh))];
  }

  /** Every API object that stands in the tree now. */
  public objects(): ApiObject[] {
    return this.root.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  }

  /** The Service object that was adopted for the service whose output goes into a scope. */
  public adoptedServiceOf(output: Construct): IConstruct | undefined {
    return this.adopted.get(output.node.scope);
  }

  /** Reports the errors of a construct at synth. */
  public watch(construct: IConstruct): void {
    if (this.watched.has(construct)) { return; }
    this.watched.add(construct);
    construct.node.addValidation({ validate: () => this.errorsOf(construct) });
  }

  private remember(side: IConnectable, declaration: ServiceDeclaration | ExternalDeclaration | IngressDeclaration): void {
    this.declarationOf.set(side, declaration);
    this.watch(declaration.construct);
    this.watch(declaration.mesh);
    this.touch();
  }

  private errorsOf(construct: IConstruct): string[] {
    const errors = this.lowered();
    const own = errors.at(construct.node.path);
    if (construct !== this.root) { return own; }
    const watchedPaths = new Set([...this.watched].map((watched) => watched.node.path));
    const elsewhere = errors.paths().filter((path) => path !== this.root.node.path && !watchedPaths.has(path)).flatMap((path) => errors.at(path));
    return [...own, ...elsewhere];
  }

  private lowered(): ErrorLog {
    if (this.outcome?.changes !== this.changes) {
      const errors = new ErrorLog();
      this.clear();
      const changes = this.changes;
      lowerApp(this, errors);
      this.outcome = { changes, errors };
    }
    return this.outcome!.errors;
  }

  private clear(): void {
    const parents = [...this.services, ...this.externals, ...this.ingresses].map((declaration) => declaration.construct);
    for (const construct of [...parents, ...this.meshes()]) {
      construct.node.tryRemoveChild(OUTPUT_ID);
    }
  }
}
