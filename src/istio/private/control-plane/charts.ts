import { ControlPlaneFacts, DEFAULT_REVISION, revisionSuffix } from './facts';
import { istiodValues, renderSpread } from './istiod-values';
import type { IgnoredDifference } from '../../../delivery/argo-application';
import type { ChartInstall } from '../../../delivery/chart-delivery';
import type { IstioCNIValuesCni, ZTunnelValuesZtunnel } from '../../../delivery/crd';
import { renderResources } from '../../../delivery/private/render-resources';
import { Replicas } from '../../../delivery/replicas';
import { compact, mergePlain, Plain } from '../../../private/plain';
import type { CniOptions, GatewayInstall, ZtunnelOptions } from '../../control-plane-options';

/** The parts of an installation, in the order in which they are installed and upgraded. */
export type InstallPart = 'base' | 'istiod' | 'cni' | 'ztunnel' | 'gateways';
export const INSTALL_PARTS: readonly InstallPart[] = ['base', 'istiod', 'cni', 'ztunnel', 'gateways'];

/** Where the project publishes its charts. */
const REPOSITORY = 'https://istio-release.storage.googleapis.com/charts';

/** The Helm charts of an installation. */
export function chartsOf(facts: ControlPlaneFacts, parts: readonly InstallPart[]): ChartInstall[] {
  const { version, props, ambient } = facts;
  const source = { repository: props.chartRepository ?? REPOSITORY, version };
  const charts: { readonly [part in InstallPart]: () => (Omit<ChartInstall, 'repository' | 'version'>)[] } = {
    base: () => props.definitions ?? true ? [baseChart(facts)] : [],
    istiod: () => [istiodChart(facts)],
    cni: () => props.cni || ambient ? [cniChart(facts)] : [],
    ztunnel: () => ambient ? [ztunnelChart(facts)] : [],
    gateways: () => (props.gateways ?? []).map((gateway) => gatewayChart(facts, gateway)),
  };
  return parts.flatMap((part) => charts[part]()).map((chart) => ({ ...source, ...chart }));
}

/** Namespace of the node agent. */
export function cniNamespace({ props, namespace }: ControlPlaneFacts): string {
  return props.cni?.namespace ?? (props.delivery.managedBySail ? 'istio-cni' : namespace);
}

/** Namespace of ztunnel. */
export function ztunnelNamespace({ props, namespace }: ControlPlaneFacts): string {
  return props.ztunnel?.namespace ?? (props.delivery.managedBySail ? 'ztunnel' : namespace);
}

/** Values of the node agent, below `cni`. */
export function cniValues({ excludeNamespaces, binDirectory, configDirectory, resources, additionalValues }: CniOptions): Plain {
  const values: IstioCNIValuesCni = {
    excludeNamespaces: excludeNamespaces && [...excludeNamespaces],
    cniBinDir: binDirectory,
    cniConfDir: configDirectory,
    resources: resources && renderResources(resources),
  };
  return mergePlain(compact(values) as Plain ?? {}, additionalValues);
}

/** Values of ztunnel. */
export function ztunnelValues({ namespace, revisionName }: ControlPlaneFacts, options: ZtunnelOptions): Plain {
  const values: ZTunnelValuesZtunnel = {
    istioNamespace: namespace === 'istio-system' ? undefined : namespace,
    revision: revisionName === DEFAULT_REVISION ? undefined : revisionName,
    resources: options.resources && renderResources(options.resources),
    terminationGracePeriodSeconds: options.terminationGracePeriod?.toSeconds(),
  };
  return mergePlain(compact(values) as Plain ?? {}, options.additionalValues);
}

function baseChart({ revisionName, namespace, props }: ControlPlaneFacts): Omit<ChartInstall, 'repository' | 'version'> {
  return {
    installId: 'base',
    chart: 'base',
    releaseName: 'istio-base',
    namespace,
    bringsDefinitions: true,
    values: {
      defaultRevision: props.defaultRevision ?? revisionName,
      ...(namespace === 'istio-system' ? {} : { global: { istioNamespace: namespace } }),
    },
    ownFields: [webhook('ValidatingWebhookConfiguration')],
  };
}

function istiodChart(facts: ControlPlaneFacts): Omit<ChartInstall, 'repository' | 'version'> {
  const { revisionName, namespace, ambient } = facts;
  return {
    installId: 'istiod',
    chart: 'istiod',
    releaseName: `istiod${revisionSuffix(revisionName)}`,
    namespace,
    values: {
      ...(ambient ? { profile: 'ambient' } : {}),
      ...(revisionName === DEFAULT_REVISION ? {} : { revision: revisionName }),
      ...istiodValues(facts, ambient ? ztunnelNamespace(facts) : undefined),
    },
    needs: ['base'],
    ownFields: [webhook('ValidatingWebhookConfiguration'), webhook('MutatingWebhookConfiguration')],
  };
}

function cniChart(facts: ControlPlaneFacts): Omit<ChartInstall, 'repository' | 'version'> {
  const { ambient, props } = facts;
  const cni = cniValues(props.cni ?? {});
  return {
    installId: 'cni',
    chart: 'cni',
    releaseName: 'istio-cni',
    namespace: cniNamespace(facts),
    values: filled({
      ...(ambient ? { profile: 'ambient' } : {}),
      ...(props.platform ? { global: { platform: props.platform } } : {}),
      ...(Object.keys(cni).length > 0 ? { cni } : {}),
    }),
    needs: ['istiod'],
  };
}

function ztunnelChart(facts: ControlPlaneFacts): Omit<ChartInstall, 'repository' | 'version'> {
  const { props } = facts;
  return {
    installId: 'ztunnel',
    chart: 'ztunnel',
    releaseName: 'ztunnel',
    namespace: ztunnelNamespace(facts),
    values: filled({ ...(props.platform ? { global: { platform: props.platform } } : {}), ...ztunnelValues(facts, props.ztunnel ?? {}) }),
    needs: ['istiod', 'cni'],
  };
}

function gatewayChart({ mesh, revisionName, namespace: home, props }: ControlPlaneFacts, gateway: GatewayInstall): Omit<ChartInstall, 'repository' | 'version'> {
  const name = gateway.gatewayName ?? 'istio-ingressgateway';
  const namespace = gateway.namespace ?? home;
  const replicas = gateway.replicas ?? Replicas.fixed(2);
  const selector = { app: name, istio: name.replace(/^istio-/, '') };
  const ingress = mesh.profile.ingress;
  const isIngress = ingress && ingress.namespace === namespace && ingress.selector.istio === selector.istio;
  const revision = mesh.revisionTag?.tagName ?? (revisionName === DEFAULT_REVISION ? undefined : revisionName);
  const values = compact({
    revision,
    global: props.platform && { platform: props.platform },
    // The identity under which services let the gateway of the mesh in.
    serviceAccount: isIngress ? { name: ingress.serviceAccountName } : undefined,
    service: { type: gateway.serviceType, annotations: gateway.serviceAnnotations && { ...gateway.serviceAnnotations } },
    resources: gateway.resources && renderResources(gateway.resources),
    ...(replicas.cpu
      ? { autoscaling: { enabled: true, minReplicas: replicas.min, maxReplicas: replicas.max, targetCPUUtilizationPercentage: Math.round(replicas.cpu.toPercent()) } }
      : { autoscaling: { enabled: false }, replicaCount: replicas.min }),
    ...(replicas.highlyAvailable ? { podDisruptionBudget: { minAvailable: 1 }, ...renderSpread(selector) } : {}),
  });
  return { installId: `gateway-${name}`, chart: 'gateway', releaseName: name, namespace, values: mergePlain(values as Plain, gateway.additionalValues), needs: ['istiod'] };
}

/** istiod puts its certificate into the webhooks that lead to it, and makes them strict once it is ready. */
function webhook(kind: string): IgnoredDifference {
  return { group: 'admissionregistration.k8s.io', kind, jqPathExpressions: ['.webhooks[]?.clientConfig.caBundle', '.webhooks[]?.failurePolicy'] };
}

function filled(values: Plain): Plain | undefined {
  return Object.keys(values).length > 0 ? values : undefined;
}
