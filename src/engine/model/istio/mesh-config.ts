import type { PathNormalization } from '../../match/path';
import { booleanOf, isObject, JsonObject, numberOf, objectOf, objectsOf, textOf, textsOf } from '../json';
import type { Cluster } from '../model';
import { parseYaml } from '../yaml-text';

/** Istio's mesh-wide settings, with Istio's defaults filled in. */
export interface MeshConfig {
  readonly rootNamespace: string;
  readonly trustDomain: string;
  readonly trustDomainAliases: readonly string[];
  readonly enableAutoMtls: boolean;
  /** Whether sidecars pass traffic to unknown hosts. */
  readonly outboundAllowAny: boolean;
  readonly pathNormalization: PathNormalization;
  readonly defaultServiceExportTo: readonly string[];
  readonly defaultVirtualServiceExportTo: readonly string[];
  readonly defaultDestinationRuleExportTo: readonly string[];
  readonly defaultHttpRetryPolicy?: JsonObject;
  readonly extensionProviders: readonly JsonObject[];
  /** Proxies in front of a gateway whose `x-forwarded-for` entries count. */
  readonly gatewayTrustedProxies: number;
  /** The settings as written; empty when none were found. */
  readonly raw: JsonObject;
  /** Whether settings were given or found at all. */
  readonly found: boolean;
}

const NORMALIZATIONS: { readonly [name: string]: PathNormalization } = {
  NONE: 'NONE', BASE: 'BASE', DEFAULT: 'BASE', MERGE_SLASHES: 'MERGE_SLASHES', DECODE_AND_MERGE_SLASHES: 'DECODE_AND_MERGE_SLASHES',
};

/** The mesh config of a cluster: given as an option, or found in ConfigMap `istio`, an IstioOperator or the Sail operator's Istio. */
export function readMeshConfig(cluster: Cluster): MeshConfig {
  const raw = cluster.options.meshConfig ?? findMeshConfig(cluster);
  return meshConfigOf(raw ?? {}, raw !== undefined);
}

/** Fills Istio's defaults into mesh settings. */
export function meshConfigOf(raw: JsonObject, found = true): MeshConfig {
  const exportTo = (value: unknown): readonly string[] => (value === undefined || value === null ? ['*'] : textsOf(value));
  return {
    rootNamespace: textOf(raw.rootNamespace) || 'istio-system',
    trustDomain: textOf(raw.trustDomain) || 'cluster.local',
    trustDomainAliases: textsOf(raw.trustDomainAliases),
    enableAutoMtls: booleanOf(raw.enableAutoMtls) ?? true,
    outboundAllowAny: objectOf(raw.outboundTrafficPolicy).mode !== 'REGISTRY_ONLY',
    pathNormalization: NORMALIZATIONS[textOf(objectOf(raw.pathNormalization).normalization) ?? ''] ?? 'BASE',
    defaultServiceExportTo: exportTo(raw.defaultServiceExportTo),
    defaultVirtualServiceExportTo: exportTo(raw.defaultVirtualServiceExportTo),
    defaultDestinationRuleExportTo: exportTo(raw.defaultDestinationRuleExportTo),
    defaultHttpRetryPolicy: raw.defaultHttpRetryPolicy === undefined ? undefined : objectOf(raw.defaultHttpRetryPolicy),
    extensionProviders: objectsOf(raw.extensionProviders),
    gatewayTrustedProxies: numberOf(objectOf(objectOf(raw.defaultConfig).gatewayTopology).numTrustedProxies) ?? 0,
    raw,
    found,
  };
}

/**
 * The mesh config in a document: its fields alone, or what a ConfigMap, an IstioOperator or the Sail operator's Istio carries.
 *
 * Throws js-yaml's exception where the text in a ConfigMap is no YAML.
 */
export function meshConfigIn(document: unknown): JsonObject | undefined {
  if (!isObject(document)) return undefined;
  if (document.apiVersion === undefined || document.kind === undefined) return document;
  const spec = objectOf(document.spec);
  const text = document.kind === 'ConfigMap' ? textOf(objectOf(document.data).mesh) : undefined;
  const config = text === undefined ? spec.meshConfig ?? objectOf(spec.values).meshConfig : parseYaml(text);
  return isObject(config) ? config : undefined;
}

function findMeshConfig(cluster: Cluster): JsonObject | undefined {
  for (const map of cluster.kind('', 'ConfigMap')) {
    if (map.name !== 'istio' && !map.name.startsWith('istio-')) continue;
    const text = textOf(objectOf(map.object.data).mesh);
    if (text === undefined) continue;
    try {
      return objectOf(parseYaml(text));
    } catch {
      // The config map itself is fine; its inner text is what the rules report.
    }
  }
  for (const operator of cluster.kind('install.istio.io', 'IstioOperator')) {
    const config = operator.spec.meshConfig ?? objectOf(operator.spec.values).meshConfig;
    if (config !== undefined) return objectOf(config);
  }
  for (const sail of [...cluster.kind('sailoperator.io', 'Istio'), ...cluster.kind('sailoperator.io', 'IstioRevision')]) {
    const config = objectOf(sail.spec.values).meshConfig;
    if (config !== undefined) return objectOf(config);
  }
  return undefined;
}
