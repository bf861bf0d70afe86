import { AccessMode, MtlsMode } from '../../../core/mesh';
import type { ComputeResources } from '../../../delivery/compute';
import { renderResources } from '../../../delivery/private/render-resources';
import { fail } from '../../../private/errors';
import { compact, mergePlain, Plain } from '../../../private/plain';
import type { LinkerdMesh } from '../../linkerd-mesh';
import type { ProxyOptions } from '../../proxy-options';
import { blockOf } from '../networks';
import { proxyAnnotations } from '../proxy-annotations';
import type { ControlPlaneFacts } from './charts';

/** What each part of the control plane gets where it has several replicas, as Linkerd recommends it. */
const RECOMMENDED = { cpu: { request: '100m' }, memory: { request: '50Mi', limit: '250Mi' } };

/** Settings of proxies that the whole mesh can have: where the chart has them, by the name of the annotation. */
const PROXY_VALUES: { readonly [annotation: string]: readonly string[] } = {
  'proxy-image': ['image', 'name'],
  'proxy-version': ['image', 'version'],
  'image-pull-policy': ['image', 'pullPolicy'],
  'control-port': ['ports', 'control'],
  'inbound-port': ['ports', 'inbound'],
  'outbound-port': ['ports', 'outbound'],
  'admin-port': ['ports', 'admin'],
  'opaque-ports': ['opaquePorts'],
  'proxy-disable-outbound-protocol-detect-timeout': ['disableOutboundProtocolDetectTimeout'],
  'proxy-disable-inbound-protocol-detect-timeout': ['disableInboundProtocolDetectTimeout'],
  'proxy-cpu-request': ['resources', 'cpu', 'request'],
  'proxy-cpu-limit': ['resources', 'cpu', 'limit'],
  'proxy-memory-request': ['resources', 'memory', 'request'],
  'proxy-memory-limit': ['resources', 'memory', 'limit'],
  'proxy-ephemeral-storage-request': ['resources', 'ephemeral-storage', 'request'],
  'proxy-ephemeral-storage-limit': ['resources', 'ephemeral-storage', 'limit'],
  'proxy-uid': ['uid'],
  'proxy-gid': ['gid'],
  'proxy-log-level': ['logLevel'],
  'proxy-log-format': ['logFormat'],
  'proxy-log-http-headers': ['logHTTPHeaders'],
  'access-log': ['accessLog'],
  'enable-external-profiles': ['enableExternalProfiles'],
  'proxy-outbound-connect-timeout': ['outboundConnectTimeout'],
  'proxy-inbound-connect-timeout': ['inboundConnectTimeout'],
  'proxy-outbound-discovery-cache-unused-timeout': ['outboundDiscoveryCacheUnusedTimeout'],
  'proxy-inbound-discovery-cache-unused-timeout': ['inboundDiscoveryCacheUnusedTimeout'],
  'shutdown-grace-period': ['shutdownGracePeriod'],
  'proxy-enable-native-sidecar': ['nativeSidecar'],
  'proxy-await': ['await'],
  'proxy-require-identity-inbound-ports': ['requireIdentityOnInboundPorts'],
  'default-inbound-policy': ['defaultInboundPolicy'],
};

/** Values that the chart wants as they are, and not as texts. */
const NUMBERS = ['control-port', 'inbound-port', 'outbound-port', 'admin-port', 'proxy-uid', 'proxy-gid'];

/** The values of the chart linkerd-control-plane. */
export function controlPlaneValues(facts: ControlPlaneFacts): Plain {
  const { props: { mesh, clusterNetworks, probeNetworks, cni, resources, identity, additionalValues }, replicas, namespace } = facts;
  const { trustDomain, clusterDomain } = mesh.profile;
  const several = replicas > 1;
  const parts = resources ? partResources(resources) : several ? RECOMMENDED : undefined;
  const values = compact({
    linkerdNamespace: namespace === 'linkerd' ? undefined : namespace,
    clusterDomain: clusterDomain === 'cluster.local' ? undefined : clusterDomain,
    identityTrustDomain: trustDomain,
    clusterNetworks: clusterNetworks?.map(blockOf).join(','),
    policyController: { probeNetworks: probeNetworks?.map(blockOf), resources: parts },
    controllerReplicas: replicas,
    enablePodAntiAffinity: several ? true : undefined,
    enablePodDisruptionBudget: several ? true : undefined,
    webhookFailurePolicy: several ? 'Fail' : undefined,
    deploymentStrategy: several ? { rollingUpdate: { maxUnavailable: 1, maxSurge: '25%' } } : undefined,
    controllerResources: parts,
    destinationResources: parts,
    identityResources: parts,
    proxyInjectorResources: parts,
    heartbeatResources: parts,
    spValidatorResources: parts,
    cniEnabled: cni ? true : undefined,
    proxy: mergePlain(proxyValues(mesh, mesh.node.path), tracingValues(facts)),
  });
  return mergePlain(identity._values(values as Plain), additionalValues);
}

/** Settings that hold for all proxies. What only a workload can say is an error. */
function proxyValues(mesh: LinkerdMesh, path: string): Plain {
  const options: ProxyOptions = mesh.proxyDefaults;
  const values: { [key: string]: unknown } = { defaultInboundPolicy: defaultInbound(mesh) };
  for (const [key, said] of Object.entries(proxyAnnotations(options, path))) {
    const name = key.replace(/^config\.linkerd\.io\//, '');
    const place = PROXY_VALUES[name];
    if (!place) {
      fail('MESH-E031', `${key} for all proxies of the mesh, which only workloads and namespaces can have`, 'say it with linkerd.ProxySettings where it is meant', path);
    }
    put(values, place, NUMBERS.includes(name) ? Number(said) : /^(true|false)$/.test(said) ? said === 'true' : name === 'proxy-await' ? said === 'enabled' : said);
  }
  return values;
}

/** What proxies of pods do that this app knows nothing of. */
function defaultInbound({ profile: { access, mtls } }: LinkerdMesh): string {
  if (access === AccessMode.AUDIT) { return 'audit'; }
  return mtls === MtlsMode.STRICT ? 'all-authenticated' : 'all-unauthenticated';
}

function put(target: { [key: string]: unknown }, [first, ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    target[first] = value;
  } else {
    target[first] ??= {};
    put(target[first] as { [key: string]: unknown }, rest, value);
  }
}

function tracingValues({ props: { tracing } }: ControlPlaneFacts): Plain {
  if (!tracing) { return {}; }
  const { collector, collectorServiceAccount = 'collector', collectorNamespace = collector.split('.')[1] } = tracing;
  return {
    tracing: {
      enabled: true,
      collector: { endpoint: collector, meshIdentity: { serviceAccountName: collectorServiceAccount, namespace: collectorNamespace } },
    },
  };
}

/** Resources as the chart spells them: by kind, then by promise and limit. */
function partResources(resources: ComputeResources): Plain | undefined {
  const { requests, limits } = renderResources(resources);
  return compact({
    cpu: { request: requests?.cpu, limit: limits?.cpu },
    memory: { request: requests?.memory, limit: limits?.memory },
  }) as Plain | undefined;
}
