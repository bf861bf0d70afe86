import { Construct } from 'constructs';
import { AccessMode, Capabilities, IMesh, MeshPlan, MeshProfile, MtlsMode } from '../../src';

/** A mesh that writes nothing and keeps the plans that it was given. */
export class FakeMesh extends Construct implements IMesh {
  public readonly plans: MeshPlan[] = [];
  public readonly profile: MeshProfile;

  public constructor(scope: Construct, id: string, capabilities: Capabilities, profile: Partial<MeshProfile> = {}) {
    super(scope, id);
    this.profile = {
      meshName: capabilities.profile,
      capabilities,
      trustDomain: 'cluster.local',
      clusterDomain: 'cluster.local',
      mtls: MtlsMode.PERMISSIVE,
      access: AccessMode.OPEN,
      ...profile,
    };
  }

  public lower(plan: MeshPlan): void {
    this.plans.push(plan);
  }

  /** The last plan. */
  public get plan(): MeshPlan {
    return this.plans[this.plans.length - 1];
  }
}
