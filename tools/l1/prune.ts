import { Schema } from './crd';

/** Root members that no class takes: set by the class itself, by cdk8s, or by a controller. */
const NOT_PROPS = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** The schema of a kind's properties: without identity and status, with the listed subtrees opened. */
export function prune(kind: string, schema: Schema, patterns: string[]): Schema {
  const properties = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => !NOT_PROPS.has(name)));
  const required = (schema.required ?? []).filter((name) => !NOT_PROPS.has(name));
  return open({ ...schema, properties, required }, kind, patterns.map(compile));
}

/** Whether any of the patterns hits somewhere below the schema; for finding stale patterns. */
export function matchesAnywhere(kind: string, schema: Schema, pattern: string): boolean {
  const test = compile(pattern);
  const visit = (node: Schema, path: string): boolean => test.test(path)
    || children(node, path).some(([child, childPath]) => visit(child, childPath));
  return visit(schema, kind);
}

/** `**` stands for any path, `*` for one segment; list and map levels have no segment of their own. */
function compile(pattern: string): RegExp {
  const source = pattern.split('.').map((segment) => segment === '**' ? '.+' : segment === '*' ? '[^.]+' : segment.replace(/[^\w]/g, '\\$&')).join('\\.');
  return new RegExp(`^${source}$`);
}

function children(node: Schema, path: string): [Schema, string][] {
  const below = Object.entries(node.properties ?? {}).map(([name, child]): [Schema, string] => [child, `${path}.${name}`]);
  if (node.items) {
    below.push(...children(node.items, path));
  }
  if (typeof node.additionalProperties === 'object') {
    below.push(...children(node.additionalProperties, path));
  }
  return below;
}

function open(node: Schema, path: string, patterns: RegExp[]): Schema {
  if (patterns.some((pattern) => pattern.test(path))) {
    return opened(node);
  }
  const result = { ...node };
  if (node.properties) {
    result.properties = Object.fromEntries(Object.entries(node.properties).map(([name, child]) => [name, open(child, `${path}.${name}`, patterns)]));
  }
  if (node.items) {
    result.items = open(node.items, `${path}`, patterns.filter((pattern) => !pattern.test(path)));
  }
  if (typeof node.additionalProperties === 'object') {
    result.additionalProperties = open(node.additionalProperties, path, patterns);
  }
  return result;
}

/** The outline of a subtree: how many list and map levels, then an open object. */
function opened(node: Schema): Schema {
  if (node.type === 'array') {
    return { type: 'array', items: opened(node.items ?? {}), minItems: node.minItems, maxItems: node.maxItems };
  }
  if (typeof node.additionalProperties === 'object' && !node.properties) {
    return { type: 'object', additionalProperties: opened(node.additionalProperties) };
  }
  if (node.type === 'object' || node.properties) {
    return { 'type': 'object', 'x-kubernetes-preserve-unknown-fields': true };
  }
  return node;
}
