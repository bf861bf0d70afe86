import type { UpgradeRequest } from './check-upgrade';
import type { PhaseWords } from '../../../core/private/phases/write-phase';
import type { DeliveredChart } from '../../../delivery/chart-delivery';
import type { UpgradeWave } from '../../upgrade-plan';

const WORKLOADS = 'deployment,statefulset,daemonset';

/** Keeps what is in the cluster, so that it can be put back. */
export function backUp({ current }: UpgradeRequest): PhaseWords {
  const file = (what: string) => `istio-${current.version}-${what}.yaml`;
  const saves: [string, string][] = [
    ['resources', 'kubectl get istio-io --all-namespaces'],
    ['routes', 'kubectl get gateway-api --all-namespaces'],
    ['config', `kubectl get configmap --namespace ${current.namespace} --selector istio.io/rev=${current.revisionName}`],
    ['webhooks', 'kubectl get mutatingwebhookconfiguration,validatingwebhookconfiguration --selector istio.io/rev'],
    ['namespaces', 'kubectl get namespace'],
  ];
  return {
    title: 'Back up',
    purpose: `What is in the cluster before anything changes: Istio's resources, routes, the configuration of revision ${current.revisionName}, and which namespaces it serves. `
      + 'There are no secrets among it; see to the authority of the certificates (Secret cacerts or istio-ca-secret) by other means.',
    commands: saves.map(([what, command]) => `${command} --output yaml > ${file(what)}`),
    checkCommands: saves.map(([what]) => `test -s ${file(what)}`),
    rollbackCommands: [],
  };
}

/** Finds what the next version does not take. */
export function compatibility({ current, next }: UpgradeRequest): PhaseWords {
  return {
    title: 'Check compatibility',
    purpose: `What Istio ${next.version} lacks, dropped, changed or deprecates of what the app uses is listed in findings.txt of this output. `
      + `The commands look at the cluster, with the istioctl of ${next.version}.`,
    commands: ['istioctl version --remote=false'],
    checkCommands: [`istioctl experimental precheck --from-version ${minor(current.version)}`, 'istioctl analyze --all-namespaces'],
    rollbackCommands: [],
  };
}

/** Brings the next control plane up. */
export function controlPlane(request: UpgradeRequest, output: string, charts: readonly DeliveredChart[]): PhaseWords {
  const { current, next, inPlace } = request;
  const own = charts.filter(({ installId }) => installId !== 'base');
  return {
    title: inPlace ? 'Replace the control plane' : `Install revision ${next.revisionName}`,
    purpose: inPlace
      ? 'istiod is replaced, and proxies connect to the new one at once. They themselves stay as they are until their pods are restarted.'
      : `istiod ${next.version} runs beside ${current.version}, with nobody connected to it. Definitions are shared, and newer ones serve both.`,
    commands: [apply(output), ...charts.flatMap(({ installCommands }) => installCommands)],
    checkCommands: [
      ...charts.flatMap(({ waitCommands }) => waitCommands),
      `kubectl get pods --namespace ${next.namespace} --selector app=istiod --label-columns istio.io/rev`,
      'istioctl version',
      'istioctl proxy-status',
    ],
    rollbackCommands: inPlace
      ? ['# apply the output of the control plane of before again']
      : [...own.flatMap(({ removeCommands }) => removeCommands), ...(own.some(({ removeCommands }) => removeCommands.length === 0) ? ['# apply the output of the control plane of before again'] : [])],
  };
}

/** Upgrades what there is one of on every node, and gateways. */
export function nodes({ next }: UpgradeRequest, output: string, charts: readonly DeliveredChart[], daemonSets: readonly string[]): PhaseWords {
  return {
    title: 'Upgrade nodes and gateways',
    purpose: 'There is one node agent (and one ztunnel) on a node, whatever the revisions, so they are upgraded in place, after the control plane. '
      + (next.ambient ? 'Connections through a ztunnel that is replaced are cut after its grace period: where that hurts, drain the nodes one by one. ' : '')
      + 'Gateways get the chart of the next version; their proxies move with the revision tag that they name.',
    commands: [apply(output), ...charts.flatMap(({ installCommands }) => installCommands)],
    checkCommands: [
      ...charts.flatMap(({ waitCommands }) => waitCommands),
      ...daemonSets.map((daemonSet) => `kubectl rollout status ${daemonSet} --timeout=30m`),
      ...(next.ambient ? ['istioctl ztunnel-config workloads'] : []),
    ],
    rollbackCommands: ['# apply the output of the control plane of before again: node agent, ztunnel and gateways of the version before'],
  };
}

/** Moves the namespaces of one wave, one after another. */
export function wave(request: UpgradeRequest, output: string, { tag, namespaces }: UpgradeWave): PhaseWords {
  const { current, next, checkCommands } = request;
  const restart = next.ambient ? [] : namespaces.flatMap((namespace) => restartPods(namespace));
  return {
    title: tag ? `Move revision tag ${tag.tagName}: ${namespaces.join(', ')}` : `Move ${namespaces.join(', ')}`,
    purpose: (tag ? `The tag points to revision ${next.revisionName} from now on. ` : '')
      + (next.ambient
        ? 'Waypoints and gateways that name it, or whose namespaces do, get the proxies of the next version by themselves.'
        : 'Pods get the proxies of the next version when they are made anew: namespace after namespace. Pods that are made anew for another reason get them too.'),
    commands: [
      ...(tag ? [apply(output)] : []),
      ...namespaces.flatMap((namespace) => [...(next.ambient ? waitForGateways(namespace) : restartPods(namespace)), ...checkNamespace(namespace)]),
    ],
    checkCommands: ['istioctl proxy-status', ...checkCommands],
    rollbackCommands: [
      ...(tag ? [moveBack(tag.tagName, current.revisionName, current.managedBySail)] : ['# roll the control plane back first']),
      ...restart,
    ],
  };
}

/** Looks at the whole once more. */
export function verify({ next, current, inPlace, checkCommands }: UpgradeRequest): PhaseWords {
  return {
    title: 'Verify',
    purpose: `Every proxy runs ${next.version}, nothing is left of ${current.version} but its istiod, and the applications work. Stay here for as long as a way back is worth more than the old istiod costs.`,
    commands: [],
    checkCommands: [
      'istioctl version',
      'istioctl proxy-status',
      'istioctl tag list',
      'istioctl analyze --all-namespaces',
      ...(inPlace ? [] : [`! kubectl get mutatingwebhookconfiguration --selector istio.io/tag,istio.io/rev=${current.revisionName} --output name | grep .`]),
      ...checkCommands,
    ],
    rollbackCommands: [],
  };
}

/** Takes the old control plane away. */
export function retire({ current, next }: UpgradeRequest, output: string, charts: readonly DeliveredChart[], removal: readonly string[]): PhaseWords {
  return {
    title: `Remove revision ${current.revisionName}`,
    purpose: `Revision ${next.revisionName} checks resources when they are applied, and the old istiod goes. From here on, the way back is another upgrade.`,
    commands: [...(charts.length > 0 ? [apply(output)] : []), ...charts.flatMap(({ installCommands }) => installCommands), ...removal],
    checkCommands: [
      ...charts.flatMap(({ waitCommands }) => waitCommands),
      `! kubectl get pods --namespace ${current.namespace} --selector app=istiod,istio.io/rev=${current.revisionName} --output name | grep .`,
      'istioctl proxy-status',
    ],
    rollbackCommands: [],
  };
}

function apply(output: string): string {
  return `kubectl apply --filename ${output}`;
}

function restartPods(namespace: string): string[] {
  return [
    `kubectl rollout restart ${WORKLOADS} --namespace ${namespace}`,
    `kubectl get ${WORKLOADS} --namespace ${namespace} --output name | xargs --no-run-if-empty --max-args=1 kubectl rollout status --namespace ${namespace} --timeout=10m`,
  ];
}

function waitForGateways(namespace: string): string[] {
  return [`kubectl wait gateway --all --namespace ${namespace} --for=condition=Programmed --timeout=10m`];
}

function checkNamespace(namespace: string): string[] {
  return [`istioctl proxy-status --namespace ${namespace}`, `istioctl analyze --namespace ${namespace}`];
}

function moveBack(tag: string, revision: string, sail: boolean): string {
  return sail
    ? `kubectl patch istiorevisiontag/${tag} --type merge --patch '{"spec":{"targetRef":{"kind":"IstioRevision","name":"${revision}"}}}'`
    : `istioctl tag set ${tag} --revision ${revision} --overwrite`;
}

function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
