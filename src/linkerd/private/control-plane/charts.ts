import type { ChartInstall } from '../../../delivery/chart-delivery';
import { Replicas } from '../../../delivery/replicas';
import { dnsLabel } from '../../../private/dns';
import { fail } from '../../../private/errors';
import { compact, mergePlain, Plain } from '../../../private/plain';
import type { ControlPlaneProps } from '../../control-plane';
import { blockOf } from '../networks';
import { controlPlaneValues } from './values';

/** The parts of an installation, in the order in which they are installed. */
export const INSTALL_PARTS = ['definitions', 'cni', 'control-plane', 'viz', 'multicluster'] as const;

/** A part of an installation. */
export type InstallPart = (typeof INSTALL_PARTS)[number];

/** A control plane as it is installed. */
export interface ControlPlaneFacts {
  readonly props: ControlPlaneProps;
  readonly version: string;
  readonly namespace: string;
  readonly replicas: number;
}

const EDGE_CHARTS = 'https://helm.linkerd.io/edge';

/** Checks what a control plane is to be. */
export function controlPlaneFacts(props: ControlPlaneProps, path: string): ControlPlaneFacts {
  const { version, clusterNetworks, probeNetworks } = props;
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)) {
    fail('MESH-E060', `invalid version of charts, got "${version}"`, 'use that of an edge release, such as "2026.8.3", or of your vendor\'s charts', path);
  }
  [...clusterNetworks ?? [], ...probeNetworks ?? []].forEach(blockOf);
  for (const namespace of [props.namespace, props.viz?.namespace, props.multicluster?.namespace]) {
    if (namespace !== undefined) { dnsLabel('namespace', namespace, path); }
  }
  return { props, version, namespace: props.namespace ?? 'linkerd', replicas: countOf(props.replicas ?? Replicas.fixed(3), path) };
}

/** The charts cannot grow and shrink by load. */
function countOf(replicas: Replicas, path: string): number {
  if (replicas.cpu) {
    fail('MESH-E031', 'a control plane of Linkerd that grows with the load, which its charts cannot', 'use Replicas.fixed()', path);
  }
  return replicas.min;
}

/** The charts of some parts, as far as they are wanted. */
export function chartsOf(facts: ControlPlaneFacts, parts: readonly InstallPart[]): ChartInstall[] {
  const { props: { viz, multicluster, cni, installGatewayApi, chartRepository }, version, namespace, replicas } = facts;
  const chart = (installId: InstallPart, name: string, home: string, values: Plain, needs: string[]): ChartInstall => ({
    installId, repository: chartRepository ?? EDGE_CHARTS, chart: name, version, releaseName: name, namespace: home, values, needs,
  });
  const extensionNeeds = ['control-plane'];
  const all: ChartInstall[] = [
    { ...chart('definitions', 'linkerd-crds', namespace, { installGatewayAPI: installGatewayApi ?? false }, []), bringsDefinitions: true },
    ...(cni ? [chart('cni', 'linkerd2-cni', 'linkerd-cni', {}, [])] : []),
    {
      ...chart('control-plane', 'linkerd-control-plane', namespace, controlPlaneValues(facts), cni ? ['definitions', 'cni'] : ['definitions']),
      ownFields: [
        { kind: 'Secret', jsonPointers: ['/data'] },
        { group: 'admissionregistration.k8s.io', kind: 'MutatingWebhookConfiguration', jqPathExpressions: ['.webhooks[].clientConfig.caBundle'] },
        { group: 'admissionregistration.k8s.io', kind: 'ValidatingWebhookConfiguration', jqPathExpressions: ['.webhooks[].clientConfig.caBundle'] },
      ],
    },
    ...(viz ? [chart('viz', 'linkerd-viz', viz.namespace ?? 'linkerd-viz', vizValues(facts, countOf(viz.replicas ?? Replicas.fixed(replicas), ''), namespace), extensionNeeds)] : []),
    ...(multicluster ? [chart('multicluster', 'linkerd-multicluster', multicluster.namespace ?? 'linkerd-multicluster', multiclusterValues(facts), extensionNeeds)] : []),
  ];
  return all.filter(({ installId }) => parts.includes(installId as InstallPart));
}

function vizValues({ props: { viz, mesh } }: ControlPlaneFacts, count: number, namespace: string): Plain {
  const { dashboard = true, prometheusUrl, grafanaUrl, additionalValues } = viz!;
  const values = compact({
    linkerdNamespace: namespace === 'linkerd' ? undefined : namespace,
    clusterDomain: mesh.profile.clusterDomain === 'cluster.local' ? undefined : mesh.profile.clusterDomain,
    enablePodAntiAffinity: count > 1 ? true : undefined,
    dashboard: { replicas: dashboard ? count : 0 },
    tap: { replicas: count },
    prometheus: prometheusUrl === undefined ? undefined : { enabled: false },
    prometheusUrl,
    grafana: grafanaUrl === undefined ? undefined : { url: grafanaUrl },
  });
  return mergePlain(values as Plain, additionalValues);
}

function multiclusterValues({ props: { multicluster, mesh }, namespace, replicas }: ControlPlaneFacts): Plain {
  const { gateway = true, additionalValues } = multicluster!;
  const values = compact({
    linkerdNamespace: namespace === 'linkerd' ? undefined : namespace,
    identityTrustDomain: mesh.profile.trustDomain === 'cluster.local' ? undefined : mesh.profile.trustDomain,
    gateway: { enabled: gateway, replicas: gateway ? replicas : undefined },
  });
  return mergePlain(values as Plain, additionalValues);
}
