import { ApiObject, App, Chart, Names, YamlOutputType } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { phaseText } from './phase-text';
import type { Phase } from '../../phase';

/** A phase, and the chart that holds what it applies. */
export interface WrittenPhase {
  readonly chart: Chart;
  readonly phase: Phase;
}

/** What a phase says of itself. */
export type PhaseWords = Omit<Phase, 'phaseName' | 'output'>;

/** Where the commands of a phase are kept. */
export interface PhasePlan {
  readonly namespace: string;
  /** What all phases are part of, such as `istio-upgrade`. */
  readonly partOf: string;
  /** What else is kept beside the commands. */
  readonly data?: { readonly [file: string]: unknown };
}

/**
 * Writes one phase: a chart beside its owner, named `OWNER-PHASE`, with what `write` puts into it and a ConfigMap that holds the commands.
 *
 * @param write puts the objects of the phase into its chart, and says what to do with its output
 */
export function writePhase(owner: Construct, phaseName: string, plan: PhasePlan, write: (chart: Chart, output: string) => PhaseWords): WrittenPhase {
  const chart = new Chart(owner.node.scope as Construct, `${owner.node.id}-${phaseName}`);
  const output = outputOf(chart);
  const phase = { phaseName, output, ...write(chart, output) };
  new ApiObject(chart, 'plan', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: chart.node.id, namespace: plan.namespace, labels: { 'app.kubernetes.io/part-of': plan.partOf } },
    data: { 'plan.md': phaseText(phase, `# ${phase.title}`) + '\n', ...plan.data },
  });
  return { chart, phase };
}

/** Where cdk8s writes a chart, seen from the output folder. */
function outputOf(chart: Chart): string {
  const name = Names.toDnsLabel(chart);
  const root: IConstruct = chart.node.root;
  const { yamlOutputType, outputFileExtension } = root instanceof App ? root : { yamlOutputType: YamlOutputType.FILE_PER_CHART, outputFileExtension: '.k8s.yaml' };
  switch (yamlOutputType) {
    case YamlOutputType.FILE_PER_CHART: return `${name}${outputFileExtension}`;
    case YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE: return `${name}/`;
    default: return '.';
  }
}
