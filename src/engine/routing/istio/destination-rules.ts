import { expandHost } from './hosts';
import { MeshService } from './registry';
import { HostIndex, isWildcard } from '../../match/host';
import { ISTIO } from '../../model/istio';
import type { DestinationRule, Subset } from '../../model/istio/traffic';
import { JsonObject, numberOf, objectOf, objectsOf, StringMap, textOf } from '../../model/json';
import { selects } from '../../model/labels';
import type { Cluster, Family } from '../../model/model';
import { orderIsKnown } from '../../model/order';
import type { Resource } from '../../model/resource';

/** DestinationRules of one host and namespace, merged as istiod merges them. */
export interface MergedRule {
  /** The rule that comes first; its name stands for the merged one. */
  readonly rule: DestinationRule;
  readonly from: readonly Resource[];
  readonly trafficPolicy?: JsonObject;
  readonly subsets: readonly Subset[];
  /** Pairs whose order of creation decides what survives the merge, and is not known. */
  readonly ties: readonly Resource[];
}

/** A merged rule while rules are still being added. */
interface Growing {
  rule: DestinationRule;
  exportTo: ReadonlySet<string>;
  from: Resource[];
  trafficPolicy?: JsonObject;
  /** Where the traffic policy came from. */
  policyOf?: Resource;
  subsets: Subset[];
  subsetOwners: Map<string, Resource>;
  ties: Resource[];
}

/** DestinationRules by what clients see of them. */
export class DestinationRules {
  private readonly local = new Map<string, HostIndex<Growing[]>>();
  private readonly exported = new Map<string, HostIndex<Growing[]>>();
  private readonly rootPrivate: HostIndex<Growing[]> = new HostIndex();

  constructor(rules: readonly DestinationRule[], private readonly rootNamespace: string, defaultExportTo: readonly string[], domain: string) {
    // Rules for chosen clients come first, then the order of creation.
    const sorted = [...rules.filter(rule => rule.workloadSelector), ...rules.filter(rule => !rule.workloadSelector)];
    for (const rule of sorted) {
      const { namespace } = rule.resource;
      const host = expandHost(rule.host, namespace, domain);
      const exportTo = new Set(rule.workloadSelector ? ['.'] : rule.exportTo);
      const everywhere = exportTo.size === 0 || exportTo.has('*');
      if (everywhere || exportTo.has('.') || exportTo.has(namespace)) merge(indexOf(this.local, namespace), host, rule, exportTo);
      const privateOnly = exportTo.size === 0 ? defaultExportTo.includes('.') : exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace));
      if (!privateOnly) merge(indexOf(this.exported, namespace), host, rule, exportTo);
      else if (namespace === rootNamespace) merge(this.rootPrivate, host, rule, exportTo);
    }
  }

  /**
   * The rule that a client's proxy applies to a service.
   *
   * The client's namespace is searched first, then the service's, then the root namespace; the first that has a rule for
   * the host ends the search, even with a wildcard.
   */
  find(clientNamespace: string, clientLabels: StringMap, service: MeshService): MergedRule | undefined {
    const found = this.lookUp(clientNamespace, service);
    if (!found) return undefined;
    let general: Growing | undefined;
    for (const item of found) {
      const selector = item.rule.workloadSelector;
      if (!selector) general = item;
      else if (item.rule.resource.namespace === clientNamespace && selects(selector, clientLabels)) return item;
    }
    return general;
  }

  private lookUp(clientNamespace: string, service: MeshService): readonly Growing[] | undefined {
    const own = clientNamespace === this.rootNamespace ? this.rootPrivate : this.local.get(clientNamespace);
    const first = own?.find(service.hostname);
    if (first) return first;
    for (const namespace of [service.namespace, this.rootNamespace]) {
      const visible = this.exported.get(namespace)?.find(service.hostname)
        ?.filter(item => item.exportTo.size === 0 || item.exportTo.has('*') || item.exportTo.has(clientNamespace));
      if (visible && visible.length > 0) return visible;
    }
    return undefined;
  }
}

function indexOf(map: Map<string, HostIndex<Growing[]>>, namespace: string): HostIndex<Growing[]> {
  let index = map.get(namespace);
  if (!index) map.set(namespace, index = new HostIndex());
  return index;
}

function merge(index: HostIndex<Growing[]>, host: string, rule: DestinationRule, exportTo: ReadonlySet<string>): void {
  const list = index.get(host);
  if (!list) {
    index.set(host, [begin(rule, exportTo)]);
    return;
  }
  let separate = true;
  for (const item of list) {
    if (equalSets(exportTo, item.exportTo)) {
      separate = false;
    } else {
      separate = true;
      if (!(item.exportTo.size > 0 && [...item.exportTo].every(name => exportTo.has(name)))) continue;
    }
    const mine = rule.workloadSelector;
    const theirs = item.rule.workloadSelector;
    if (mine && theirs && !equalMaps(mine, theirs)) {
      separate = true;
      continue;
    }
    if (!mine === !theirs) separate = false;
    extend(item, rule);
  }
  if (separate) list.push(begin(rule, exportTo));
}

function begin(rule: DestinationRule, exportTo: ReadonlySet<string>): Growing {
  return {
    rule,
    exportTo,
    from: [rule.resource],
    trafficPolicy: rule.trafficPolicy,
    policyOf: rule.trafficPolicy && rule.resource,
    subsets: [...rule.subsets],
    subsetOwners: new Map(rule.subsets.map(subset => [subset.name, rule.resource])),
    ties: [],
  };
}

function extend(item: Growing, rule: DestinationRule): void {
  item.from.push(rule.resource);
  for (const subset of rule.subsets) {
    const owner = item.subsetOwners.get(subset.name);
    if (!owner) {
      item.subsets.push(subset);
      item.subsetOwners.set(subset.name, rule.resource);
    } else if (!orderIsKnown(owner, rule.resource)) {
      item.ties.push(owner, rule.resource);
    }
  }
  if (!rule.trafficPolicy) return;
  if (item.policyOf && !orderIsKnown(item.policyOf, rule.resource)) item.ties.push(item.policyOf, rule.resource);
  item.trafficPolicy ??= rule.trafficPolicy;
  item.policyOf ??= rule.resource;
}

function equalSets(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every(item => b.has(item));
}

function equalMaps(a: StringMap, b: StringMap): boolean {
  return Object.keys(a).length === Object.keys(b).length && selects(a, b);
}

/** Reader of DestinationRules. */
export const DESTINATION_RULES: Family<DestinationRules> = {
  name: 'istio-destination-rules',
  read(cluster: Cluster): DestinationRules {
    const { destinationRules, mesh } = cluster.family(ISTIO);
    return new DestinationRules(destinationRules, mesh.rootNamespace, mesh.defaultDestinationRuleExportTo, cluster.domain);
  },
};

const PORT_FIELDS = ['connectionPool', 'loadBalancer', 'outlierDetection', 'tls'] as const;

/** The settings of a traffic policy for a port: those of its port level replace the general ones whole. */
export function portPolicy(policy: JsonObject | undefined, port: number): { policy: JsonObject | undefined; fromPort: boolean } {
  if (!policy) return { policy: undefined, fromPort: false };
  const level = objectsOf(policy.portLevelSettings).find(item => numberOf(objectOf(item.port).number) === port);
  if (!level) return { policy, fromPort: false };
  const taken = Object.fromEntries(PORT_FIELDS.filter(field => level[field] !== undefined).map(field => [field, level[field]]));
  return { policy: taken, fromPort: true };
}

/** The traffic policy of a port and subset: the subset's fields override the rule's, its port level all four of them. */
export function trafficPolicyFor(merged: MergedRule | undefined, port: number, subset: Subset | undefined): JsonObject {
  const base = portPolicy(merged?.trafficPolicy, port).policy;
  if (!subset?.trafficPolicy) return base ?? {};
  const own = portPolicy(subset.trafficPolicy, port);
  if (!base) return own.policy ?? {};
  const result: Record<string, unknown> = { ...base };
  delete result.portLevelSettings;
  for (const field of [...PORT_FIELDS, 'tunnel', 'proxyProtocol', 'retryBudget']) {
    const value = own.policy?.[field];
    if (value !== undefined) result[field] = value;
    else if (own.fromPort && (PORT_FIELDS as readonly string[]).includes(field)) delete result[field];
  }
  return result;
}

/** The TLS mode of a traffic policy, where it has one. */
export function tlsModeOf(policy: JsonObject): string | undefined {
  return policy.tls ? textOf(objectOf(policy.tls).mode) ?? 'DISABLE' : undefined;
}

/** Whether a rule's host is a wildcard. */
export function isWildcardRule(merged: MergedRule): boolean {
  return isWildcard(merged.rule.host);
}
