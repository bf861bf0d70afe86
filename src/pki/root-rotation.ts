import { Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { CertManagerAuthority } from './cert-manager-authority';
import { ICertificateBundle } from '../certmanager/bundle';
import { IMesh } from '../core/mesh';
import { Phase } from '../core/phase';
import { checkRotation } from './private/rotation/check-rotation';
import { writeRotation } from './private/rotation/write-rotation';
import { planText } from '../core/private/phases/phase-text';
import { WrittenPhase } from '../core/private/phases/write-phase';

/** Which root is changed, and who trusts it. */
export interface RootRotationProps {
  /** The authority, whose root is kept in the cluster. */
  readonly authority: CertManagerAuthority;

  /** The bundles that hold its root, at least one: whoever trusts the root must learn of the new one by them. */
  readonly bundles: ICertificateBundle[];

  /**
   * The mesh that takes its certificates from the authority: commands for it are added.
   *
   * @default - no mesh
   */
  readonly mesh?: IMesh;

  /**
   * The longest life of a certificate below the authority that ends no mesh by itself: those that meshes issue to proxies, and Certificates.
   *
   * @default Duration.hours(24)
   */
  readonly longestLifetime?: Duration;

  /**
   * How long a phase is kept at least before the next: until everybody has loaded the roots, and what was issued before has ended.
   *
   * @default - an hour more than `longestLifetime`
   */
  readonly overlap?: Duration;
}

/**
 * The change of a root that cert-manager keeps, in phases: add the new root to all bundles, switch the issuer to it, drop the old root.
 *
 * Emits a chart for every phase, beside this construct, named `ID-PHASE`: with the objects that the phase applies and a ConfigMap that holds its commands.
 * Declare it after the certificates of the app; when it is over count up `rootGeneration` of the authority and delete it. The root of a
 * MeshCertificateAuthority is changed by `cdk8s-mesh pki rotate`, see its `rotationPlan`.
 *
 * @see https://cert-manager.io/docs/trust/trust-manager/#rotating-ca-certificates
 *
 * @example
 *
 * const rotation = new pki.RootRotation(app, 'rotation', { authority, bundles: [identity.trustRoots], mesh });
 * console.log(rotation.planText());
 */
export class RootRotation extends Construct {
  private readonly steps: WrittenPhase[];

  public constructor(scope: Construct, id: string, props: RootRotationProps) {
    super(scope, id);
    this.steps = writeRotation(this, checkRotation(props, this.node.path));
  }

  /** The chart of every phase, in order. */
  public get charts(): Chart[] {
    return this.steps.map(({ chart }) => chart);
  }

  /** The phases in order, with their commands. */
  public plan(): Phase[] {
    return this.steps.map(({ phase }) => phase);
  }

  /** The plan as Markdown, for people. */
  public planText(): string {
    return planText('Change of a root', this.plan());
  }
}
