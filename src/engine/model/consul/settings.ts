import { booleanOf, JsonObject, objectOf, textOf } from '../json';
import type { Cluster } from '../model';

/** Settings of a Consul installation that decide requests. */
export interface ConsulSettings {
  /** What happens to connections that no intention speaks of. */
  readonly defaultAllow: boolean;
  /** Why that was taken for granted. */
  readonly assumed?: string;
  /** What services speak that do not say. */
  readonly defaultProtocol: string;
  readonly defaultMutualTls: string;
  /** Whether connections may leave the mesh only for known destinations. */
  readonly meshDestinationsOnly: boolean;
  readonly trustDomain: string;
}

const GROUP = 'consul.hashicorp.com';

/** The settings of a cluster: ProxyDefaults and Mesh, and what the server's own configuration says of access. */
export function readConsulSettings(cluster: Cluster): ConsulSettings {
  const proxies = cluster.kind(GROUP, 'ProxyDefaults').find(item => item.name === 'global')?.spec ?? {};
  const mesh = cluster.kind(GROUP, 'Mesh').find(item => item.name === 'mesh')?.spec ?? {};
  const { assumed, defaultAllow } = defaultPolicy(cluster);
  return {
    defaultAllow,
    assumed,
    defaultProtocol: textOf(objectOf(proxies.config).protocol)?.toLowerCase() || 'tcp',
    defaultMutualTls: textOf(proxies.mutualTLSMode) || 'strict',
    meshDestinationsOnly: booleanOf(objectOf(mesh.transparentProxy).meshDestinationsOnly) ?? false,
    trustDomain: cluster.domain,
  };
}

/** The policy for connections without intention: its own setting, else that of the access control lists. */
function defaultPolicy(cluster: Cluster): { defaultAllow: boolean; assumed?: string } {
  const configs = cluster.kind('', 'ConfigMap').filter(item => item.name.endsWith('consul-server-config'))
    .flatMap(item => Object.values(objectOf(item.object.data)).map(parsed));
  const own = configs.map(item => textOf(item.default_intention_policy)).find(item => item !== undefined);
  if (own !== undefined) return { defaultAllow: own !== 'deny' };
  const lists = configs.map(item => objectOf(item.acl)).find(item => item.enabled !== undefined);
  if (lists) return { defaultAllow: lists.enabled !== true || (textOf(lists.default_policy) ?? 'allow') !== 'deny' };
  return { defaultAllow: true, assumed: 'no manifest has the server\'s access control: connections without intention are taken to be allowed' };
}

function parsed(text: unknown): JsonObject {
  try {
    return typeof text === 'string' ? objectOf(JSON.parse(text)) : {};
  } catch {
    // Other files of the same map are no JSON.
    return {};
  }
}
