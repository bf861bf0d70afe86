import type { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import * as commands from './commands';
import { PhaseWords, writePhase, WrittenPhase } from '../../../core/private/phases/write-phase';
import { dnsLabel } from '../../../private/dns';
import { fail } from '../../../private/errors';
import type { MeshUpgradeProps } from '../../mesh-upgrade';
import { chartsOf, ControlPlaneFacts, controlPlaneFacts, InstallPart } from '../control-plane/charts';

const EXTENSIONS: readonly InstallPart[] = ['viz', 'multicluster'];

/** Writes the charts of an upgrade, each with its commands. */
export function writeUpgrade(upgrade: Construct, props: MeshUpgradeProps): WrittenPhase[] {
  const path = upgrade.node.path;
  const next = controlPlaneFacts(props.next, path);
  check(props, next, path);
  const step = (phaseName: string, write: (chart: Chart, output: string) => PhaseWords): WrittenPhase =>
    writePhase(upgrade, phaseName, { namespace: next.namespace, partOf: 'linkerd-upgrade' }, write);
  const install = (chart: Chart, parts: readonly InstallPart[]) => next.props.delivery.deliverCharts(chart, chartsOf(next, parts));
  const request = { current: props.current, next, checkCommands: props.checkCommands ?? [] };
  return [
    step('back-up', () => commands.backUp(request)),
    step('definitions', (chart, output) => commands.definitions(request, output, install(chart, ['definitions']))),
    step('control-plane', (chart, output) => commands.controlPlane(request, output, install(chart, ['cni', 'control-plane']))),
    ...(chartsOf(next, EXTENSIONS).length > 0 ? [step('extensions', (chart, output) => commands.extensions(request, output, install(chart, EXTENSIONS)))] : []),
    ...props.waves.map(({ namespaces }, index) => step(namespaces.length === 1 ? `namespace-${namespaces[0]}` : `wave-${index + 1}`, () => commands.wave(request, namespaces))),
    step('verify', () => commands.verify(request)),
  ];
}

function check({ current, waves }: MeshUpgradeProps, { version, namespace }: ControlPlaneFacts, path: string): void {
  if (current.namespace !== namespace) {
    fail('MESH-E031', `a control plane in namespace ${namespace} after one in ${current.namespace}`, 'keep the namespace', path);
  }
  if (compare(version, current.version) <= 0) {
    fail('MESH-E060', `an upgrade from ${current.version} to ${version}`, 'name a later version', path);
  }
  const namespaces = waves.flatMap((wave) => wave.namespaces);
  if (waves.length === 0 || waves.some((wave) => wave.namespaces.length === 0)) {
    fail('MESH-E030', `an upgrade ${waves.length === 0 ? 'without waves, after which no pod would have the next proxies' : 'with a wave of nobody'}`, 'name the namespaces of the mesh, wave by wave', path);
  }
  namespaces.forEach((name) => dnsLabel('namespace', name, path));
  const twice = namespaces.find((name, index) => namespaces.indexOf(name) !== index);
  if (twice !== undefined) { fail('MESH-E034', `namespace ${twice} is in two waves`, 'name it once', path); }
}

/** Dates or versions, number by number. */
function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).slice(0, 3).map(Number));
  const index = [0, 1, 2].find((part) => left[part] !== right[part]);
  return index === undefined ? 0 : left[index] - right[index];
}
