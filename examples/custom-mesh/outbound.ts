import { ActiveHealthChecks, clusterOf, Target, targetOf } from './clusters';
import { extension, headerMatcher, httpConnectionManager, Json, pathPattern, seconds, socket, valueMatcher } from './envoy-config';
import { Destination, HashKeyKind, HeaderChanges, HttpMatch, HttpRulePlan, MeshPlan, OutboundEdgePlan, PathMatchKind, PathRewriteKind, Port, Retries, ServicePlan } from 'cdk8s-mesh';

/** What a proxy needs in order to call. */
export interface Outbound {
  readonly listeners: readonly Json[];
  readonly clusters: readonly Json[];
  /** Addresses of the pod itself, and the names of the services that are reached there. */
  readonly hostAliases: readonly { readonly ip: string; readonly hostnames: readonly string[] }[];
}

/** A listener for each port of each service that was declared to be called, on an address of the pod's own for each service. */
export function outboundOf(client: ServicePlan, plan: MeshPlan, clusterDomain: string, checks: ActiveHealthChecks): Outbound {
  const targets = new Map<string, Target>();
  const listeners = client.outbound.flatMap((edge, index) => {
    const callee = plan.services.find(({ host }) => host === edge.host);
    if (!callee) { throw new Error(`${client.host} calls ${edge.host}, which is not in this mesh; its proxies know each other by certificates of the mesh only`); }
    return edge.ports.map((port) => listenerOf(client, callee, port, addressOf(index), (host, subset, servicePort) => {
      const target = targetOf(plan, host, port, subset, servicePort);
      targets.set(target.name, target);
      return target;
    }));
  });
  return {
    listeners,
    clusters: [...targets.values()].map((target) => clusterOf(target, clusterDomain, checks)),
    hostAliases: client.outbound.map((edge, index) => ({ ip: addressOf(index), hostnames: namesOf(edge, client.namespace) })),
  };
}

/** All of 127.0.0.0/8 is the pod itself. */
function addressOf(index: number): string {
  return `127.1.${Math.floor(index / 250)}.${index % 250 + 1}`;
}

function namesOf({ host, serviceName, namespace }: OutboundEdgePlan, from: string): string[] {
  const names = [host, `${serviceName}.${namespace}.svc`, `${serviceName}.${namespace}`];
  return from === namespace ? [...names, serviceName] : names;
}

/** Finds, and remembers, some endpoints of a service. */
type Resolve = (host: string, subset?: string, servicePort?: number) => Target;

function listenerOf(client: ServicePlan, callee: ServicePlan, port: Port, address: string, resolve: Resolve): Json {
  const name = `${callee.host}|${port.number}`;
  const filter = port.carriesRequests
    ? httpConnectionManager(name, { routes: routesOf(client, callee, port, resolve) }, [])
    : extension('envoy.filters.network.tcp_proxy', 'extensions.filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: name, ...connectionsOf(callee, port, resolve) });
  return { name, address: socket(address, port.number), filter_chains: [{ filters: [filter] }] };
}

function connectionsOf(callee: ServicePlan, port: Port, resolve: Resolve): Json {
  const rule = callee.tcpRules.find((candidate) => candidate.port.number === port.number);
  return shares(rule?.destinations ?? [], callee, resolve);
}

/** The rules that hold for this client, in order; the first that matches decides. */
function routesOf(client: ServicePlan, callee: ServicePlan, port: Port, resolve: Resolve): Json[] {
  const rules = callee.httpRules.filter(({ clients }) => !clients || clients.some(({ identity }) => identity?.sameAs(client.identity)));
  const routes = rules.flatMap((rule) => rule.matches.filter(({ servicePort }) => servicePort === undefined || servicePort === port.number)
    .map((match) => routeOf(rule, match, callee, resolve)));
  const whole = { match: { prefix: '/' }, route: { ...shares([], callee, resolve), timeout: '0s', ...hashOf(callee) } };
  return rules.some(({ matches }) => matches.some(isEmpty)) ? routes : [...routes, whole];
}

function isEmpty({ path, method, headers, queryParams }: HttpMatch): boolean {
  return path === undefined && method === undefined && (headers ?? []).length === 0 && (queryParams ?? []).length === 0;
}

function routeOf(rule: HttpRulePlan, match: HttpMatch, callee: ServicePlan, resolve: Resolve): Json {
  const { policy: { timeout, retries }, requestHeaders, responseHeaders, ruleName } = rule;
  return {
    ...(ruleName === undefined ? {} : { name: ruleName }),
    match: matchOf(match),
    route: {
      ...shares(rule.destinations, callee, resolve),
      timeout: timeout ? seconds(timeout) : '0s',
      ...(retries ? { retry_policy: retryPolicy(retries) } : {}),
      ...rewriteOf(rule, match),
      ...hashOf(callee),
    },
    ...headerChanges('request', requestHeaders),
    ...headerChanges('response', responseHeaders),
  };
}

function matchOf({ path, method, headers, queryParams }: HttpMatch): Json {
  const all = [
    ...(method ? [{ name: ':method', string_match: { exact: method.method } }] : []),
    ...(headers ?? []).map(headerMatcher),
  ];
  const parameters = (queryParams ?? []).map(({ name, kind, text }) => ({ name, string_match: valueMatcher(kind, text) }));
  return {
    ...pathOf(path),
    ...(all.length > 0 ? { headers: all } : {}),
    ...(parameters.length > 0 ? { query_parameters: parameters } : {}),
  };
}

function pathOf(path: HttpMatch['path']): Json {
  if (path === undefined || (path.kind === PathMatchKind.PREFIX && path.path === '/')) { return { prefix: '/' }; }
  switch (path.kind) {
    case PathMatchKind.EXACT: return { path: path.path };
    case PathMatchKind.PREFIX: return { path_separated_prefix: path.path };
    default: return { safe_regex: { regex: pathPattern(path) } };
  }
}

/** One cluster, or several by weight; the service itself when nothing is said. */
function shares(destinations: readonly Destination[], callee: ServicePlan, resolve: Resolve): Json {
  const clusters = destinations.map(({ targetService, targetSubset, servicePort, weight }) =>
    ({ name: resolve(targetService.host, targetSubset?.subsetName, servicePort).name, weight: weight?.toNumber() ?? 0 }));
  return clusters.length > 1 ? { weighted_clusters: { clusters } } : { cluster: clusters[0]?.name ?? resolve(callee.host).name };
}

function retryPolicy({ maxAttempts, conditions, statusCodes, perTryTimeout, backoff }: Retries): Json {
  const on = [...conditions, ...(statusCodes.length > 0 ? ['retriable-status-codes'] : [])];
  return {
    retry_on: maxAttempts > 0 ? on.join(',') : '',
    num_retries: maxAttempts,
    ...(statusCodes.length > 0 ? { retriable_status_codes: statusCodes } : {}),
    ...(perTryTimeout ? { per_try_timeout: seconds(perTryTimeout) } : {}),
    ...(backoff ? { retry_back_off: { base_interval: seconds(backoff) } } : {}),
    // A new try goes to another endpoint when there is one.
    retry_host_predicate: [extension('envoy.retry_host_predicates.previous_hosts', 'extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate')],
    host_selection_retry_max_attempts: 3,
  };
}

function rewriteOf({ pathRewrite, constructPath }: HttpRulePlan, { path }: HttpMatch): Json {
  if (!pathRewrite) { return {}; }
  if (pathRewrite.kind !== PathRewriteKind.PREFIX || path?.kind === PathMatchKind.REGEX || path?.kind === PathMatchKind.TEMPLATE) {
    throw new Error(`${constructPath}: only a prefix can be replaced; match a prefix or an exact path`);
  }
  const replacement = pathRewrite.replacement.replace(/\/+$/, '');
  // With nothing to put in place, the slash behind the prefix has to stay.
  return replacement === '' && path !== undefined && path.path !== '/'
    ? { regex_rewrite: { pattern: { regex: `^${pathPattern(path).replace('(/.*)?', '')}/*` }, substitution: '/' } }
    : { prefix_rewrite: path === undefined || path.path === '/' ? `${replacement}/` : replacement };
}

function hashOf({ policy: { loadBalancing } }: ServicePlan): Json {
  const key = loadBalancing?.hashKey;
  switch (key?.kind) {
    case HashKeyKind.HEADER: return { hash_policy: [{ header: { header_name: key.name } }] };
    case HashKeyKind.QUERY: return { hash_policy: [{ query_parameter: { name: key.name } }] };
    case HashKeyKind.COOKIE: return { hash_policy: [{ cookie: { name: key.name, ttl: key.ttl ? seconds(key.ttl) : '0s', ...(key.path === undefined ? {} : { path: key.path }) } }] };
    default: return {};
  }
}

function headerChanges(side: 'request' | 'response', changes: HeaderChanges | undefined): Json {
  if (!changes) { return {}; }
  const { setHeaders = {}, addHeaders = {}, removeHeaders = [] } = changes;
  const options = (headers: { readonly [name: string]: string }, action: string) =>
    Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ header: { key, value: value.replace(/%/g, '%%') }, append_action: action }));
  return {
    [`${side}_headers_to_add`]: [...options(setHeaders, 'OVERWRITE_IF_EXISTS_OR_ADD'), ...options(addHeaders, 'APPEND_IF_EXISTS_OR_ADD')],
    [`${side}_headers_to_remove`]: [...removeHeaders],
  };
}
