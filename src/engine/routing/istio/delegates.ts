import { RouteRule } from './route-config';
import { JsonObject, numberOf, objectOf, objectsOf, own, stringMapOf, textOf, textsOf } from '../../model/json';
import type { Resource } from '../../model/resource';

/** Fields that a delegate's route takes from the root's where it has none of its own. */
const INHERITED = [
  'rewrite', 'directResponse', 'timeout', 'retries', 'fault', 'mirror', 'mirrorPercent', 'mirrorPercentage', 'corsPolicy', 'mirrors', 'headers',
];

const TEXT_MATCHES = ['uri', 'scheme', 'method', 'authority'] as const;
const MAP_MATCHES = ['headers', 'withoutHeaders', 'queryParams'] as const;

/**
 * The routes of a delegate as they apply below a root's route.
 *
 * A delegate's route whose matches do not lie within the root's is left out.
 */
export function mergeDelegate(root: JsonObject, rootResource: Resource, delegate: readonly RouteRule[]): RouteRule[] {
  return delegate.flatMap(rule => {
    const match = mergeMatches(objectsOf(root.match), objectsOf(rule.spec.match));
    if (!match) return [];
    const spec: Record<string, unknown> = { ...rule.spec, match };
    for (const field of INHERITED) {
      if (spec[field] === undefined && root[field] !== undefined) spec[field] = root[field];
    }
    const names = [textOf(root.name), textOf(rule.spec.name)].filter(Boolean);
    if (names.length > 0) spec.name = names.join('-');
    return [{ ...rule, spec, root: rootResource }];
  });
}

function mergeMatches(root: readonly JsonObject[], delegate: readonly JsonObject[]): readonly JsonObject[] | undefined {
  if (root.length === 0) return delegate;
  if (delegate.length === 0) return root;
  const merged: JsonObject[] = [];
  for (const leaf of delegate) {
    const fitting = root.filter(item => !conflicts(item, leaf));
    if (fitting.length === 0) return undefined;
    for (const item of fitting) merged.push(mergeMatch(item, leaf));
  }
  return merged;
}

function mergeMatch(root: JsonObject, leaf: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...leaf };
  for (const field of [...TEXT_MATCHES, 'statPrefix']) merged[field] ??= root[field];
  for (const field of [...MAP_MATCHES, 'sourceLabels']) {
    const both = { ...objectOf(root[field]), ...objectOf(leaf[field]) };
    merged[field] = Object.keys(both).length > 0 ? both : undefined;
  }
  merged.port = numberOf(leaf.port) || numberOf(root.port);
  merged.sourceNamespace = textOf(leaf.sourceNamespace) || textOf(root.sourceNamespace);
  merged.gateways = textsOf(leaf.gateways).length > 0 ? leaf.gateways : root.gateways;
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

function conflicts(root: JsonObject, leaf: JsonObject): boolean {
  if (TEXT_MATCHES.some(field => textConflicts(root[field], leaf[field]))) return true;
  for (const field of MAP_MATCHES) {
    const rootMap = objectOf(root[field]);
    for (const [key, value] of Object.entries(objectOf(leaf[field]))) {
      if (textConflicts(own(rootMap, key), value)) return true;
    }
  }
  if ((root.ignoreUriCase === true) !== (leaf.ignoreUriCase === true)) return true;
  const rootPort = numberOf(root.port) ?? 0;
  const leafPort = numberOf(leaf.port) ?? 0;
  if (rootPort > 0 && leafPort > 0 && rootPort !== leafPort) return true;
  const rootNamespace = textOf(root.sourceNamespace) ?? '';
  if (rootNamespace !== '' && rootNamespace !== (textOf(leaf.sourceNamespace) ?? '')) return true;
  const rootLabels = stringMapOf(root.sourceLabels);
  if (Object.entries(stringMapOf(leaf.sourceLabels)).some(([key, value]) => (own(rootLabels, key) ?? value) !== value)) return true;
  const rootGateways = textsOf(root.gateways);
  const leafGateways = textsOf(leaf.gateways);
  if (rootGateways.length === 0 || leafGateways.length === 0) return false;
  return rootGateways.length < leafGateways.length || leafGateways.some(gateway => !rootGateways.includes(gateway));
}

/** Whether what a leaf matches does not lie within what a root matches, as istiod judges it. */
function textConflicts(root: unknown, leaf: unknown): boolean {
  if (root === undefined || root === null || leaf === undefined || leaf === null) return false;
  const a = stringMapOf(root);
  const b = stringMapOf(leaf);
  const anyOf = (match: typeof a): boolean => Boolean(match.regex || match.prefix || match.exact);
  if ((a.regex && anyOf(b)) || (b.regex && anyOf(a))) return true;
  if (a.exact) return Boolean(b.prefix) || b.exact !== a.exact;
  if (a.prefix) {
    if (b.prefix) return !b.prefix.startsWith(a.prefix);
    if (b.exact) return !b.exact.startsWith(a.prefix);
  }
  return true;
}
