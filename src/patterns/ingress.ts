import { Construct } from 'constructs';
import { MeshedService } from './meshed-service';
import { Access } from '../core/access';
import { Connections, IConnectable } from '../core/connections';
import { Destination } from '../core/destination';
import { HttpMatch } from '../core/http-match';
import { Identity } from '../core/identity';
import { IngressGateway, TlsSource } from '../core/ingress-gateway';
import { IMesh } from '../core/mesh';
import { IMeshService } from '../core/mesh-service';
import { Port } from '../core/port';
import { checkRule } from '../core/private/check-rule';
import { distinctHosts } from '../core/private/check-values';
import { IngressDeclaration, IngressRuleDeclaration } from '../core/private/declarations';
import { gatewayIdentity } from '../core/private/gateway-identity';
import { checkPolicy } from '../core/private/merge-policies';
import { MeshApp } from '../core/private/mesh-app';
import { namespaceOf } from '../core/private/namespace';
import { CallPolicy } from '../core/traffic-policy';
import { serviceLabel } from '../private/dns';
import { fail } from '../private/errors';

/** What a way into the mesh answers for. */
export interface IngressProps {
  /** The mesh that it leads into. */
  readonly mesh: IMesh;

  /** DNS names that are answered for. The first label may be a wildcard. */
  readonly hosts: string[];

  /**
   * The gateway that takes the calls.
   *
   * @default - the ingress gateway that the mesh installs; a gateway of the Gateway API where it installs none
   */
  readonly gateway?: IngressGateway;

  /**
   * Where the server certificate comes from.
   *
   * @default - plain HTTP on port 80
   */
  readonly tls?: TlsSource;

  /**
   * Whether plain HTTP is redirected to HTTPS.
   *
   * @default true when there is a certificate
   */
  readonly redirectToHttps?: boolean;

  /**
   * Name of the objects.
   *
   * @default - the id of the construct
   */
  readonly ingressName?: string;

  /**
   * Namespace of the objects.
   *
   * @default - the namespace of the chart; `default` when it has none
   */
  readonly namespace?: string;
}

/** Which calls from outside go to a service. */
export interface IngressRouteOptions extends CallPolicy {
  /**
   * The requests; any of these may hold.
   *
   * @default - all requests
   */
  readonly matches?: HttpMatch[];

  /**
   * Where the requests go, when not all of them go to the service itself. With several destinations the weights sum to 100.
   *
   * @default - the service
   */
  readonly destinations?: Destination[];

  /**
   * Number of the Service port that is called.
   *
   * @default - the only port of the service that carries requests
   */
  readonly servicePort?: number;

  /**
   * Name of the rule.
   *
   * @default - none
   */
  readonly ruleName?: string;
}

/**
 * A way into the mesh: DNS names, a certificate and the services behind them. The services let the gateway in by its identity.
 *
 * Emits on Istio a Gateway with a VirtualService, or a Gateway and HTTPRoute of the Gateway API.
 *
 * @example
 *
 * const ingress = new Ingress(this, 'web', { mesh, hosts: ['shop.example.com'], tls: TlsSource.secret('shop-cert') });
 * ingress.route(shop);
 */
export class Ingress extends Construct implements IConnectable {
  /** Name of the objects. */
  public readonly ingressName: string;
  /** What the gateway may call. */
  public readonly connections: Connections;
  private readonly declaration: IngressDeclaration & { readonly rules: IngressRuleDeclaration[] };

  public constructor(scope: Construct, id: string, props: IngressProps) {
    super(scope, id);
    const path = this.node.path;
    distinctHosts('an ingress', props.hosts, path);
    this.ingressName = serviceLabel('ingress name', props.ingressName ?? id, path);
    this.connections = Connections._of(this);
    this.declaration = {
      construct: this,
      side: this,
      mesh: props.mesh,
      ingressName: this.ingressName,
      namespace: namespaceOf(this, props.namespace),
      hosts: [...props.hosts],
      gateway: props.gateway ?? defaultGateway(props.mesh),
      tls: props.tls,
      redirectToHttps: props.redirectToHttps ?? props.tls !== undefined,
      rules: [],
    };
    if (props.redirectToHttps && !props.tls) {
      fail('MESH-E031', 'a redirect to HTTPS without certificate', 'give tls, or leave redirectToHttps out', path);
    }
    MeshApp.of(this).addIngress(this.declaration);
  }

  /** DNS names that are answered for. */
  public get hosts(): string[] {
    return [...this.declaration.hosts];
  }

  /** Identity of the gateway's pods. */
  public get identity(): Identity {
    return gatewayIdentity(this.declaration);
  }

  /**
   * Sends requests to a service, and lets the gateway call it.
   *
   * @param service the service
   */
  public route(service: MeshedService, options: IngressRouteOptions = {}): void {
    const path = this.node.path;
    const port = this.portOf(service, options.servicePort);
    const destinations = (options.destinations ?? [Destination.service(service)]).map((destination) => destination._by(port.number));
    checkPolicy(options, path);
    const rule = { ruleName: options.ruleName, matches: options.matches, destinations, timeout: options.timeout, retries: options.retries };
    checkRule(rule, [], path);
    this.declaration.rules.push({ rule, owner: this, target: service, service: options.destinations ? undefined : port });
    for (const [target, ports] of portsByTarget(destinations)) {
      this.connections.allowTo(target, ports.length > 0 ? Access.ports(...ports) : Access.all());
    }
    MeshApp.of(this).touch();
  }

  private portOf(service: MeshedService, wanted: number | undefined): Port {
    const candidates = service.servicePorts.filter((port) => port.carriesRequests);
    const found = wanted === undefined ? candidates : candidates.filter((port) => port.number === wanted);
    if (found.length !== 1) {
      const have = candidates.map((port) => port.number).join(', ') || 'none';
      fail('MESH-E005', `${service.serviceName} has ${found.length === 0 ? 'no such port' : 'several ports'} for requests`, `name one with servicePort (it has ${have})`, this.node.path);
    }
    return found[0];
  }
}

/** The ports by which each service is called; none when any may be. */
function portsByTarget(destinations: readonly Destination[]): Map<IMeshService, number[]> {
  const ports = new Map<IMeshService, number[]>();
  destinations.forEach(({ targetService, servicePort }) => {
    if (servicePort !== undefined) { ports.set(targetService, [...ports.get(targetService) ?? [], servicePort]); }
  });
  destinations.filter(({ servicePort }) => servicePort === undefined).forEach(({ targetService }) => ports.set(targetService, []));
  return ports;
}

/** The gateway that a mesh brings along. */
function defaultGateway({ profile: { ingress } }: IMesh): IngressGateway {
  return ingress && !ingress.prefersGatewayApi ? IngressGateway.shared() : IngressGateway.gatewayApi();
}
