import { App, Chart, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import type { UpgradeRequest } from './check-upgrade';
import * as commands from './commands';
import { PhaseWords, writePhase, WrittenPhase } from '../../../core/private/phases/write-phase';
import type { DeliveredChart } from '../../../delivery/chart-delivery';
import type { CompatibilityFinding } from '../../compatibility-finding';
import { SailResource } from '../../control-plane-delivery';
import type { UpgradeWave } from '../../upgrade-plan';
import { cniNamespace, InstallPart, ztunnelNamespace } from '../control-plane/charts';
import { deliver } from '../control-plane/deliver';
import { ControlPlaneFacts } from '../control-plane/facts';
import { emitTag } from '../control-plane/revision-tag';

/** Writes the charts of an upgrade, each with its commands. */
export function writeUpgrade(upgrade: Construct, request: UpgradeRequest, findings: () => CompatibilityFinding[]): WrittenPhase[] {
  const { next, current, waves, inPlace } = request;
  const step = (phaseName: string, write: (chart: Chart, output: string) => PhaseWords, data?: { [key: string]: unknown }): WrittenPhase =>
    writePhase(upgrade, phaseName, { namespace: next.namespace, partOf: 'istio-upgrade', data }, write);
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

function findingsText(findings: readonly CompatibilityFinding[]): string {
  return findings.length === 0 ? 'nothing\n' : findings.map(({ change, text }) => `${change}: ${text}\n`).join('');
}

