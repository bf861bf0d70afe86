import { MeshService } from './registry';
import { RouteConfig } from './route-config';
import { hostsMatch, isSubsetOf, isWildcard } from '../../match/host';

/** Hosts that a Sidecar's listener imports from one namespace. */
interface ImportedHosts {
  readonly exact: Set<string>;
  readonly all: string[];
  readonly excluded: string[];
}

/** What the `hosts` of a Sidecar's egress listener let in. */
export class EgressHosts {
  private readonly byNamespace = new Map<string, ImportedHosts>();
  /** Whether everything visible is let in, as without a Sidecar. */
  readonly unrestricted: boolean;

  constructor(hosts: readonly string[], namespace: string) {
    this.unrestricted = hosts.length === 1 && hosts[0] === '*/*';
    for (const entry of hosts) {
      const parts = entry.split('/');
      if (parts.length !== 2) continue;
      const excluded = parts[0].startsWith('~');
      const named = excluded ? parts[0].slice(1) || '*' : parts[0];
      const owner = named === '.' ? namespace : named;
      let imported = this.byNamespace.get(owner);
      if (!imported) this.byNamespace.set(owner, imported = { exact: new Set(), all: [], excluded: [] });
      if (excluded) {
        imported.excluded.push(parts[1]);
        continue;
      }
      if (!isWildcard(parts[1])) imported.exact.add(parts[1]);
      imported.all.push(parts[1]);
    }
  }

  /** Whether a service is imported. */
  importsService(service: MeshService): boolean {
    if (this.unrestricted) return true;
    const own = this.byNamespace.get(service.namespace);
    const any = this.byNamespace.get('*');
    if (excludes(own, service.hostname) || excludes(any, service.hostname)) return false;
    return imports(own, service.hostname, isSubsetOf) || imports(any, service.hostname, isSubsetOf);
  }

  /** Whether a route configuration is imported: one of its hosts must be. */
  importsConfig(config: RouteConfig): boolean {
    if (this.unrestricted) return true;
    const own = this.byNamespace.get(config.namespace);
    const any = this.byNamespace.get('*');
    // Gateway API hosts must lie within an imported host; those of VirtualServices may also cover it.
    const relation = config.gatewayApi ? isSubsetOf : hostsMatch;
    return [own, any].some(imported => config.hosts.some(host =>
      imports(imported, host, relation) && !excludes(own, host) && !excludes(any, host)));
  }
}

function imports(hosts: ImportedHosts | undefined, host: string, relation: (a: string, b: string) => boolean): boolean {
  if (!hosts) return false;
  if (hosts.exact.has(host)) return true;
  const wild = isWildcard(host);
  return hosts.all.some(imported => (wild || isWildcard(imported)) && relation(host, imported));
}

function excludes(hosts: ImportedHosts | undefined, host: string): boolean {
  return hosts !== undefined && hosts.excluded.some(excluded => isSubsetOf(host, excluded));
}
