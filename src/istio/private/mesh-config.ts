import type { MeshProfile } from '../../core/mesh';
import { MtlsMode } from '../../core/mesh';
import { wholeNumber } from '../../core/private/check-values';
import type * as crd from '../../delivery/crd';
import { renderResources } from '../../delivery/private/render-resources';
import { dnsSubdomain } from '../../private/dns';
import { fail, MeshFault } from '../../private/errors';
import { compact, mergePlain, Plain, sorted } from '../../private/plain';
import type { ExtensionProvider } from '../extension-provider';
import { DefaultProviders, MeshSettings, OutboundPolicy, ProxyDefaults } from '../mesh-settings';
import { istioDuration } from './duration';
import { renderTrafficPolicy } from './traffic-policy';

/** What the configuration of a mesh is made of. */
export interface MeshConfigFacts {
  readonly settings: MeshSettings;
  readonly profile: MeshProfile;
  readonly rootNamespace: string;
  /** Providers that the mesh config has to declare. */
  readonly providers: readonly ExtensionProvider[];
}

/** The mesh config: its keys in order, and only what was said or must be known. */
export function renderMeshConfig({ settings, profile, rootNamespace, providers }: MeshConfigFacts): Plain {
  const { outboundPolicy, pathNormalization, defaultProviders, trustDomainAliases, autoMtls } = settings;
  const { loadBalancer, connectionPool, outlierDetection } = renderTrafficPolicy({ locality: settings.locality, circuitBreaker: settings.circuitBreaker });
  const config: crd.MeshConfig = {
    trustDomain: profile.trustDomain,
    trustDomainAliases: trustDomainAliases && trustDomainAliases.length > 0 ? [...trustDomainAliases] : undefined,
    rootNamespace,
    outboundTrafficPolicy: outboundPolicy && { mode: outboundPolicy as string as crd.MeshConfigOutboundTrafficPolicyMode },
    pathNormalization: pathNormalization && { normalization: pathNormalization as string as crd.PathNormalization },
    enableAutoMtls: autoMtls,
    extensionProviders: providers.length > 0 ? providers.map((provider) => ({ name: provider.providerName, ...provider.toMeshConfig() })) : undefined,
    defaultProviders: defaultProviders && renderDefaults(defaultProviders),
    defaultConfig: settings.proxyDefaults && renderProxyConfig(settings.proxyDefaults),
    localityLbSetting: loadBalancer?.localityLbSetting,
    // The shapes are those of DestinationRule, spelled twice in the generated types.
    defaultTrafficPolicy: compact({ connectionPool, outlierDetection }) as crd.MeshConfig['defaultTrafficPolicy'],
  };
  return sorted(mergePlain(config as Plain, settings.additionalMeshConfig));
}

/** What proxies are told by the values of the chart instead of the mesh config. */
export function renderProxyValues({ resources, logLevel }: ProxyDefaults): crd.GlobalProxyConfig | undefined {
  return compact<crd.GlobalProxyConfig>({ resources: resources && renderResources(resources), logLevel });
}

/** Settings that contradict each other, or do nothing in this data plane. */
export function checkSettings(settings: MeshSettings, profile: MeshProfile, ambient: boolean, path: string): void {
  const aliases = settings.trustDomainAliases ?? [];
  aliases.forEach((alias) => dnsSubdomain('trust domain alias', alias, path));
  const known = new Set([profile.trustDomain]);
  for (const alias of aliases) {
    if (known.has(alias)) {
      fail('MESH-E031', `trust domain alias "${alias}" ${alias === profile.trustDomain ? 'is the trust domain itself' : 'is named twice'}`, 'leave it out', path);
    }
    known.add(alias);
  }
  if (settings.autoMtls === false && profile.mtls === MtlsMode.STRICT) {
    fail('MESH-E031', 'services take nothing but mutual TLS, and clients do not use it by themselves', 'leave autoMtls on, or choose another mtls mode', path);
  }
  try {
    renderTrafficPolicy({ locality: settings.locality, circuitBreaker: settings.circuitBreaker });
  } catch (thrown) {
    throw thrown instanceof MeshFault ? thrown.at(path) : thrown;
  }
  const { concurrency, nativeSidecars, holdApplicationUntilProxyStarts } = settings.proxyDefaults ?? {};
  wholeNumber('number of worker threads', concurrency, 0, 1024, path);
  if (!ambient) { return; }
  if (settings.outboundPolicy === OutboundPolicy.REGISTRY_ONLY) {
    fail('MESH-E037', 'the ambient data plane lets calls to unknown hosts through: ztunnel does not know outboundPolicy REGISTRY_ONLY',
      'refuse them by a NetworkPolicy, send what is declared through an egress waypoint, or use sidecars', path);
  }
  if (nativeSidecars !== undefined || holdApplicationUntilProxyStarts !== undefined) {
    fail('MESH-E037', 'an ambient mesh has no proxies beside pods, whose start could be ordered', 'leave out nativeSidecars and holdApplicationUntilProxyStarts', path);
  }
}

function renderProxyConfig(defaults: ProxyDefaults): crd.MeshProxyConfig | undefined {
  const { concurrency, holdApplicationUntilProxyStarts, terminationDrain, environment, additionalProxyConfig } = defaults;
  const config: crd.MeshProxyConfig = {
    concurrency,
    holdApplicationUntilProxyStarts,
    terminationDrainDuration: istioDuration(terminationDrain),
    proxyMetadata: environment && { ...environment },
  };
  const all: crd.MeshProxyConfig = mergePlain(config as Plain, additionalProxyConfig);
  return Object.values(all).some((field) => field !== undefined) ? all : undefined;
}

/** The chart declares Prometheus by itself only as long as no default providers are given. */
function renderDefaults({ accessLogging, tracing, metrics }: DefaultProviders): crd.MeshConfig['defaultProviders'] {
  const names = (providers: readonly ExtensionProvider[] | undefined) => providers?.map(({ providerName }) => providerName);
  return { accessLogging: names(accessLogging), tracing: names(tracing), metrics: names(metrics) ?? ['prometheus'] };
}
