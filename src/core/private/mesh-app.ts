import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { IConnectable } from '../connections';
import type { IMesh } from '../mesh';
import type { IMeshService } from '../mesh-service';
import type { Loss } from '../mesh-summary';
import { appFindings } from './app-rules';
import type { EdgeDeclaration, ExternalDeclaration, IngressDeclaration, IsolationDeclaration, MigrationDeclaration, NamespaceDeclaration, ServiceDeclaration } from './declarations';
import { ErrorLog } from './error-log';
import { lowerApp } from './lower-app';
import { Lowering } from './lowering';
import type { WrittenMigration } from './mtls-migration/write-migration';
import { namespaceEdges } from './namespace-edges';
import { OUTPUT_ID } from './output-scope';
import { PolicyTree } from './policy-tree';
import type { Finding } from '../../engine/report/finding';
import { fail } from '../../private/errors';

const REGISTRY = Symbol.for('cdk8s-mesh.MeshApp');

/** What a synth came to. */
interface Outcome {
  readonly changes: number;
  readonly constructs: number;
  readonly errors: ErrorLog;
  readonly losses: readonly Loss[];
  readonly restrictions: readonly Loss[];
}

/**
 * Everything that an app declared about its meshes. There is one for every tree of constructs; it hangs on the root.
 *
 * cdk8s validates an app before it collects the objects. That is when the declarations become objects: once, however often and in
 * whatever order the charts are synthesized, and again when something was declared, or a construct was added, since.
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
  public readonly namespaces: NamespaceDeclaration[] = [];
  public readonly isolations: IsolationDeclaration[] = [];
  public readonly migrations: MigrationDeclaration[] = [];
  private readonly declaredEdges: EdgeDeclaration[] = [];
  public readonly policies = new PolicyTree();
  private readonly byNamespace = new Map<string, NamespaceDeclaration[]>();
  private readonly declarationOf = new Map<IConnectable, ServiceDeclaration | ExternalDeclaration | IngressDeclaration>();
  private readonly watched = new Set<IConstruct>();
  /** Whether what the rules find an error stops synthesis. */
  public rulesStopSynth = true;
  private changes = 0;
  private outcome?: Outcome;
  private allEdges?: { readonly changes: number; readonly edges: readonly EdgeDeclaration[] };
  private written: ReadonlyMap<MigrationDeclaration, WrittenMigration> = new Map();

  private constructor(private readonly root: IConstruct) {
    this.watch(root);
  }

  public addService(declaration: ServiceDeclaration): void {
    this.services.push(declaration);
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

  public addNamespace(declaration: NamespaceDeclaration): void {
    this.namespaces.push(declaration);
    const { namespace } = declaration;
    this.byNamespace.set(namespace, [...this.byNamespace.get(namespace) ?? [], declaration]);
    this.watch(declaration.construct);
    this.watch(declaration.mesh);
    this.touch();
  }

  public addMigration(declaration: MigrationDeclaration): void {
    const { construct, mesh } = declaration;
    const other = this.migrations.find((migration) => migration.mesh === mesh);
    if (other) {
      fail('MESH-E031', `${construct.node.path} and ${other.construct.node.path} both make one mesh strict`, 'keep one of them', construct.node.path);
    }
    this.migrations.push(declaration);
    this.watch(construct);
    this.watch(mesh);
    this.touch();
  }

  /** What a migration came to, as the app stands now; fails when the app is wrong. */
  public migrationOf(declaration: MigrationDeclaration): WrittenMigration {
    const errors = this.lowered(true);
    const written = this.written.get(declaration);
    if (written) { return written; }
    throw new Error(errors.paths().flatMap((path) => errors.at(path)).join('\n'));
  }

  public addIsolation(declaration: IsolationDeclaration): void {
    this.isolations.push(declaration);
    this.watch(declaration.construct);
    this.touch();
  }

  /** Every edge: those between two sides, and those that a namespace says for all of its services. */
  public get edges(): readonly EdgeDeclaration[] {
    if (this.namespaces.length === 0) { return this.declaredEdges; }
    if (this.allEdges?.changes !== this.changes) { this.allEdges = { changes: this.changes, edges: [...this.declaredEdges, ...namespaceEdges(this)] }; }
    return this.allEdges.edges;
  }

  public addEdge(edge: EdgeDeclaration): void {
    this.declaredEdges.push(edge);
    this.touch();
  }

  /** Says that something was declared since the last synth. */
  public touch(): void {
    this.changes += 1;
  }

  /** The namespace of a service, when only what was declared may talk in it. */
  public namespaceOf({ service, mesh }: ServiceDeclaration): NamespaceDeclaration | undefined {
    return this.byNamespace.get(service.serviceNamespace)?.find((candidate) => candidate.mesh === mesh);
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
    return [...new Set([...this.services, ...this.externals, ...this.ingresses, ...this.namespaces, ...this.migrations].map((declaration) => declaration.mesh))];
  }

  /** Every API object that stands in the tree now. */
  public objects(): ApiObject[] {
    return this.root.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  }

  /** What meshes were told that the app can do without, and the app asked for, as of the last synth. */
  public get losses(): readonly Loss[] {
    return this.outcome?.losses ?? [];
  }

  /** What the app asked for that its meshes can do in part only, as of the last synth. */
  public get restrictions(): readonly Loss[] {
    return this.outcome?.restrictions ?? [];
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
    const isRoot = construct === this.root;
    const errors = this.lowered(isRoot);
    const own = errors.at(construct.node.path);
    if (!isRoot) { return own; }
    const watchedPaths = new Set([...this.watched].map((watched) => watched.node.path));
    const elsewhere = errors.paths().filter((path) => path !== this.root.node.path && !watchedPaths.has(path)).flatMap((path) => errors.at(path));
    return [...own, ...elsewhere];
  }

  /** @param recount whether constructs are counted, which cdk8s asks for first at every validation by validating the root */
  private lowered(recount: boolean): ErrorLog {
    const known = this.outcome;
    if (known?.changes === this.changes && !(recount && known.constructs !== this.count())) { return known.errors; }
    const errors = new ErrorLog();
    const { changes } = this;
    this.clear();
    const lowering = new Lowering(this, errors);
    lowerApp(lowering);
    this.written = lowering.migrations;
    const remember = () => { this.outcome = { changes, constructs: this.count(), errors, losses: lowering.losses, restrictions: lowering.restrictions }; };
    remember();
    // Objects that look at the whole app while they are written find what is known by now.
    if (errors.paths().length === 0) { this.checkRules(errors); }
    // Outputs are all there or none: half of them would say other things than the program.
    if (errors.paths().length > 0) { this.clear(); }
    remember();
    return errors;
  }

  /** What the rules find in everything that the app is about to write, as it stands now. */
  public ruleFindings(): readonly Finding[] {
    this.lowered(true);
    return this.analyze();
  }

  private analyze(): readonly Finding[] {
    const phases = [...this.written.values()].flatMap((migration) => migration.phases.map(({ chart }): IConstruct => chart));
    return appFindings(this.root, new Set(phases));
  }

  private checkRules(errors: ErrorLog): void {
    if (!this.rulesStopSynth) { return; }
    for (const { severity, id, message, fix, location, constructPath = '' } of this.analyze()) {
      if (severity === 'error') { errors.addText(constructPath, `${id}: ${location.path}: ${message}; ${fix} (at ${constructPath})`); }
    }
  }

  private count(): number {
    return this.root.node.findAll().length;
  }

  private clear(): void {
    const parents = [...this.services, ...this.externals, ...this.ingresses, ...this.namespaces].map((declaration) => declaration.construct);
    for (const construct of [...parents, ...this.meshes()]) {
      construct.node.tryRemoveChild(OUTPUT_ID);
    }
    for (const { phases } of this.written.values()) {
      phases.forEach(({ chart }) => chart.node.scope!.node.tryRemoveChild(chart.node.id));
    }
    this.written = new Map();
  }
}
