import { Construct } from 'constructs';
import * as crd from './crd';
import { GatewayServer } from './gateway-server';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { dnsLabel } from '../private/dns';
import { fail } from '../private/errors';
import { checkServers } from './private/check-servers';
import { checkServerOwners, SERVERS } from './private/server-owners';
import { WorkloadSelector } from './workload-selector';

/** A Gateway: one of this app, or one that is only known by its name. */
export interface IGateway extends IMeshResource {
}

/** Which pods listen for what. */
export interface GatewayProps extends ResourceProps {
  /**
   * The pods that take the calls, in whatever namespace they run.
   *
   * @default - those of the ingress gateway that Istio installs: `istio: ingressgateway`
   */
  readonly selector?: WorkloadSelector;

  /**
   * What they listen for.
   *
   * @default - nothing yet
   */
  readonly servers?: GatewayServer[];
}

/**
 * What the proxies at the edge of the mesh listen for. VirtualServices that are bound to it say where requests go.
 *
 * Emits a Gateway. The Secrets that its servers name must be in the namespace in which the gateway's pods run. Two servers of one Gateway that
 * listen for the same host, and two protocols on one port, are errors: the proxy would drop one of them. So are two Gateways of this app that stand
 * in each other's way at the same pods, or show one certificate twice.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/
 *
 * @example
 *
 * const hosts = [istio.Host.fqdn('shop.example.com')];
 * const gateway = new istio.Gateway(this, 'shop', {
 *   servers: [
 *     istio.GatewayServer.http({ hosts, redirectToHttps: true }),
 *     istio.GatewayServer.https(istio.ServerTls.simple(istio.ServerCertificate.secret('shop-cert')), { hosts }),
 *   ],
 * });
 */
export class Gateway extends CuratedResource implements IGateway {
  /**
   * A Gateway that is not in this app.
   *
   * @param name name of the object
   * @param namespace its namespace
   */
  public static fromGatewayName(scope: Construct, id: string, name: string, namespace?: string): IGateway {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** The pods that take the calls. */
  public readonly selector: WorkloadSelector;
  private readonly _servers: GatewayServer[] = [];

  public constructor(scope: Construct, id: string, props: GatewayProps = {}) {
    super(scope, id, crd.Gateway, props);
    dnsLabel('name of a Gateway', this.resourceName, this.node.path);
    this.selector = props.selector ?? WorkloadSelector.labels({ istio: 'ingressgateway' });
    SERVERS.add(this);
    props.servers?.forEach((server) => this.addServer(server));
  }

  /** What the pods listen for. */
  public get servers(): GatewayServer[] {
    return [...this._servers];
  }

  /**
   * Makes the pods listen for something more.
   *
   * @param server port, protocol and hosts
   */
  public addServer(server: GatewayServer): void {
    checkServers(server, this._servers, this.node.path);
    this._servers.push(server);
    SERVERS.touch(this);
  }

  /** @internal */
  public _render(): crd.GatewaySpec {
    if (this._servers.length === 0) {
      fail('MESH-E030', 'a Gateway that listens for nothing', 'add a server with addServer()');
    }
    checkServerOwners(this);
    const taken = new Set<string>();
    // Names that were said stand before those that are made.
    this._servers.forEach(({ portName }) => { if (portName !== undefined) { taken.add(portName); } });
    return { selector: this.selector.matchLabels, servers: this._servers.map((server) => server._render(taken)) };
  }
}
