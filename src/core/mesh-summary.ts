import { IConstruct } from 'constructs';
import { MeshApp } from './private/mesh-app';

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
    return new MeshSummary(app.services.filter((service) => service.ports.length > 0).length, app.services.length, app.edges.length, app.externals.length);
  }

  /** Services that run in a mesh. */
  public readonly services: number;
  /** Workloads that run in a mesh, services and others. */
  public readonly members: number;
  /** Declared edges: who may call whom. */
  public readonly edges: number;
  /** Services outside of the meshes that are called from them. */
  public readonly externalServices: number;

  private constructor(services: number, members: number, edges: number, externalServices: number) {
    this.services = services;
    this.members = members;
    this.edges = edges;
    this.externalServices = externalServices;
  }
}
