import { Construct } from 'constructs';
import * as crd from './crd';
import { IGateway } from './gateway';
import { Host } from './host';
import { HttpRouteOptions } from './http-route-options';
import { TcpRouteOptions, TlsRouteOptions } from './l4-route-options';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail, together } from '../private/errors';
import { checkHttpRoute, checkTargets } from './private/check-http-route';
import { checkDelegation } from './private/delegation';
import { gatewayName } from './private/gateway-name';
import { checkHostOwners, MESH_HOSTS } from './private/host-owners';
import { renderHttp, renderTcp, renderTls } from './private/render-routes';
import { RouteScope } from './private/request-match';
import { checkReach } from './private/unreachable-routes';
import { writeAfter } from './private/write-after';
import { RouteTarget } from './route-target';
import { Visibility } from './visibility';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';

/** A VirtualService: one of this app, or one that is only known by its name. */
export interface IVirtualService extends IMeshResource {
}

/** What a VirtualService answers for, and where it holds. */
export interface VirtualServiceProps extends ResourceProps {
  /**
   * The hosts that are asked for. A VirtualService without hosts is a delegate: another one leaves some of its requests to it.
   *
   * @default - none
   */
  readonly hosts?: Host[];

  /**
   * The gateways by which requests come in.
   *
   * @default - none
   */
  readonly gateways?: IGateway[];

  /**
   * Whether it holds for calls between workloads of the mesh.
   *
   * @default true when there are no gateways
   */
  readonly inMesh?: boolean;

  /**
   * Which namespaces take notice of it.
   *
   * @default - as the mesh says; every namespace unless it was changed
   */
  readonly exportTo?: Visibility;

  /**
   * What becomes of HTTP requests, in the order in which they are tried.
   *
   * @default - none
   */
  readonly httpRoutes?: HttpRouteOptions[];

  /**
   * Where TLS connections go that the proxy passes on as they are.
   *
   * @default - none
   */
  readonly tlsRoutes?: TlsRouteOptions[];

  /**
   * Where TCP connections go.
   *
   * @default - none
   */
  readonly tcpRoutes?: TcpRouteOptions[];
}

/**
 * What becomes of requests for some hosts: the first route that fits decides.
 *
 * Emits a VirtualService. Where a prefix of whole segments is matched (`PathMatch.prefix`) it takes two of Istio's matches, and two routes when
 * the prefix is replaced. A host belongs to one VirtualService: Istio does not merge several within the mesh, which is an error here, and their
 * order at a gateway is not defined; `MeshedService.addRoute` composes routes of many constructs instead. `mirror`, `mirrorPercent`, `mirrorPercentage`,
 * `corsPolicy.allowOrigin` and `fault.delay.percent` are deprecated and are set with additionalSpec, and so are the faults that Istio
 * refuses (`http2Error`, `exponentialDelay`).
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/
 *
 * @example
 *
 * const reviews = istio.Host.kubernetesService('reviews', 'bookinfo');
 * const rule = new istio.DestinationRule(this, 'versions', { host: reviews });
 * const [v1, v2] = [rule.addSubset('v1'), rule.addSubset('v2')];
 * new istio.VirtualService(this, 'reviews', {
 *   hosts: [reviews],
 *   httpRoutes: [
 *     { matches: [{ headers: [HeaderMatch.exact('x-tester', 'true')] }], destinations: [istio.RouteTarget.subset(v2)] },
 *     { destinations: [istio.RouteTarget.subset(v1)], timeout: Duration.seconds(2), retries: Retries.attempts(2) },
 *   ],
 * });
 */
export class VirtualService extends CuratedResource implements IVirtualService {
  /**
   * A VirtualService that is not in this app.
   *
   * @param name name of the object
   * @param namespace its namespace
   */
  public static fromVirtualServiceName(scope: Construct, id: string, name: string, namespace?: string): IVirtualService {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly _hosts: Host[] = [];
  private readonly _gateways: IGateway[] = [];
  private readonly _http: HttpRouteOptions[] = [];
  private readonly _tls: TlsRouteOptions[] = [];
  private readonly _tcp: TcpRouteOptions[] = [];
  private readonly exportTo?: Visibility;
  private readonly inMeshSaid?: boolean;

  public constructor(scope: Construct, id: string, props: VirtualServiceProps = {}) {
    super(scope, id, crd.VirtualService, props);
    this.exportTo = props.exportTo;
    this.inMeshSaid = props.inMesh;
    MESH_HOSTS.add(this);
    this.addHosts(...props.hosts ?? []);
    this.addGateways(...props.gateways ?? []);
    props.httpRoutes?.forEach((route) => this.addHttpRoute(route));
    props.tlsRoutes?.forEach((route) => this.addTlsRoute(route));
    props.tcpRoutes?.forEach((route) => this.addTcpRoute(route));
  }

  /** The hosts that are asked for; empty for a delegate. */
  public get hosts(): Host[] {
    return [...this._hosts];
  }

  /** The gateways by which requests come in. */
  public get gateways(): IGateway[] {
    return [...this._gateways];
  }

  /** Whether it holds for calls between workloads of the mesh. */
  public get inMesh(): boolean {
    return this.inMeshSaid ?? this._gateways.length === 0;
  }

  /** Whether another VirtualService leaves requests to this one. */
  public get isDelegate(): boolean {
    return this._hosts.length === 0;
  }

  /** What becomes of HTTP requests, in the order in which they are tried. */
  public get httpRoutes(): HttpRouteOptions[] {
    return [...this._http];
  }

  /** Where TLS connections go. */
  public get tlsRoutes(): TlsRouteOptions[] {
    return [...this._tls];
  }

  /** Where TCP connections go. */
  public get tcpRoutes(): TcpRouteOptions[] {
    return [...this._tcp];
  }

  /**
   * Adds hosts that are asked for.
   *
   * @param hosts the hosts
   */
  public addHosts(...hosts: Host[]): void {
    for (const host of hosts) {
      const known = this._hosts.find((other) => other._covers(host) || host._covers(other));
      if (known) {
        fail('MESH-E031', `host ${host.hostName} stands beside ${known.hostName}, and the two overlap`, 'name every host once', this.node.path);
      }
      this._hosts.push(host);
    }
    MESH_HOSTS.touch(this);
  }

  /**
   * Adds gateways by which requests come in.
   *
   * @param gateways the gateways
   */
  public addGateways(...gateways: IGateway[]): void {
    this._gateways.push(...gateways);
    MESH_HOSTS.touch(this);
  }

  /**
   * Says what becomes of some HTTP requests that no route before takes.
   *
   * @param route which requests, and what becomes of them
   */
  public addHttpRoute(route: HttpRouteOptions): void {
    checkHttpRoute(route, this.node.path);
    this._http.push(route);
    this.follow([...route.destinations ?? [], ...(route.mirrors ?? []).map((mirror) => mirror.target)]);
  }

  /**
   * Says where some TLS connections go that no route before takes.
   *
   * @param route which connections, and where they go
   */
  public addTlsRoute(route: TlsRouteOptions): void {
    checkTargets(route.destinations, this.node.path);
    if (route.matches.length === 0) {
      fail('MESH-E020', 'a TLS route without match', 'name the server names that clients ask for', this.node.path);
    }
    this._tls.push(route);
    this.follow(route.destinations);
  }

  /**
   * Says where some TCP connections go that no route before takes.
   *
   * @param route which connections, and where they go
   */
  public addTcpRoute(route: TcpRouteOptions): void {
    checkTargets(route.destinations, this.node.path);
    this._tcp.push(route);
    this.follow(route.destinations);
  }

  /** @internal */
  public get _visibility(): Visibility | undefined {
    return this.exportTo;
  }

  /** @internal */
  public _render(): crd.VirtualServiceSpec {
    this.checkWhole();
    const namespace = this.resourceNamespace;
    const scope: RouteScope = { namespace, gateways: this._gateways, inMesh: this.inMesh && !this.isDelegate, isDelegate: this.isDelegate };
    const http = all(this._http.map((route) => () => renderHttp(route, scope))).flat();
    checkReach(http);
    http.forEach(({ delegate, match }) => this.checkWithin(delegate, match));
    const bound = [...this._gateways.map((gateway) => gatewayName(gateway, namespace)), ...(this.inMesh ? ['mesh'] : [])];
    return {
      hosts: orNone(this._hosts.map((host) => host.hostName)),
      gateways: this._gateways.length > 0 ? bound : undefined,
      exportTo: this.exportTo?.exportTo,
      http: orNone(http),
      tls: orNone(all(this._tls.map((route) => () => renderTls(route, scope, this._hosts)))),
      tcp: orNone(all(this._tcp.map((route) => () => renderTcp(route, scope)))),
    };
  }

  private checkWhole(): void {
    this.exportTo?._check('VirtualService', this.resourceNamespace);
    if (this._http.length + this._tls.length + this._tcp.length === 0) {
      fail('MESH-E020', 'a VirtualService without routes', 'add one with addHttpRoute(), addTlsRoute() or addTcpRoute()');
    }
    if (this.isDelegate) {
      this.checkOwnRoutes();
      return;
    }
    if (!this.inMesh && this._gateways.length === 0) {
      fail('MESH-E020', 'a VirtualService that holds neither in the mesh nor for a gateway', 'name gateways, or leave inMesh out');
    }
    if (this.inMesh && this._hosts.some((host) => host.hostName === '*')) {
      fail('MESH-E002', 'a VirtualService for every host within the mesh', 'bind it to gateways only, or name the hosts');
    }
    checkHostOwners(this);
    this._http.forEach(({ delegate }) => this.checkDelegate(delegate));
  }

  private checkOwnRoutes(): void {
    if (this._gateways.length > 0 || this.inMeshSaid !== undefined || this._tls.length + this._tcp.length > 0) {
      fail('MESH-E031', 'a VirtualService without hosts that is bound to gateways or routes connections',
        'name hosts, or keep HTTP routes only: whoever delegates to it says where it holds');
    }
    if (this._http.some((route) => route.delegate !== undefined)) {
      fail('MESH-E031', 'a delegate that delegates', 'name the destinations: Istio follows one step only');
    }
  }

  private checkDelegate(delegate: IVirtualService | undefined): void {
    if (!(delegate instanceof VirtualService)) { return; }
    if (!delegate.isDelegate) {
      fail('MESH-E031', `requests are left to "${delegate.resourceName}", which has hosts of its own`, 'leave the hosts of the other VirtualService out');
    }
    if (delegate.exportTo && !delegate.exportTo._reaches(delegate.resourceNamespace, this.resourceNamespace)) {
      fail('MESH-E031', `requests are left to "${delegate.resourceName}", which namespace ${this.resourceNamespace} does not see`, 'widen its exportTo');
    }
  }

  /** Whether the routes of a delegate are within what is left to it. */
  private checkWithin(delegate: crd.Delegate | undefined, left: readonly crd.HTTPMatchRequest[] | undefined): void {
    const own = delegate && this._http.flatMap((route) => route.delegate ?? [])
      .find((other) => other.resourceName === delegate.name && other.resourceNamespace === delegate.namespace);
    if (!(own instanceof VirtualService)) { return; }
    const scope: RouteScope = { namespace: own.resourceNamespace, gateways: [], inMesh: false, isDelegate: true };
    checkDelegation(left, own._http.flatMap((route) => renderHttp(route, scope)), own.resourceName);
  }

  /** Subsets must be there before a route names them. */
  private follow(targets: readonly RouteTarget[]): void {
    targets.forEach((target) => writeAfter(this, target._subset?._owner));
  }
}

/** What all steps make; their errors are reported together. */
function all<T>(steps: (() => T)[]): T[] {
  const made: T[] = [];
  together(steps.map((step) => () => { made.push(step()); }));
  return made;
}

function orNone<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
