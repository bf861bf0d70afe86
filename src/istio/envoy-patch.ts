import * as crd from './crd';
import { EnvoyOperation, EnvoyPatchOptions } from './envoy-patch-options';
import { Host } from './host';
import { portNumber } from '../core/private/check-values';
import { IMeshResource } from '../core/resource';
import { EnvoyPlace, renderEnvoyPatch } from './private/envoy-patch';

/** Which listener is changed; all that is given must hold. */
export interface ListenerPatchOptions extends EnvoyPatchOptions {
  /**
   * Name of the listener, such as `virtualInbound`.
   *
   * @default - any
   */
  readonly listenerName?: string;

  /**
   * Port: of the workload for calls that come in at a sidecar, of the service for calls that go out, of the listener at a gateway.
   *
   * @default - any
   */
  readonly portNumber?: number;

  /**
   * Name of the port, in Istio's own words; without effect in today's versions.
   *
   * @default - any
   */
  readonly portName?: string;

  /**
   * Name of a listener filter that the listener has.
   *
   * @default - any
   */
  readonly listenerFilter?: string;
}

/** Which chain of filters is changed; all that is given must hold. */
export interface FilterChainPatchOptions extends ListenerPatchOptions {
  /**
   * Name of the filter chain.
   *
   * @default - any
   */
  readonly chainName?: string;

  /**
   * Server name that the chain is for.
   *
   * @default - any
   */
  readonly serverName?: string;

  /**
   * `raw_buffer` or `tls`.
   *
   * @default - any
   */
  readonly transportProtocol?: string;

  /**
   * Application protocols (ALPN) that the chain is for, all of them.
   *
   * @default - any
   */
  readonly applicationProtocols?: string[];

  /**
   * Port that the chain is for.
   *
   * @default - any
   */
  readonly destinationPort?: number;
}

/** Which filter is changed, or beside which one something is inserted. */
export interface FilterPatchOptions extends FilterChainPatchOptions {
  /**
   * Name of the filter that is changed, or beside which something is inserted, such as `envoy.filters.http.router`.
   *
   * @default - the place is the begin or end of the list
   */
  readonly filterName?: string;

  /**
   * Where the filter belongs among those of Istio, for a filter that is added.
   *
   * @default - wherever the operation says
   */
  readonly filterClass?: EnvoyFilterClass;
}

/** Where a filter belongs among those of Istio. */
export enum EnvoyFilterClass {
  /** Behind authentication. */
  AUTHN = 'AUTHN',
  /** Behind authorization. */
  AUTHZ = 'AUTHZ',
  /** Before statistics. */
  STATS = 'STATS',
}

/** What a route does, for a match. */
export enum EnvoyRouteAction {
  /** Anything. */
  ANY = 'ANY',
  /** It passes requests on. */
  ROUTE = 'ROUTE',
  /** It redirects. */
  REDIRECT = 'REDIRECT',
  /** It answers. */
  DIRECT_RESPONSE = 'DIRECT_RESPONSE',
}

/** Which routes are changed; all that is given must hold. */
export interface RoutePatchOptions extends EnvoyPatchOptions {
  /**
   * Name of the route configuration, such as `http.80`.
   *
   * @default - any
   */
  readonly routeConfigName?: string;

  /**
   * Port that the route configuration is for.
   *
   * @default - any
   */
  readonly portNumber?: number;

  /**
   * Name of the port, at a gateway.
   *
   * @default - any
   */
  readonly portName?: string;

  /**
   * Gateway whose routes are meant.
   *
   * @default - any
   */
  readonly gateway?: IMeshResource;

  /**
   * Name of the virtual host, such as `cart.shop.svc.cluster.local:80`.
   *
   * @default - any
   */
  readonly virtualHostName?: string;

  /**
   * Host that the virtual host answers for.
   *
   * @default - any
   */
  readonly domainName?: Host;

  /**
   * Name of the route, as the VirtualService says it.
   *
   * @default - any
   */
  readonly routeName?: string;

  /**
   * What the route does.
   *
   * @default - anything
   */
  readonly routeAction?: EnvoyRouteAction;
}

/** Which cluster is changed; all that is given must hold. */
export interface ClusterPatchOptions extends EnvoyPatchOptions {
  /**
   * Name of the cluster, such as `outbound|80||cart.shop.svc.cluster.local`.
   *
   * @default - any
   */
  readonly clusterName?: string;

  /**
   * Host that the cluster is for.
   *
   * @default - any
   */
  readonly host?: Host;

  /**
   * Subset that the cluster is for.
   *
   * @default - any
   */
  readonly subsetName?: string;

  /**
   * Port that the cluster is for.
   *
   * @default - any
   */
  readonly portNumber?: number;
}

/**
 * One change of what Istio tells Envoy. What an operation cannot do in a place, and a filter without type, are errors.
 */
export class EnvoyPatch {
  /** A listener as a whole: ADD, REMOVE, MERGE, MERGE_AND_REPLACE_LIST. */
  public static listener(options: ListenerPatchOptions): EnvoyPatch {
    return new EnvoyPatch({ applyTo: 'LISTENER', options, match: { listener: listenerMatch(options) } });
  }

  /** A filter of a listener: ADD, REMOVE, MERGE, MERGE_AND_REPLACE_LIST and the INSERTs. */
  public static listenerFilter(options: ListenerPatchOptions): EnvoyPatch {
    return new EnvoyPatch({ applyTo: 'LISTENER_FILTER', options, match: { listener: listenerMatch(options) } });
  }

  /** A chain of filters: ADD, REMOVE, MERGE, MERGE_AND_REPLACE_LIST. */
  public static filterChain(options: FilterChainPatchOptions): EnvoyPatch {
    return new EnvoyPatch({ applyTo: 'FILTER_CHAIN', options, match: { listener: chainMatch(options) } });
  }

  /** A filter for connections: all operations. */
  public static networkFilter(options: FilterPatchOptions): EnvoyPatch {
    const { filterName, filterClass } = options;
    const filter = filterName === undefined ? undefined : { name: filterName };
    return new EnvoyPatch({ applyTo: 'NETWORK_FILTER', options, filterClass, match: { listener: chainMatch(options, filter) } });
  }

  /** A filter for HTTP requests: all operations. */
  public static httpFilter(options: FilterPatchOptions): EnvoyPatch {
    const { filterName, filterClass } = options;
    const filter = { name: 'envoy.filters.network.http_connection_manager', subFilter: filterName === undefined ? undefined : { name: filterName } };
    return new EnvoyPatch({ applyTo: 'HTTP_FILTER', options, filterClass, match: { listener: chainMatch(options, filter) } });
  }

  /** All routes of a port: MERGE, MERGE_AND_REPLACE_LIST. */
  public static routeConfiguration(options: RoutePatchOptions): EnvoyPatch {
    return new EnvoyPatch({ applyTo: 'ROUTE_CONFIGURATION', options, match: { routeConfiguration: routeMatch(options) } });
  }

  /** The routes of a host: ADD, REMOVE, MERGE, MERGE_AND_REPLACE_LIST, REPLACE. */
  public static virtualHost(options: RoutePatchOptions): EnvoyPatch {
    return new EnvoyPatch({ applyTo: 'VIRTUAL_HOST', options, match: { routeConfiguration: routeMatch(options) } });
  }

  /** A route: MERGE, MERGE_AND_REPLACE_LIST and the INSERTs. */
  public static httpRoute(options: RoutePatchOptions): EnvoyPatch {
    return new EnvoyPatch({ applyTo: 'HTTP_ROUTE', options, match: { routeConfiguration: routeMatch(options) } });
  }

  /** The endpoints of a host: ADD, REMOVE, MERGE, MERGE_AND_REPLACE_LIST. */
  public static cluster(options: ClusterPatchOptions): EnvoyPatch {
    const { clusterName, host, subsetName, portNumber: port } = options;
    const match = { name: clusterName, service: host?.hostName, subset: subsetName, portNumber: port === undefined ? undefined : portNumber('port', port) };
    return new EnvoyPatch({ applyTo: 'CLUSTER', options, match: { cluster: orNone(match) } });
  }

  /**
   * Configuration of a filter that is delivered apart from its listener.
   *
   * @param config the configuration, with `name` and `typed_config`
   */
  public static extensionConfig(config: { [field: string]: any }): EnvoyPatch {
    return new EnvoyPatch({ applyTo: 'EXTENSION_CONFIG', options: { operation: EnvoyOperation.ADD, config }, match: {} });
  }

  /**
   * What Envoy begins with; it takes effect when a pod is made anew.
   *
   * @param config what is merged into it
   */
  public static bootstrap(config: { [field: string]: any }): EnvoyPatch {
    return new EnvoyPatch({ applyTo: 'BOOTSTRAP', options: { operation: EnvoyOperation.MERGE, config }, match: {} });
  }

  /** What is done. */
  public readonly operation: EnvoyOperation;
  private readonly place: EnvoyPlace;

  private constructor(place: EnvoyPlace) {
    this.place = place;
    this.operation = place.options.operation;
    renderEnvoyPatch(place, '');
  }

  /**
   * The patch for proxies of some versions.
   *
   * @internal
   */
  public _render(proxyVersion: string): crd.EnvoyConfigObjectPatch {
    return renderEnvoyPatch(this.place, proxyVersion);
  }
}

function listenerMatch({ listenerName, portNumber: port, portName, listenerFilter }: ListenerPatchOptions): crd.EnvoyFilterListenerMatch | undefined {
  return orNone({ name: listenerName, portNumber: port === undefined ? undefined : portNumber('port', port), portName, listenerFilter });
}

function chainMatch(options: FilterChainPatchOptions, filter?: crd.EnvoyFilterFilter): crd.EnvoyFilterListenerMatch | undefined {
  const { chainName, serverName, transportProtocol, applicationProtocols, destinationPort } = options;
  const filterChain = orNone<crd.EnvoyFilterFilterChainMatch>({
    name: chainName,
    sni: serverName,
    transportProtocol,
    applicationProtocols: applicationProtocols?.join(','),
    destinationPort: destinationPort === undefined ? undefined : portNumber('port', destinationPort),
    filter,
  });
  return orNone({ ...listenerMatch(options), filterChain });
}

function routeMatch(options: RoutePatchOptions): crd.EnvoyFilterRouteConfigurationMatch | undefined {
  const { routeConfigName, portNumber: port, portName, gateway, virtualHostName, domainName, routeName, routeAction } = options;
  const route = orNone<crd.EnvoyFilterRouteMatch>({ name: routeName, action: routeAction && crd.EnvoyFilterRouteAction[routeAction] });
  return orNone({
    name: routeConfigName,
    portNumber: port === undefined ? undefined : portNumber('port', port),
    portName,
    gateway: gateway && [gateway.resourceNamespace, gateway.resourceName].filter((part) => part !== undefined).join('/'),
    vhost: orNone<crd.EnvoyFilterVirtualHostMatch>({ name: virtualHostName, domainName: domainName?.hostName, route }),
  });
}

function orNone<T extends object>(fields: T): T | undefined {
  return Object.values(fields).some((field) => field !== undefined) ? fields : undefined;
}
