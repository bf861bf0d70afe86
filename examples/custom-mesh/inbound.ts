import { extension, headerMatcher, HEALTH_PATH, httpConnectionManager, INBOUND_PORT, Json, pathPattern, serverName, socket, typed } from './envoy-config';
import { serverTls } from './tls';
import { AccessMode, InboundEdgePlan, PathMatchKind, PeerKind, Port, ServicePlan } from 'cdk8s-mesh';

const HTTP_RBAC = 'extensions.filters.http.rbac.v3.RBAC';
const NETWORK_RBAC = 'extensions.filters.network.rbac.v3.RBAC';

/** The one listener for calls from other proxies: mutual TLS only, and for each port of the service only what was declared. */
export function inboundListener(service: ServicePlan): Json {
  return {
    name: 'inbound',
    address: socket('0.0.0.0', INBOUND_PORT),
    listener_filters: [extension('envoy.filters.listener.tls_inspector', 'extensions.filters.listener.tls_inspector.v3.TlsInspector')],
    filter_chains: service.ports.map((port) => ({
      name: `inbound-${port.number}`,
      filter_chain_match: { server_names: [serverName(service.host, port.number)], transport_protocol: 'tls' },
      transport_socket: serverTls(service.identity.trustDomain),
      filters: port.carriesRequests ? [requests(service, port)] : connections(service, port),
    })),
  };
}

/** Where the application itself is asked. */
export function applicationClusters({ ports }: ServicePlan): Json[] {
  return ports.map((port) => ({
    name: applicationCluster(port),
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: { cluster_name: applicationCluster(port), endpoints: [{ lb_endpoints: [{ endpoint: { address: socket('127.0.0.1', port.targetPort) } }] }] },
    health_checks: [{ timeout: '1s', interval: '1s', unhealthy_threshold: 2, healthy_threshold: 1, no_traffic_interval: '1s', tcp_health_check: {} }],
    // Nothing else could be asked: a request during a failed check fails by itself.
    common_lb_config: { healthy_panic_threshold: { value: 0 } },
    ...(port.carriesRequests ? { typed_extension_protocol_options: SAME_PROTOCOL } : {}),
  }));
}

/** Requests go on in the version of HTTP that they came in. */
export const SAME_PROTOCOL: Json = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed('extensions.upstreams.http.v3.HttpProtocolOptions', {
    use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: {} },
  }),
};

function applicationCluster(port: Port): string {
  return `application-${port.number}`;
}

function requests(service: ServicePlan, port: Port): Json {
  const health = extension('envoy.filters.http.health_check', 'extensions.filters.http.health_check.v3.HealthCheck', {
    pass_through_mode: false,
    headers: [{ name: ':path', string_match: { exact: HEALTH_PATH } }],
    cluster_min_healthy_percentages: { [applicationCluster(port)]: { value: 100 } },
  });
  const filters = rbacRules(service, port).map((rules) => extension('envoy.filters.http.rbac', HTTP_RBAC, { rules }));
  const route = { match: { prefix: '/' }, route: { cluster: applicationCluster(port), timeout: '0s' } };
  return httpConnectionManager(`inbound-${port.number}`, { routes: [route] }, [health, ...filters], {
    forward_client_cert_details: 'SANITIZE_SET',
    set_current_client_cert_details: { uri: true },
  });
}

function connections(service: ServicePlan, port: Port): Json[] {
  const stat = `inbound-${port.number}`;
  return [
    ...rbacRules(service, port).map((rules) => extension('envoy.filters.network.rbac', NETWORK_RBAC, { rules, stat_prefix: stat })),
    extension('envoy.filters.network.tcp_proxy', 'extensions.filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: stat, cluster: applicationCluster(port) }),
  ];
}

/** Who is kept out, and then who is let in: nobody, unless somebody was declared. */
function rbacRules({ access, inbound, refused, ports }: ServicePlan, port: Port): Json[] {
  const here = (edges: readonly InboundEdgePlan[]) => edges.filter(({ access: { servicePorts, requestsOnly } }) =>
    (servicePorts.length === 0 || servicePorts.includes(port.number)) && (port.carriesRequests || !requestsOnly || ports.length === 1));
  const policies = (edges: readonly InboundEdgePlan[]) => Object.fromEntries(edges.map((edge, index) => [`edge-${index + 1}`, { principals: principalsOf(edge), permissions: [permissionOf(edge)] }]));
  const deny = here(refused);
  return [
    ...(deny.length > 0 ? [{ action: 'DENY', policies: policies(deny) }] : []),
    ...(access === AccessMode.DECLARED ? [{ action: 'ALLOW', policies: policies(here(inbound)) }] : []),
  ];
}

function principalsOf({ caller: { kind, identity, namespace, blocks } }: InboundEdgePlan): Json[] {
  const named = (name: Json) => [{ authenticated: { principal_name: name } }];
  switch (kind) {
    case PeerKind.SERVICE:
    case PeerKind.IDENTITY: return named({ exact: identity!.spiffeId });
    case PeerKind.NAMESPACE: return named({ safe_regex: { regex: `spiffe://[^/]+/ns/${namespace}/sa/[^/]+` } });
    case PeerKind.ADDRESSES: return blocks!.map((block) => ({ direct_remote_ip: { address_prefix: block.split('/')[0], prefix_len: Number(block.split('/')[1]) } }));
    case PeerKind.ANYONE: return [{ any: true }];
  }
}

function permissionOf({ access: { methods, paths, headers } }: InboundEdgePlan): Json {
  const anyOf = (rules: readonly Json[]): Json[] => (rules.length > 0 ? [{ or_rules: { rules } }] : []);
  const rules = [
    ...anyOf(methods.map(({ method }) => ({ header: { name: ':method', string_match: { exact: method } } }))),
    ...anyOf(paths.map((path) => ({ url_path: { path: path.kind === PathMatchKind.EXACT ? { exact: path.path } : { safe_regex: { regex: pathPattern(path) } } } }))),
    ...headers.map((header) => ({ header: headerMatcher(header) })),
  ];
  return rules.length > 0 ? { and_rules: { rules } } : { any: true };
}
