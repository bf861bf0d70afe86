import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { ControlPlaneProps, IControlPlane } from './control-plane';
import { Phase } from '../core/phase';
import { writeUpgrade } from './private/upgrade/write-upgrade';
import { planText } from '../core/private/phases/phase-text';
import { WrittenPhase } from '../core/private/phases/write-phase';

/** Namespaces whose pods get the proxies of the next version together. */
export interface UpgradeWave {
  /** The namespaces, in the order in which their pods are restarted. Begin with those where least can go wrong. */
  readonly namespaces: string[];
}

/** From where to where a mesh is upgraded, and who moves when. */
export interface MeshUpgradeProps {
  /** The control plane that runs now. */
  readonly current: IControlPlane;

  /** The control plane that takes its place. */
  readonly next: ControlPlaneProps;

  /** Who moves when, at least one wave. Every wave is a phase of its own. */
  readonly waves: UpgradeWave[];

  /**
   * Commands of yours that fail when the applications do not work. They are among the checks after each wave and at the end.
   *
   * @default - none
   */
  readonly checkCommands?: string[];
}

/**
 * An upgrade of Linkerd in phases: back-up, definitions, control plane, extensions, one phase for every wave of namespaces, verification. There is one
 * control plane, which is upgraded in place; proxies of the version before go on working with it until their pods are restarted.
 *
 * Emits a chart for every phase, beside this construct, named `ID-PHASE`: with the objects that the phase applies and a ConfigMap that holds its
 * commands. The order and the commands are also there as data (`plan`) and as text (`planText`).
 *
 * @see https://linkerd.io/2/tasks/upgrade/
 *
 * @example
 *
 * const upgrade = new linkerd.MeshUpgrade(app, 'upgrade', {
 *   current: linkerd.ControlPlane.fromControlPlaneAttributes(chart, 'current', { version: '2026.7.1' }),
 *   next: { mesh, version: '2026.8.3', delivery: delivery.ChartDelivery.helmValues(), identity: linkerd.IdentitySource.existing() },
 *   waves: [{ namespaces: ['tools'] }, { namespaces: ['shop'] }],
 * });
 * console.log(upgrade.planText());
 */
export class MeshUpgrade extends Construct {
  private readonly props: MeshUpgradeProps;
  private readonly steps: WrittenPhase[];

  public constructor(scope: Construct, id: string, props: MeshUpgradeProps) {
    super(scope, id);
    this.props = props;
    this.steps = writeUpgrade(this, props);
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
    return planText(`Linkerd ${this.props.current.version} to ${this.props.next.version}`, this.plan());
  }
}
