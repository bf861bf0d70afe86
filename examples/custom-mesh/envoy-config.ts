import { Duration } from 'cdk8s';
import { HeaderMatch, PathMatch, PathMatchKind, ValueMatchKind } from 'cdk8s-mesh';

/** Part of Envoy's configuration. */
export type Json = { readonly [field: string]: unknown };

/** Where the proxy takes calls from other proxies. */
export const INBOUND_PORT = 15006;
/** Where the proxy publishes its metrics. */
export const METRICS_PORT = 15090;
/** Where the proxy can be asked by those who are in the pod. */
export const ADMIN_PORT = 15000;
/** Where certificate, key and trusted roots are mounted. */
export const TLS_FOLDER = '/etc/envoy-static/tls';
/** Where proxies ask each other whether they, and what stands behind them, are well. */
export const HEALTH_PATH = '/.envoy-static/healthy';

/** A message of a type that Envoy has to be told. */
export function typed(type: string, fields: Json = {}): Json {
  return { '@type': `type.googleapis.com/envoy.${type}`, ...fields };
}

/** A filter or transport of Envoy by its name. */
export function extension(name: string, type: string, fields: Json = {}): Json {
  return { name, typed_config: typed(type, fields) };
}

/** Length of time as Envoy's JSON has it. */
export function seconds(duration: Duration): string {
  return `${duration.toMilliseconds() / 1000}s`;
}

/** An address and a port. */
export function socket(address: string, port: number): Json {
  return { socket_address: { address, port_value: port } };
}

/** A name that says which port of which service a proxy is asked for; the client sends it when it begins TLS. */
export function serverName(host: string, port: number): string {
  return `${port}.${host}`;
}

/** An HTTP filter chain. */
export function httpConnectionManager(name: string, virtualHost: Json, filters: readonly Json[], fields: Json = {}): Json {
  return extension('envoy.filters.network.http_connection_manager', 'extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: name,
    codec_type: 'AUTO',
    route_config: { name, virtual_hosts: [{ name, domains: ['*'], ...virtualHost }] },
    normalize_path: true,
    merge_slashes: true,
    http_filters: [...filters, extension('envoy.filters.http.router', 'extensions.filters.http.router.v3.Router')],
    ...fields,
  });
}

/** What a header must look like. A header that is missing satisfies the opposite of any matcher. */
export function headerMatcher({ name, kind, text, inverted }: HeaderMatch): Json {
  const value = valueMatcher(kind, text);
  return { name, ...(value ? { string_match: value } : { present_match: true }), ...(inverted ? { invert_match: true } : {}) };
}

/** What a text must look like; undefined when every text will do. */
export function valueMatcher(kind: ValueMatchKind, text: string): Json | undefined {
  switch (kind) {
    case ValueMatchKind.EXACT: return { exact: text };
    case ValueMatchKind.PREFIX: return { prefix: text };
    case ValueMatchKind.REGEX: return { safe_regex: { regex: text } };
    case ValueMatchKind.PRESENT: return undefined;
  }
}

/** A path as a pattern over the whole of it. */
export function pathPattern({ kind, path }: PathMatch): string {
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  switch (kind) {
    case PathMatchKind.EXACT: return literal(path);
    case PathMatchKind.PREFIX: return path === '/' ? '/.*' : `${literal(path)}(/.*)?`;
    case PathMatchKind.REGEX: return path;
    case PathMatchKind.TEMPLATE: return path.split('/').map((segment) => ({ '{*}': '[^/]+', '{**}': '.*' })[segment] ?? literal(segment)).join('/');
  }
}
