import { checkWorkloadSelector, compiles } from './fields';
import { Place } from '../place';
import { WebhookObject } from '../webhook-object';

const LISTENER_CLASS = ['LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER'];
const ROUTE_CLASS = ['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE'];
const OBJECTS = ['listener', 'routeConfiguration', 'cluster'];
const MANAGERS = ['envoy.filters.network.http_connection_manager', 'envoy.http_connection_manager'];
const LONGEST_VERSION = 1024;
/** Names that Envoy has given up, with those that it uses now. */
const RENAMED: Readonly<Record<string, string>> = {
  'envoy.buffer': 'envoy.filters.http.buffer',
  'envoy.client_ssl_auth': 'envoy.filters.network.client_ssl_auth',
  'envoy.cors': 'envoy.filters.http.cors',
  'envoy.echo': 'envoy.filters.network.echo',
  'envoy.ext_authz': 'envoy.filters.http.ext_authz',
  'envoy.fault': 'envoy.filters.http.fault',
  'envoy.grpc_http1_bridge': 'envoy.filters.http.grpc_http1_bridge',
  'envoy.grpc_json_transcoder': 'envoy.filters.http.grpc_json_transcoder',
  'envoy.grpc_web': 'envoy.filters.http.grpc_web',
  'envoy.gzip': 'envoy.filters.http.gzip',
  'envoy.health_check': 'envoy.filters.http.health_check',
  'envoy.http_connection_manager': 'envoy.filters.network.http_connection_manager',
  'envoy.ip_tagging': 'envoy.filters.http.ip_tagging',
  'envoy.listener.original_dst': 'envoy.filters.listener.original_dst',
  'envoy.listener.original_src': 'envoy.filters.listener.original_src',
  'envoy.listener.proxy_protocol': 'envoy.filters.listener.proxy_protocol',
  'envoy.listener.tls_inspector': 'envoy.filters.listener.tls_inspector',
  'envoy.lua': 'envoy.filters.http.lua',
  'envoy.mongo_proxy': 'envoy.filters.network.mongo_proxy',
  'envoy.ratelimit': 'envoy.filters.network.ratelimit',
  'envoy.rate_limit': 'envoy.filters.http.ratelimit',
  'envoy.redis_proxy': 'envoy.filters.network.redis_proxy',
  'envoy.router': 'envoy.filters.http.router',
  'envoy.squash': 'envoy.filters.http.squash',
  'envoy.tcp_proxy': 'envoy.filters.network.tcp_proxy',
};

/** Checks an EnvoyFilter. What is patched in is not looked into: only Envoy knows its own configuration. */
export function checkEnvoyFilter({ spec }: WebhookObject): void {
  spec.note('Envoy\'s configuration may change with any release of Istio', { allowed: 'another kind, where one does the same' });
  checkWorkloadSelector(spec.at('workloadSelector'));
  for (const patch of spec.at('configPatches').items()) {
    if (patch.at('match').at('context').text !== 'WAYPOINT') checkPatch(patch);
  }
}

function checkPatch(item: Place): void {
  const { applyTo, patch, match } = { applyTo: item.at('applyTo'), patch: item.at('patch'), match: item.at('match') };
  const operation = patch.at('operation').text;
  if (['', 'INVALID'].includes(applyTo.text)) return applyTo.required();
  if (!patch.isSet) return patch.required();
  if (['', 'INVALID'].includes(operation)) return patch.at('operation').required();
  if (operation !== 'REMOVE' && !patch.at('value').isSet) return patch.at('value').required(`the operation is ${operation}`);
  const version = match.at('proxy').at('proxyVersion');
  if (version.text.length > LONGEST_VERSION) version.warn(`is longer than ${LONGEST_VERSION} characters, and is not looked at`);
  else if (version.text !== '' && !compiles(version.text)) return version.invalid(`invalid regular expression ${JSON.stringify(version.text)}`, 'the syntax of RE2');
  checkObject(applyTo.text, match);
}

function checkObject(applyTo: string, match: Place): void {
  const object = match.setOf(OBJECTS)[0];
  const wanted = LISTENER_CLASS.includes(applyTo) ? 'listener' : ROUTE_CLASS.includes(applyTo) ? 'routeConfiguration' : applyTo === 'CLUSTER' ? 'cluster' : undefined;
  if (object === undefined || wanted === undefined) return;
  if (object !== wanted) match.at(object).forbidden(`${applyTo} is matched by ${wanted}`);
  else if (object === 'listener') checkFilter(applyTo, match.at('listener').at('filterChain').at('filter'));
}

function checkFilter(applyTo: string, filter: Place): void {
  if (!filter.isSet) return;
  const name = filter.at('name');
  const sub = filter.at('subFilter');
  if (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN') filter.warn(`means nothing for ${applyTo}`);
  if (name.text === '') return name.required();
  if (sub.isSet) {
    if (applyTo !== 'HTTP_FILTER') return sub.forbidden(`${applyTo} has no filters of requests`);
    if (!MANAGERS.includes(name.text)) return name.invalid(`${name.text} has no filters of requests`, MANAGERS[0]);
    if (sub.at('name').text === '') return sub.at('name').required();
  }
  for (const place of [name, sub.at('name')]) {
    if (Object.hasOwn(RENAMED, place.text)) place.warn(`${place.text} is a name of the past`, { allowed: RENAMED[place.text] });
  }
}
