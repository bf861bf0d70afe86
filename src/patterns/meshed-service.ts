import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Access } from '../core/access';
import { ApiDescription } from '../core/api-description';
import { ApiRouteOptions } from '../core/api-route-options';
import { Connections, IConnectable } from '../core/connections';
import { Destination } from '../core/destination';
import { ExternalAuthorizer } from '../core/external-authorizer';
import { HttpRule } from '../core/http-rule';
import { Identity } from '../core/identity';
import { Jwt } from '../core/jwt';
import { AccessMode, IMesh, MtlsMode } from '../core/mesh';
import { IMeshService } from '../core/mesh-service';
import { Metrics } from '../core/metrics';
import { Port } from '../core/port';
import { serviceObject } from '../core/private/adopted-service';
import { routesOf } from '../core/private/api-routes';
import { checkRule, checkTcpRule } from '../core/private/check-rule';
import { RuleDeclaration, ServiceDeclaration, SubsetDeclaration, TcpRuleDeclaration } from '../core/private/declarations';
import { checkPolicy, mergePolicies } from '../core/private/merge-policies';
import { MeshApp } from '../core/private/mesh-app';
import { DEFAULT_NAMESPACE, namespaceOf } from '../core/private/namespace';
import { addAuthorizer, addRateLimit, noGuards } from '../core/private/request-guards';
import { identityOf, nameServicePorts, oneWorkload, podLabelsOf } from '../core/private/service-facts';
import { RateLimitCounter, RateLimitRule } from '../core/rate-limit';
import { Subset } from '../core/subset';
import { TcpRule } from '../core/tcp-rule';
import { CallPolicy, TrafficPolicy } from '../core/traffic-policy';
import { Workload } from '../core/workload';
import { dnsLabel, labelValue, serviceLabel } from '../private/dns';
import { fail } from '../private/errors';

/** What a service in a mesh is made of, and how it behaves. */
export interface MeshedServiceProps extends TrafficPolicy {
  /** The mesh that the service runs in. */
  readonly mesh: IMesh;

  /** Ports of the service, each with its protocol. */
  readonly ports: Port[];

  /**
   * What runs the pods.
   *
   * @default - a Deployment of `image`
   */
  readonly workload?: Workload;

  /**
   * Image of the pods, when there is no workload yet.
   *
   * @default - the pods are those of `workload`
   */
  readonly image?: string;

  /**
   * Name of the Service.
   *
   * @default - the name of the adopted Service; the id of the construct when there is none
   */
  readonly serviceName?: string;

  /**
   * Namespace of the Service and its pods.
   *
   * @default - the namespace of the adopted Service; that of the chart when there is none, and `default` when it has none
   */
  readonly namespace?: string;

  /**
   * A Service that is in the app already. Protocols, and names where it has none, are written into its ports; its selector stays.
   *
   * @default - a Service is written
   */
  readonly service?: IConstruct;

  /**
   * ServiceAccount that the pods run under; it is their identity.
   *
   * @default - the one that the workload names; one named like the service when it names none
   */
  readonly serviceAccountName?: string;

  /**
   * Whether calls must be encrypted and authenticated.
   *
   * @default - as the mesh says
   */
  readonly mtls?: MtlsMode;

  /**
   * Who may call.
   *
   * @default - as the mesh says
   */
  readonly access?: AccessMode;

  /**
   * Whether the proxies of this service learn only of the services that it was declared to call. It makes proxies small; it is no
   * security boundary.
   *
   * @default false
   */
  readonly egressScope?: boolean;

  /**
   * Where the pods publish metrics.
   *
   * @default - nowhere
   */
  readonly metrics?: Metrics;
}

/** Which pods a subset is made of. */
export interface SubsetOptions {
  /**
   * Labels that tell these pods from the others.
   *
   * @default - `version`, with the name of the subset
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * A workload that runs these pods and no others.
   *
   * @default - they are pods of the service's own workload
   */
  readonly workload?: Workload;
}

/**
 * A service that runs in a mesh.
 *
 * Emits, on every mesh, what the program did not bring along: Deployment (of an image), Service, ServiceAccount; and in the mesh's own
 * resources enrolment of the pods, identity, mutual TLS, access for exactly the declared callers, routes, timeouts, retries, load
 * balancing and circuit breaking. Probes and metrics keep working. On Istio these are pod labels and annotations, PeerAuthentication,
 * AuthorizationPolicy, VirtualService, DestinationRule and Sidecar, each only where there is something to say.
 *
 * @example
 *
 * const cart = new MeshedService(this, 'cart', { mesh, image: 'registry.example.com/cart:1.4.2', ports: [Port.grpc(7070)] });
 * const shop = new MeshedService(this, 'shop', { mesh, image: 'registry.example.com/shop:2.0.1', ports: [Port.http(8080)] });
 * shop.connections.allowTo(cart, Access.grpc('shop.v1.Cart'));
 */
export class MeshedService extends Construct implements IMeshService {
  /** Name of the Kubernetes Service. */
  public readonly serviceName: string;
  /** Namespace of the Kubernetes Service. */
  public readonly serviceNamespace: string;
  /** Who may call this service, and whom it may call. */
  public readonly connections: Connections;
  private readonly declaration: ServiceDeclaration & {
    readonly subsets: SubsetDeclaration[];
    readonly rules: RuleDeclaration[];
    readonly tcpRules: TcpRuleDeclaration[];
    readonly tokens: Jwt[];
  };

  public constructor(scope: Construct, id: string, props: MeshedServiceProps) {
    super(scope, id);
    const path = this.node.path;
    const adopted = props.service && serviceObject(props.service);
    this.serviceName = serviceLabel('service name', props.serviceName ?? adopted?.name ?? id, path);
    this.serviceNamespace = namespaceOf(this, props.namespace ?? adopted?.metadata.namespace);
    if (adopted) { this.refuseOther(adopted); }
    checkPolicy(props, path);
    const app = MeshApp.of(this);
    this.connections = Connections._of(this, {
      admit: (caller, access, policy) => this.admit(caller, access, policy),
      refuse: (caller, access) => app.addEdge({ caller, target: this, access, policy: {}, denied: true }),
    });
    this.declaration = {
      construct: this,
      side: this,
      service: this,
      mesh: props.mesh,
      ports: nameServicePorts(props.ports, path),
      givenPorts: [...props.ports],
      workload: oneWorkload(props.workload, props.image, path),
      subsets: [],
      rules: [],
      tokens: [],
      guards: noGuards(),
      tcpRules: [],
      policy: mergePolicies(undefined, props),
      mtls: props.mtls,
      access: props.access,
      egressScope: props.egressScope,
      metrics: props.metrics,
      serviceAccountName: props.serviceAccountName,
      adoptedService: props.service,
    };
    app.addService(this.declaration);
  }

  /** Fully qualified name of the service. */
  public get host(): string {
    return `${this.serviceName}.${this.serviceNamespace}.svc.${this.declaration.mesh.profile.clusterDomain}`;
  }

  /** Ports of the service; every one has a name. */
  public get servicePorts(): Port[] {
    return [...this.declaration.ports];
  }

  /** The mesh that the service runs in. */
  public get mesh(): IMesh {
    return this.declaration.mesh;
  }

  /** What runs the pods. */
  public get workload(): Workload {
    return this.declaration.workload;
  }

  /** Labels that all of its pods have, and no others in the namespace. */
  public get podLabels(): { [key: string]: string } {
    return { ...podLabelsOf(this.declaration) };
  }

  /** Identity of the pods. */
  public get identity(): Identity {
    return identityOf(this.declaration);
  }

  /** The subsets that were declared so far. */
  public get subsets(): Subset[] {
    return this.declaration.subsets.map(({ subset }) => subset);
  }

  /**
   * Declares some of the pods as a subset, so that requests can be sent to them.
   *
   * @param name name of the subset
   */
  public subset(name: string, options: SubsetOptions = {}): Subset {
    const path = this.node.path;
    dnsLabel('subset name', name, path);
    if (this.declaration.subsets.some(({ subset }) => subset.subsetName === name)) {
      fail('MESH-E025', `subset "${name}" is declared twice`, 'keep the subset that the first call returned', path);
    }
    const labels = options.labels ?? { version: name };
    if (Object.keys(labels).length === 0) {
      fail('MESH-E025', `subset "${name}" without labels`, 'give labels that only its pods have', path);
    }
    Object.entries(labels).forEach(([key, value]) => labelValue(key, value, path));
    const subset = Subset._of(this, name, { ...labels });
    this.declaration.subsets.push({ subset, workload: options.workload });
    this.touch();
    return subset;
  }

  /**
   * Says what happens to some requests. Rules may be added by several constructs; they are ordered by what they match, the most specific
   * first.
   *
   * @param rule what happens to which requests
   * @param owner the construct that the rule belongs to; this service unless given
   */
  public addRoute(rule: HttpRule, owner: IConstruct = this): void {
    checkRule(rule, this.declaration.ports, owner.node.path);
    this.declaration.rules.push({ rule, owner });
    this.touch(owner);
  }

  /**
   * Makes a route for every operation of an API, so that metrics are kept by operation, and timeouts and retries follow what its description says
   * (`x-linkerd-timeout`, `x-linkerd-retryable`). Requests that are no operation go on as before.
   *
   * @param api the description
   */
  public routesFromOpenApi(api: ApiDescription, options: ApiRouteOptions = {}): void {
    routesOf(api, options).forEach((rule) => this.addRoute(rule));
  }

  /**
   * Says what happens to connections on a port that carries no requests.
   *
   * @param rule where which connections go
   * @param owner the construct that the rule belongs to; this service unless given
   */
  public addTcpRoute(rule: TcpRule, owner: IConstruct = this): void {
    checkTcpRule(rule, this.declaration.ports, owner.node.path);
    this.declaration.tcpRules.push({ rule, owner });
    this.touch(owner);
  }

  /**
   * Asks for a token in every request. Requests without a token of a named issuer, and those with a bad one, are refused; what else callers
   * need stays as declared. Several issuers may be named, one call each.
   *
   * @param jwt where tokens come from
   */
  public requireJwt(jwt: Jwt): void {
    if (this.declaration.tokens.some((known) => known.issuer === jwt.issuer)) {
      fail('MESH-E027', `tokens of ${jwt.issuer} are asked for twice`, 'say all about an issuer in one Jwt', this.node.path);
    }
    if (!this.declaration.ports.some((port) => port.carriesRequests)) {
      fail('MESH-E018', 'tokens in requests to ports that carry none a mesh can see', 'declare the port with Port.http(), Port.http2() or Port.grpc()', this.node.path);
    }
    this.declaration.tokens.push(jwt);
    this.touch();
  }

  /**
   * Asks a service of yours about requests before anything else is checked. It may refuse them; what it lets pass still needs what else is
   * declared. Only one such service may stand before another. This service may call it by this.
   *
   * @param authorizer the service that decides
   * @param requests the requests that it decides about; all unless given. Callers and claims are not known when it is asked.
   */
  public authorizeBy(authorizer: ExternalAuthorizer, requests: Access = Access.http({})): void {
    addAuthorizer(this.declaration, authorizer, requests);
    this.touch();
  }

  /**
   * Limits how many requests come through in some time; what is above is answered with status 429. Every limit that fits a request counts it.
   *
   * @param rule which requests, and how many
   * @param counter who counts; every proxy by itself unless given
   */
  public limitRequests(rule: RateLimitRule, counter: RateLimitCounter = RateLimitCounter.eachProxy()): void {
    addRateLimit(this.declaration, rule, counter);
    this.touch();
  }

  /**
   * Splits all requests that no other rule speaks of.
   *
   * @param destinations where they go; the weights sum to 100
   */
  public splitTo(...destinations: Destination[]): void {
    this.addRoute({ destinations });
  }

  /**
   * Lets a number of callers do everything here.
   *
   * @param callers the services that may call
   */
  public allowFrom(...callers: MeshedService[]): void {
    callers.forEach((caller) => this.connections.allowFrom(caller, Access.all()));
  }

  /**
   * Lets some callers call, and makes an edge from anybody else an error.
   *
   * @param callers whoever may call
   * @param access what may be done here; everything unless given
   */
  public allowOnly(callers: IConnectable[], access: Access = Access.all()): void {
    callers.forEach((caller) => this.connections.allowFrom(caller, access));
    MeshApp.of(this).addIsolation({ construct: this, isolated: this, callers: [...callers], closed: false });
  }

  /** Makes every edge to this service, and from it, an error. */
  public isolate(): void {
    MeshApp.of(this).addIsolation({ construct: this, isolated: this, callers: [], closed: true });
  }

  private admit(caller: IConnectable, access: Access, policy: CallPolicy): void {
    checkPolicy(policy, this.node.path);
    MeshApp.of(this).addEdge({ caller, target: this, access, policy });
  }

  private refuseOther({ name, metadata: { namespace = DEFAULT_NAMESPACE } }: ApiObject): void {
    if (name !== this.serviceName || namespace !== this.serviceNamespace) {
      fail('MESH-E031', `service "${this.serviceName}" of namespace ${this.serviceNamespace} adopts Service "${name}" of namespace ${namespace}`,
        'leave serviceName and namespace out, or give those of the Service', this.node.path);
    }
  }

  private touch(owner: IConstruct = this): void {
    MeshApp.of(this).watch(owner);
    MeshApp.of(this).touch();
  }
}
