import { ApiObject, App, Chart, Lazy, Names, YamlOutputType } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { UpgradeRequest } from './check-upgrade';
import * as commands from './commands';
import { phaseText } from './plan-text';
import type { DeliveredChart } from '../../../delivery/chart-delivery';
import type { CompatibilityFinding } from '../../compatibility-finding';
import { SailResource } from '../../control-plane-delivery';
import type { UpgradePhase, UpgradeWave } from '../../upgrade-plan';
import { cniNamespace, InstallPart, ztunnelNamespace } from '../control-plane/charts';
import { deliver } from '../control-plane/deliver';
import { ControlPlaneFacts } from '../control-plane/facts';
import { emitTag } from '../control-plane/revision-tag';

/** A phase, and the chart that holds what it applies. */
export interface UpgradeStep {
  readonly chart: Chart;
  readonly phase: UpgradePhase;
}

type Words = Omit<UpgradePhase, 'phaseName' | 'output'>;

/** Writes the charts of an upgrade, each with its commands. */
export function writeUpgrade(upgrade: Construct, request: UpgradeRequest, findings: () => CompatibilityFinding[]): UpgradeStep[] {
  const { next, current, waves, inPlace } = request;
  const step = (phaseName: string, write: (chart: Chart, output: string) => Words, data: { [key: string]: unknown } = {}): UpgradeStep => {
    const chart = new Chart(upgrade.node.scope as Construct, `${upgrade.node.id}-${phaseName}`);
    const output = outputOf(chart);
    const phase = { phaseName, output, ...write(chart, output) };
    new ApiObject(chart, 'plan', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: chart.node.id, namespace: next.namespace, labels: { 'app.kubernetes.io/part-of': 'istio-upgrade' } },
      data: { 'plan.md': phaseText(phase, `# ${phase.title}`) + '\n', ...data },
    });
    return { chart, phase };
  };
  const nodes = nodeParts(next);
  return [
    step('back-up', () => commands.backUp(request)),
    step('compatibility', () => commands.compatibility(request), { 'findings.txt': Lazy.any({ produce: () => findingsText(findings()) }) }),
    step('control-plane', (chart, output) => {
      // The old revision goes on checking resources until the end.
      const props = { ...next.props, defaultRevision: current.revisionName };
      return commands.controlPlane(request, output, deliver(chart, { ...next, props }, ['base', 'istiod']));
    }),
    ...(nodes.length > 0 ? [step('nodes', (chart, output) => commands.nodes(request, output, deliver(chart, next, nodes), daemonSets(next)))] : []),
    ...waves.map((wave, index) => step(waveName(wave, index), (chart, output) => {
      if (wave.tag) { emitTag(chart, 'tag', wave.tag.tagName, { ...next, managedBySail: next.props.delivery.managedBySail }); }
      return commands.wave(request, output, wave);
    })),
    step('verify', () => commands.verify(request)),
    ...(inPlace ? [] : [step('retire', (chart, output) => commands.retire(request, output, deliver(chart, next, ['base']), removal(request)))]),
  ];
}

/** Parts of which there is one, whatever the revisions. */
function nodeParts({ ambient, props }: ControlPlaneFacts): InstallPart[] {
  return [
    ...(props.cni || ambient ? ['cni' as const] : []),
    ...(ambient ? ['ztunnel' as const] : []),
    ...(props.gateways && props.gateways.length > 0 ? ['gateways' as const] : []),
  ];
}

function daemonSets(facts: ControlPlaneFacts): string[] {
  const { ambient, props } = facts;
  return [
    ...(props.cni || ambient ? [`daemonset/istio-cni-node --namespace ${cniNamespace(facts)}`] : []),
    ...(ambient ? [`daemonset/ztunnel --namespace ${ztunnelNamespace(facts)}`] : []),
  ];
}

/** How the current istiod is removed: as the next one would be. */
function removal({ current, next }: UpgradeRequest): string[] {
  const sail = next.props.delivery._sail;
  if (sail && sail.resource !== SailResource.ISTIO_REVISION) {
    return [`kubectl wait istiorevision/${current.revisionName} --for=delete --timeout=10m`];
  }
  const old: ControlPlaneFacts = { ...next, revisionName: current.revisionName };
  const delivered: DeliveredChart[] = deliver(new Chart(new App(), 'scratch'), old, ['istiod']);
  return delivered.flatMap(({ removeCommands }) => removeCommands);
}

function waveName({ tag, namespaces }: UpgradeWave, index: number): string {
  if (tag) { return `tag-${tag.tagName}`; }
  return namespaces.length === 1 ? `namespace-${namespaces[0]}` : `wave-${index + 1}`;
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

function findingsText(findings: readonly CompatibilityFinding[]): string {
  return findings.length === 0 ? 'nothing\n' : findings.map(({ change, text }) => `${change}: ${text}\n`).join('');
}

