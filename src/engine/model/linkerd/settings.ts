import { JsonObject, objectOf, textOf } from '../json';
import type { Cluster } from '../model';
import { parseYaml } from '../yaml-text';

/** Settings of a Linkerd installation that decide requests. */
export interface LinkerdSettings {
  /** What follows namespace and account in the name of a client: `serviceaccount.identity.<namespace>.<trust domain>`. */
  readonly identitySuffix: string;
  readonly trustDomain: string;
  /** What pods without Server and without annotation do. */
  readonly defaultInboundPolicy: string;
  /** Networks that the cluster's own addresses lie in. */
  readonly clusterNetworks: readonly string[];
  /** Networks that the kubelet's probes come from. */
  readonly probeNetworks: readonly string[];
  /** Ports that are passed on unread where nobody says otherwise. */
  readonly opaquePorts: string;
}

const CLUSTER_NETWORKS = '10.0.0.0/8,100.64.0.0/10,172.16.0.0/12,192.168.0.0/16,fd00::/8';
const OPAQUE_PORTS = '25,587,3306,4444,5432,6379,9300,11211';

/** The settings of a cluster: those of ConfigMap `linkerd-config`, else the chart's own. */
export function readLinkerdSettings(cluster: Cluster): LinkerdSettings {
  const map = cluster.kind('', 'ConfigMap').find(item => item.name === 'linkerd-config');
  const values = valuesOf(map?.object);
  const proxy = objectOf(values.proxy);
  const trustDomain = textOf(values.identityTrustDomain) || textOf(values.clusterDomain) || cluster.domain;
  const probes = objectOf(values.policyController).probeNetworks;
  return {
    trustDomain,
    identitySuffix: `serviceaccount.identity.${map?.namespace ?? 'linkerd'}.${trustDomain}`,
    defaultInboundPolicy: textOf(proxy.defaultInboundPolicy) || 'all-unauthenticated',
    clusterNetworks: (textOf(values.clusterNetworks) || CLUSTER_NETWORKS).split(',').map(item => item.trim()),
    probeNetworks: Array.isArray(probes) ? probes.map(String) : ['0.0.0.0/0', '::/0'],
    opaquePorts: textOf(proxy.opaquePorts) ?? OPAQUE_PORTS,
  };
}

function valuesOf(map: JsonObject | undefined): JsonObject {
  const text = textOf(objectOf(map?.data).values);
  if (text === undefined) return {};
  try {
    return objectOf(parseYaml(text));
  } catch {
    // What is wrong with the text is for the rules to report.
    return {};
  }
}
