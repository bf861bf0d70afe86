import type { PhaseWords } from '../../../core/private/phases/write-phase';
import type { DeliveredChart } from '../../../delivery/chart-delivery';
import type { IControlPlane } from '../../control-plane';
import type { ControlPlaneFacts } from '../control-plane/charts';

/** An upgrade that can be done. */
export interface UpgradeRequest {
  readonly current: IControlPlane;
  readonly next: ControlPlaneFacts;
  readonly checkCommands: readonly string[];
}

const WORKLOADS = 'deployment,statefulset,daemonset';

const KINDS = [
  'servers.policy.linkerd.io', 'serverauthorizations.policy.linkerd.io', 'authorizationpolicies.policy.linkerd.io', 'meshtlsauthentications.policy.linkerd.io',
  'networkauthentications.policy.linkerd.io', 'httproutes.policy.linkerd.io', 'egressnetworks.policy.linkerd.io', 'httplocalratelimitpolicies.policy.linkerd.io',
  'serviceprofiles.linkerd.io', 'externalworkloads.workload.linkerd.io',
];

/** Keeps what is in the cluster, so that it can be put back, and sees that it is well. */
export function backUp({ current }: UpgradeRequest): PhaseWords {
  const file = (what: string) => `linkerd-${current.version}-${what}.yaml`;
  const saves: [string, string][] = [
    ['resources', `kubectl get ${KINDS.join(',')} --all-namespaces`],
    ['routes', 'kubectl get httproutes.gateway.networking.k8s.io,grpcroutes.gateway.networking.k8s.io --all-namespaces'],
    ['config', `kubectl get configmap --namespace ${current.namespace}`],
    ['namespaces', 'kubectl get namespace'],
  ];
  return {
    title: 'Back up',
    purpose: 'What is in the cluster before anything changes: the resources of Linkerd, routes, and the configuration of the control plane. There are no secrets among it; see to the issuer '
      + '(Secret linkerd-identity-issuer) by other means. The mesh must be well, and its issuer valid for longer than the upgrade takes.',
    commands: saves.map(([what, command]) => `${command} --output yaml > ${file(what)}`),
    checkCommands: [...saves.map(([what]) => `test -s ${file(what)}`), 'linkerd check', 'linkerd check --proxy'],
    rollbackCommands: [],
  };
}

/** Brings the definitions of the next version. */
export function definitions({ next }: UpgradeRequest, output: string, charts: readonly DeliveredChart[]): PhaseWords {
  return {
    title: 'Upgrade definitions',
    purpose: `The definitions of ${next.version} serve both versions. They must be there before the control plane that reads by them.`,
    commands: install(output, charts),
    checkCommands: [...waits(charts), 'linkerd check --crds'],
    rollbackCommands: ['# leave them: definitions that go away take their resources with them'],
  };
}

/** Replaces the control plane. */
export function controlPlane({ next, current }: UpgradeRequest, output: string, charts: readonly DeliveredChart[]): PhaseWords {
  return {
    title: 'Replace the control plane',
    purpose: `The control plane becomes ${next.version}, replica by replica. Proxies of ${current.version} stay as they are and go on working; pods that are made from here on get the next ones.`,
    commands: install(output, charts),
    checkCommands: [...waits(charts), `kubectl get deployment --namespace ${next.namespace} --output name | xargs --no-run-if-empty --max-args=1 kubectl rollout status --namespace ${next.namespace} --timeout=10m`, 'linkerd version', 'linkerd check'],
    rollbackCommands: ['# apply the output of the control plane of before again'],
  };
}

/** Upgrades what runs beside the control plane. */
export function extensions({ next }: UpgradeRequest, output: string, charts: readonly DeliveredChart[]): PhaseWords {
  return {
    title: 'Upgrade extensions',
    purpose: 'The extensions follow the control plane. While they do, metrics and the dashboard may be away for a moment; calls are not.',
    commands: install(output, charts),
    checkCommands: [...waits(charts), ...(next.props.viz ? ['linkerd viz check'] : []), ...(next.props.multicluster ? ['linkerd multicluster check'] : [])],
    rollbackCommands: ['# apply the output of the control plane of before again: extensions of the version before'],
  };
}

/** Moves the namespaces of one wave, one after another. */
export function wave({ checkCommands }: UpgradeRequest, namespaces: readonly string[]): PhaseWords {
  return {
    title: `Restart ${namespaces.join(', ')}`,
    purpose: 'Pods get the proxies of the next version when they are made anew: namespace after namespace.',
    commands: namespaces.flatMap((namespace) => [...restart(namespace), `linkerd check --proxy --namespace ${namespace}`]),
    checkCommands: [...checkCommands],
    rollbackCommands: ['# roll the control plane back first', ...namespaces.flatMap(restart)],
  };
}

/** Looks at the whole once more. */
export function verify({ next, checkCommands }: UpgradeRequest): PhaseWords {
  return {
    title: 'Verify',
    purpose: `Every proxy runs ${next.version}, and the applications work.`,
    commands: [],
    checkCommands: ['linkerd version --proxy', 'linkerd check', 'linkerd check --proxy', ...checkCommands],
    rollbackCommands: [],
  };
}

function install(output: string, charts: readonly DeliveredChart[]): string[] {
  return [`kubectl apply --filename ${output}`, ...charts.flatMap(({ installCommands }) => installCommands)];
}

function waits(charts: readonly DeliveredChart[]): string[] {
  return charts.flatMap(({ waitCommands }) => waitCommands);
}

function restart(namespace: string): string[] {
  return [
    `kubectl rollout restart ${WORKLOADS} --namespace ${namespace}`,
    `kubectl get ${WORKLOADS} --namespace ${namespace} --output name | xargs --no-run-if-empty --max-args=1 kubectl rollout status --namespace ${namespace} --timeout=10m`,
  ];
}
