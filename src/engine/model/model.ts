import { JsonObject } from './json';
import { pushTo } from './label-index';
import { Resource, resourceOf } from './resource';
import { SourceDocument } from './source';
import { compareText } from '../../private/compare-text';

/** Facts that come with the estate rather than from its manifests. */
export interface ModelOptions {
  /**
   * Istio's mesh config, as in ConfigMap `istio`.
   * @default - found in the manifests, else Istio's defaults
   */
  readonly meshConfig?: JsonObject;
  /**
   * Mesh that workloads belong to where the manifests do not say: `istio`, `istio-ambient`, `linkerd`, `consul` or `gateway-api`.
   * @default - inferred from the API groups in use
   */
  readonly mesh?: string;
  /**
   * DNS suffix of the cluster.
   * @default cluster.local
   */
  readonly clusterDomain?: string;
}

/**
 * A reader of one API family. Adding a family touches nothing else: `cluster.family(MY_FAMILY)` reads on first use and remembers.
 */
export interface Family<T> {
  readonly name: string;
  read(cluster: Cluster): T;
}

/** The manifests of one cluster, indexed. */
export class Cluster {
  private readonly byKind = new Map<string, Resource[]>();
  private readonly byName = new Map<string, Resource>();
  private readonly families = new Map<string, unknown>();
  private readonly resources: Resource[] = [];

  constructor(public readonly name: string, public readonly options: ModelOptions, documents: readonly SourceDocument[]) {
    const places = new Map<string, number>();
    for (const document of documents) {
      const resource = resourceOf(document);
      if (!resource) continue;
      const key = keyOf(resource.group, resource.kind, resource.namespace, resource.name);
      const place = places.get(key);
      // The later of two equal names wins, as it does when both are applied.
      if (place !== undefined && resource.name !== '') {
        this.resources[place] = resource;
      } else {
        places.set(key, this.resources.length);
        this.resources.push(resource);
      }
      this.byName.set(key, resource);
    }
    for (const resource of this.resources) pushTo(this.byKind, `${resource.group}/${resource.kind}`, resource);
  }

  /** DNS suffix of the cluster. */
  get domain(): string {
    return this.options.clusterDomain ?? 'cluster.local';
  }

  /** All objects, in the order of reading. */
  all(): readonly Resource[] {
    return this.resources;
  }

  /** The objects of a kind, whatever their version, in the order of reading. */
  kind(group: string, kind: string): readonly Resource[] {
    return this.byKind.get(`${group}/${kind}`) ?? [];
  }

  /** Whether the manifests hold any object of an API group. */
  usesGroup(test: (group: string) => boolean): boolean {
    for (const items of this.byKind.values()) {
      if (test(items[0].group)) return true;
    }
    return false;
  }

  /** An object by name; the namespace is empty for cluster-scoped kinds. */
  find(group: string, kind: string, namespace: string, name: string): Resource | undefined {
    return this.byName.get(keyOf(group, kind, namespace, name));
  }

  /** Namespaces that some object lives in, sorted. */
  namespacesInUse(): string[] {
    const names = new Set(this.resources.map(item => item.namespace));
    names.delete('');
    return [...names].sort(compareText);
  }

  /** The facts of an API family, read on first use. */
  family<T>(family: Family<T>): T {
    if (!this.families.has(family.name)) this.families.set(family.name, family.read(this));
    return this.families.get(family.name) as T;
  }
}

/** Everything that was read, by cluster. */
export class Model {
  /** Clusters by name; the only one of an estate that names none is called ''. */
  readonly clusters: ReadonlyMap<string, Cluster>;

  constructor(documents: readonly SourceDocument[], options: ModelOptions = {}) {
    const byCluster = new Map<string, SourceDocument[]>();
    for (const document of documents) pushTo(byCluster, document.cluster ?? '', document);
    if (byCluster.size === 0) byCluster.set('', []);
    const names = [...byCluster.keys()].sort(compareText);
    this.clusters = new Map(names.map(name => [name, new Cluster(name, options, byCluster.get(name)!)]));
  }

  /** A cluster by name, by default the first one. */
  cluster(name?: string): Cluster {
    const found = name === undefined ? this.clusters.values().next().value : this.clusters.get(name);
    if (!found) throw new Error(`no cluster is called ${name ?? ''}`);
    return found;
  }
}

function keyOf(group: string, kind: string, namespace: string, name: string): string {
  return `${group}/${kind}/${namespace}/${name}`;
}
