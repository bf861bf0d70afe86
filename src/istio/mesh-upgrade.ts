import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Compatibility } from './compatibility';
import { CompatibilityFinding } from './compatibility-finding';
import { ControlPlaneProps, IControlPlane } from './control-plane';
import { Phase } from '../core/phase';
import { planText } from '../core/private/phases/phase-text';
import { WrittenPhase } from '../core/private/phases/write-phase';
import { faultsOf, MeshFault } from '../private/errors';
import { checkUpgrade } from './private/upgrade/check-upgrade';
import { writeUpgrade } from './private/upgrade/write-upgrade';
import { UpgradeWave } from './upgrade-plan';

/** From where to where a mesh is upgraded, and who moves when. */
export interface MeshUpgradeProps {
  /** The control plane that runs now. */
  readonly current: IControlPlane;
  /** The control plane that takes over. Beside the current one it needs a revision of its own. */
  readonly next: ControlPlaneProps;

  /**
   * Who moves when. Every wave is a phase of its own.
   *
   * @default - nobody: only right for an upgrade in place
   */
  readonly waves?: UpgradeWave[];

  /**
   * Whether the control plane is replaced rather than joined by the next one. Proxies then connect to it at once, so there is no trying out.
   *
   * @default false
   */
  readonly inPlace?: boolean;

  /**
   * What must be compatible with the next version.
   *
   * @default - the whole app
   */
  readonly checked?: IConstruct;

  /**
   * Whether the app may use what the next version does not have.
   *
   * @default false: that is an error at synth
   */
  readonly acceptIncompatible?: boolean;

  /**
   * Version of the Gateway API's definitions in the cluster, such as `1.4`.
   *
   * @default - objects of the Gateway API are not looked at
   */
  readonly gatewayApiVersion?: string;

  /**
   * Commands of yours that fail when the applications do not work. They are among the checks after each wave and at the end.
   *
   * @default - none
   */
  readonly checkCommands?: string[];
}

/**
 * An upgrade of Istio in phases: back-up, compatibility, the next control plane beside the current one, the agents and proxies of the
 * nodes, one phase for every wave of namespaces, verification, and the end of the old control plane. Nothing that carries traffic
 * changes before its phase, and every phase can be rolled back.
 *
 * Emits a chart for every phase, beside this construct, named `ID-PHASE`: with the objects that the phase applies and a ConfigMap that holds
 * its commands. The order and the commands are also there as data (`plan`) and as text (`planText`).
 *
 * @see https://istio.io/latest/docs/setup/upgrade/canary/
 *
 * @example
 *
 * const upgrade = new istio.MeshUpgrade(app, 'upgrade', {
 *   current: istio.ControlPlane.fromControlPlaneAttributes(chart, 'current', { version: '1.30.3', revisionName: '1-30-3' }),
 *   next: { mesh, version: '1.31.1', revision: '1-31-1', delivery: istio.ControlPlaneDelivery.helmValues() },
 *   waves: [{ tag: stable, namespaces: ['shop'] }],
 * });
 * console.log(upgrade.planText());
 */
export class MeshUpgrade extends Construct {
  private readonly props: MeshUpgradeProps;
  private readonly steps: WrittenPhase[];
  private known?: { readonly constructs: number; readonly findings: CompatibilityFinding[] };

  public constructor(scope: Construct, id: string, props: MeshUpgradeProps) {
    super(scope, id);
    this.props = props;
    const request = checkUpgrade(props, this.node.path);
    this.steps = writeUpgrade(this, request, () => this.findings());
    this.node.addValidation({ validate: () => this.problems() });
  }

  /** The chart of every phase, in order. */
  public get charts(): Chart[] {
    return this.steps.map(({ chart }) => chart);
  }

  /** What the next version lacks, dropped, changed, or wants to drop of what the app uses by now. */
  public findings(): CompatibilityFinding[] {
    const { checked, next, current, gatewayApiVersion } = this.props;
    return Compatibility.check(checked ?? this.node.root, next.version.replace(/-latest$/, ''), { currentVersion: current.version, gatewayApiVersion });
  }

  /** The phases in order, with their commands. */
  public plan(): Phase[] {
    return this.steps.map(({ phase }) => phase);
  }

  /** The plan as Markdown, for people. */
  public planText(): string {
    const { current, next } = this.props;
    return planText(`Istio ${current.version} to ${next.version}`, this.plan());
  }

  private problems(): string[] {
    if (this.props.acceptIncompatible) { return []; }
    try {
      return this.latestFindings().filter(({ breaking }) => breaking).map(({ text, advice, constructPath }) => new MeshFault({
        code: 'MESH-E061',
        what: text.slice(0, text.lastIndexOf(`; ${advice}`)),
        fix: `${advice}, or set acceptIncompatible`,
        path: constructPath,
      }).message);
    } catch (thrown) {
      // The app itself is wrong, which is reported where it is wrong.
      if (faultsOf(thrown) || !(thrown instanceof Error)) { throw thrown; }
      return [];
    }
  }

  /** cdk8s validates once for every chart, and looking at all objects each time would cost their product. */
  private latestFindings(): CompatibilityFinding[] {
    const constructs = this.node.root.node.findAll().length;
    if (this.known?.constructs !== constructs) { this.known = { constructs, findings: this.findings() }; }
    return this.known!.findings;
  }
}
