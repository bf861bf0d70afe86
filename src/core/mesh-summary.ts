import { IConstruct } from 'constructs';
import { byText } from '../private/compare';
import { MeshApp } from './private/mesh-app';

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
    const app = MeshApp.of(construct);
    return new MeshSummary(app.services.filter((service) => service.ports.length > 0).length, app.services.length, app.edges.length, app.externals.length, [...app.losses]);
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

  private constructor(services: number, members: number, edges: number, externalServices: number, losses: Loss[]) {
    this.services = services;
    this.members = members;
    this.edges = edges;
    this.externalServices = externalServices;
    this.losses = losses.sort(byText((loss) => `${loss.capabilityId} ${loss.constructPath} ${loss.what}`));
  }
}
