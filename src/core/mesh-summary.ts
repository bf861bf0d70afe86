import { IConstruct } from 'constructs';
import { byText } from '../private/compare';
import { MeshApp } from './private/mesh-app';
import { needsOf } from './private/needs';

/** Something that an app asked for and does without, because its mesh lacks it and was told to accept that. */
export interface Loss {
  /** Id of the capability that the mesh lacks. */
  readonly capabilityId: string;
  /** Name of the mesh. */
  readonly meshName: string;
  /** Path of the construct that asked for it. */
  readonly constructPath: string;
  /** What was asked for, in a few words. */
  readonly what: string;
}

/** Something that an app asked for and that its mesh can do in part only. */
export interface Restriction extends Loss {
  /** How far the mesh goes, in the words of the capability table. */
  readonly limits: string;
}

/**
 * What an app declared about its meshes, in numbers.
 */
export class MeshSummary {
  /**
   * Counts what the app of a construct declared so far.
   *
   * @param construct any construct of the app
   */
  public static of(construct: IConstruct): MeshSummary {
    return new MeshSummary(MeshApp.of(construct));
  }

  /** Services that run in a mesh. */
  public readonly services: number;
  /** Workloads that run in a mesh, services and others. */
  public readonly members: number;
  /** Declared edges: who may call whom. */
  public readonly edges: number;
  /** Services outside of the meshes that are called from them. */
  public readonly externalServices: number;
  /** What was given up, as of the last synth, ordered by capability and construct; empty before the first. */
  public readonly losses: Loss[];
  /** What a mesh can do in part only, as of the last synth, ordered by capability and construct; empty before the first. */
  public readonly restrictions: Restriction[];

  private constructor(app: MeshApp) {
    const profiles = app.meshes().map((mesh) => mesh.profile);
    const needs = needsOf(app);
    const limits = (use: Loss) => profiles.find(({ meshName }) => meshName === use.meshName)!.capabilities.capability(use.capabilityId).native;
    this.services = app.services.filter((service) => service.ports.length > 0).length;
    this.members = app.services.length;
    this.edges = app.edges.length;
    this.externalServices = app.externals.length;
    this.losses = ordered([...app.losses, ...needs.losses]);
    this.restrictions = ordered([...app.restrictions.map((use) => ({ ...use, limits: limits(use) })), ...needs.restrictions]);
  }
}

function ordered<T extends Loss>(uses: T[]): T[] {
  return uses.sort(byText((use) => `${use.capabilityId} ${use.constructPath} ${use.what}`));
}
