import * as crd from './crd';
import { NamespaceSelector } from './namespace-selector';
import { LocalReference } from './object-reference';

/** A kind of route. */
export class RouteKind {
  /** HTTPRoute. */
  public static readonly HTTP = new RouteKind('HTTPRoute');
  /** GRPCRoute. */
  public static readonly GRPC = new RouteKind('GRPCRoute');
  /** TLSRoute. */
  public static readonly TLS = new RouteKind('TLSRoute');
  /** TCPRoute. */
  public static readonly TCP = new RouteKind('TCPRoute');
  /** UDPRoute. */
  public static readonly UDP = new RouteKind('UDPRoute');

  /**
   * A kind of another API.
   *
   * @param group API group
   * @param kind the kind
   */
  public static of(group: string, kind: string): RouteKind {
    return new RouteKind(kind, group);
  }

  /** API group of the kind. */
  public readonly group: string;
  /** The kind. */
  public readonly kind: string;

  private constructor(kind: string, group: string = 'gateway.networking.k8s.io') {
    this.kind = kind;
    this.group = group;
  }
}

/**
 * Which routes may attach to a listener.
 */
export class AllowedRoutes {
  /**
   * Routes in the namespace of the Gateway.
   *
   * @param kinds kinds of routes; those that fit the protocol unless given
   */
  public static sameNamespace(...kinds: RouteKind[]): AllowedRoutes {
    return new AllowedRoutes(crd.FromNamespaces.SAME, kinds);
  }

  /**
   * Routes in any namespace.
   *
   * @param kinds kinds of routes; those that fit the protocol unless given
   */
  public static allNamespaces(...kinds: RouteKind[]): AllowedRoutes {
    return new AllowedRoutes(crd.FromNamespaces.ALL, kinds);
  }

  /**
   * Routes in some namespaces.
   *
   * @param selector the namespaces
   * @param kinds kinds of routes; those that fit the protocol unless given
   */
  public static namespaces(selector: NamespaceSelector, ...kinds: RouteKind[]): AllowedRoutes {
    return new AllowedRoutes(crd.FromNamespaces.SELECTOR, kinds, selector);
  }

  private constructor(
    private readonly origin: crd.FromNamespaces,
    private readonly kinds: RouteKind[],
    private readonly selector?: NamespaceSelector,
  ) {}

  /**
   * Whether a route may attach, as far as it can be told without the labels of its namespace.
   *
   * @internal
   */
  public _admits(route: LocalReference, sameNamespace: boolean): boolean {
    const kind = this.kinds.length === 0 || this.kinds.some((known) => known.kind === route.kind && known.group === route.group);
    return kind && (sameNamespace || this.origin !== crd.FromNamespaces.SAME);
  }

  /** @internal */
  public _render(): crd.AllowedRoutes {
    return {
      namespaces: { from: this.origin, selector: this.selector?._render() },
      kinds: this.kinds.length > 0 ? this.kinds.map(({ group, kind }) => ({ group, kind })) : undefined,
    };
  }
}

/**
 * Which ListenerSets may add listeners to a Gateway.
 */
export class AllowedListeners {
  /** Those in the namespace of the Gateway. */
  public static sameNamespace(): AllowedListeners {
    return new AllowedListeners(crd.ListenerFromNamespaces.SAME);
  }

  /** Those in any namespace. */
  public static allNamespaces(): AllowedListeners {
    return new AllowedListeners(crd.ListenerFromNamespaces.ALL);
  }

  /**
   * Those in some namespaces.
   *
   * @param selector the namespaces
   */
  public static namespaces(selector: NamespaceSelector): AllowedListeners {
    return new AllowedListeners(crd.ListenerFromNamespaces.SELECTOR, selector);
  }

  private constructor(private readonly origin: crd.ListenerFromNamespaces, private readonly selector?: NamespaceSelector) {}

  /** @internal */
  public _render(): crd.AllowedListeners {
    return { namespaces: { from: this.origin, selector: this.selector?._render() } };
  }
}
