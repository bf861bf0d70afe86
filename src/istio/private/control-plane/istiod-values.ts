import { Lazy } from 'cdk8s';
import type { GlobalProxyConfig, IstioGlobalConfig, IstioValues, PilotConfig } from '../../../delivery/crd';
import { renderResources } from '../../../delivery/private/render-resources';
import { Replicas } from '../../../delivery/replicas';
import { compact, mergePlain, Plain } from '../../../private/plain';
import { renderProxyValues } from '../mesh-config';
import { ControlPlaneFacts } from './facts';

const ISTIO_SYSTEM = 'istio-system';
const CLUSTER_LOCAL = 'cluster.local';

/**
 * The values for istiod, as the chart `istiod` and the Sail operator both take them. The mesh config in them is lazy: resources that are
 * declared later may still add providers.
 *
 * @param ztunnelNamespace where ztunnel runs, in an ambient mesh
 */
export function istiodValues(facts: ControlPlaneFacts, ztunnelNamespace: string | undefined): Plain {
  const { mesh, props } = facts;
  const values: IstioValues = {
    global: globalValues(facts),
    pilot: pilotValues(facts, ztunnelNamespace),
    compatibilityVersion: props.compatibilityVersion,
  };
  const own: Plain = { ...compact(values) as Plain, meshConfig: Lazy.any({ produce: () => mesh.meshConfig() }) };
  return mergePlain(own, props.additionalValues);
}

function globalValues({ mesh, namespace, props }: ControlPlaneFacts): IstioGlobalConfig {
  const { clusterDomain } = mesh.profile;
  const proxy: GlobalProxyConfig = {
    ...renderProxyValues(mesh.proxyDefaults),
    clusterDomain: clusterDomain === CLUSTER_LOCAL ? undefined : clusterDomain,
  };
  return {
    istioNamespace: namespace === ISTIO_SYSTEM ? undefined : namespace,
    platform: props.platform,
    defaultPodDisruptionBudget: { enabled: props.disruptionBudget ?? true },
    proxy,
  };
}

function pilotValues({ mesh, revisionName, namespace, ambient, props }: ControlPlaneFacts, ztunnelNamespace: string | undefined): PilotConfig {
  const replicas = props.replicas ?? Replicas.fixed(2);
  const { nativeSidecars } = mesh.proxyDefaults;
  return {
    ...renderReplicas(replicas),
    ...(replicas.highlyAvailable && (props.spread ?? true) ? renderSpread({ 'app': 'istiod', 'istio.io/rev': revisionName }) : {}),
    resources: props.resources && renderResources(props.resources),
    cni: props.cni && !ambient ? { enabled: true } : undefined,
    trustedZtunnelNamespace: ztunnelNamespace === undefined || ztunnelNamespace === namespace ? undefined : ztunnelNamespace,
    env: {
      ...(nativeSidecars === undefined ? {} : { ENABLE_NATIVE_SIDECARS: String(nativeSidecars) }),
      ...props.environment,
    },
  };
}

function renderReplicas({ min, max, cpu }: Replicas): PilotConfig {
  return cpu
    ? { autoscaleEnabled: true, autoscaleMin: min, autoscaleMax: max, cpu: { targetAverageUtilization: Math.round(cpu.toPercent()) } }
    : { autoscaleEnabled: false, replicaCount: min };
}

/** Pods apart from each other where there is room: never two on a node, nor more in one zone than in another. */
export function renderSpread(matchLabels: { readonly [key: string]: string }): { affinity: { [key: string]: any }; topologySpreadConstraints: { [key: string]: any }[] } {
  return {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels } } },
        ],
      },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels } },
    ],
  };
}
