import type { Identity } from '../identity';
import type { MeshPolicyFields } from '../mesh-policy';
import type { MigrationDeclaration, ServiceDeclaration } from './declarations';
import { EdgeIndex, indexEdges } from './edge-index';
import type { ErrorLog } from './error-log';
import type { Loss } from '../mesh-summary';
import type { MeshApp } from './mesh-app';
import type { WrittenMigration } from './mtls-migration/write-migration';
import { resolvePolicy } from './resolve-policy';
import { Selection } from './selection';
import { identityOf, podLabelsOf } from './service-facts';

/** What callers and callees must know of a service. */
export interface ServiceFacts {
  readonly podLabels: { readonly [key: string]: string };
  readonly identity: Identity;
  /** What holds for the service after mesh, the constructs around it and the service itself had their say. */
  readonly policy: MeshPolicyFields;
}

/** One synth of an app. The facts of a service are read once, however many edges it has: reading them renders its workload. */
export class Lowering {
  public readonly edges: EdgeIndex;
  public readonly selection: Selection;
  /** What meshes were told that the app can do without, and what of it the app asked for. */
  public readonly losses: Loss[] = [];
  /** What the app asked for that its meshes can do in part only. */
  public readonly restrictions: Loss[] = [];
  /** What the migrations of the app came to. */
  public readonly migrations = new Map<MigrationDeclaration, WrittenMigration>();
  private readonly facts = new Map<ServiceDeclaration, ServiceFacts>();

  public constructor(public readonly app: MeshApp, public readonly errors: ErrorLog) {
    this.edges = indexEdges(app);
    this.selection = new Selection(errors);
  }

  /** The facts of a service; an error when its workload cannot tell them. */
  public factsOf(service: ServiceDeclaration): ServiceFacts {
    const known = this.facts.get(service) ?? { podLabels: podLabelsOf(service), identity: identityOf(service), policy: resolvePolicy(this.app, service) };
    this.facts.set(service, known);
    return known;
  }
}
