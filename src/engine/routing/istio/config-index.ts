import { RouteConfig, visibilityRank } from './route-config';
import { HostIndex, isWildcard } from '../../match/host';
import { pushTo } from '../../model/label-index';

/** Route configurations by gateway and by host, in the order in which a namespace's proxies take them. */
export class ConfigIndex {
  private readonly order = new Map<RouteConfig, number>();
  private readonly byGateway = new Map<string, RouteConfig[]>();
  private readonly meshExact = new Map<string, RouteConfig[]>();
  private readonly meshWildcards = new Map<string, RouteConfig[]>();
  private readonly cache = new Map<string, readonly RouteConfig[]>();

  /** @param configs in the order of creation */
  constructor(configs: readonly RouteConfig[]) {
    for (const [index, config] of configs.entries()) {
      this.order.set(config, index);
      for (const gateway of new Set(config.gateways)) pushTo(this.byGateway, gateway, config);
      if (!config.gateways.includes('mesh')) continue;
      for (const host of new Set(config.hosts)) {
        const lower = host.toLowerCase();
        pushTo(isWildcard(lower) ? this.meshWildcards : this.meshExact, lower, config);
      }
    }
  }

  /** The configurations of a gateway that a namespace's proxies see, in order. */
  bound(gateway: string, namespace: string): readonly RouteConfig[] {
    const key = `${gateway} ${namespace}`;
    let found = this.cache.get(key);
    if (!found) this.cache.set(key, found = this.sorted(this.byGateway.get(gateway) ?? [], namespace));
    return found;
  }

  /** The mesh configurations with exactly this host that a namespace's proxies see, in order. */
  exact(host: string, namespace: string): readonly RouteConfig[] {
    const found = this.meshExact.get(host);
    return found ? this.sorted(found, namespace) : NONE;
  }

  /** The wildcard hosts of mesh configurations that a namespace's proxies see, each with its configurations in order. */
  wildcards(namespace: string, taken: (config: RouteConfig) => boolean): HostIndex<readonly RouteConfig[]> {
    const index = new HostIndex<readonly RouteConfig[]>();
    for (const [host, configs] of this.meshWildcards) {
      const visible = this.sorted(configs, namespace).filter(taken);
      if (visible.length > 0) index.set(host, visible);
    }
    return index;
  }

  /** Configurations of a namespace come by visibility, a consumer's own Gateway API routes before others, then by creation. */
  private sorted(configs: readonly RouteConfig[], namespace: string): readonly RouteConfig[] {
    const ranked: { config: RouteConfig; rank: number }[] = [];
    for (const config of configs) {
      const rank = visibilityRank(config.visibility, config.namespace, namespace);
      if (rank !== undefined) ranked.push({ config, rank: rank * 2 + (config.gatewayApi && config.namespace === namespace ? 0 : 1) });
    }
    if (ranked.length <= 1) return ranked.map(item => item.config);
    ranked.sort((a, b) => a.rank - b.rank || this.order.get(a.config)! - this.order.get(b.config)!);
    return ranked.map(item => item.config);
  }

  /** Whether a namespace's proxies take a configuration before another one. */
  isBefore(a: RouteConfig, b: RouteConfig, namespace: string): boolean {
    return this.sorted([a, b], namespace)[0] === a;
  }

  /** Whether two configurations are in the same group, so that only creation order tells which comes first. */
  sameRank(a: RouteConfig, b: RouteConfig, namespace: string): boolean {
    const rank = (config: RouteConfig): string =>
      `${visibilityRank(config.visibility, config.namespace, namespace)} ${config.gatewayApi && config.namespace === namespace}`;
    return rank(a) === rank(b);
  }
}

const NONE: readonly RouteConfig[] = Object.freeze([]);
