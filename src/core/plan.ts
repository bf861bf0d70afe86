import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { Access } from './access';
import { Destination } from './destination';
import { EgressGateway } from './egress-gateway';
import { ExternalAuthorizer } from './external-authorizer';
import { HttpMatch } from './http-match';
import { HttpActions } from './http-rule';
import { Identity } from './identity';
import { IngressGateway, TlsSource } from './ingress-gateway';
import { Jwt } from './jwt';
import { AccessMode, MtlsMode } from './mesh';
import { Metrics } from './metrics';
import { NamespacePlan } from './namespace-plan';
import { PeerKind } from './peer';
import { Port } from './port';
import { RateLimitCounter, RateLimitRule } from './rate-limit';
import { CallPolicy, TrafficPolicy } from './traffic-policy';
import { Workload } from './workload';

/** Everything that an app declared for one mesh, resolved. */
export interface MeshPlan {
  /** Scope for objects that belong to no single service. */
  readonly scope: Construct;
  /** Services that run in the mesh, ordered by namespace and name. */
  readonly services: ServicePlan[];
  /** Services outside the mesh that are called from it, ordered by namespace and name. */
  readonly externals: ExternalPlan[];
  /** Ways into the mesh, ordered by namespace and name. */
  readonly ingresses: IngressPlan[];
  /** Whether a migration says the mutual TLS modes of the services: then nothing else does. */
  readonly mtlsInPhases: boolean;
  /** Namespaces in which only what was declared may talk, ordered by name. */
  readonly namespaces: NamespacePlan[];
}

/** One end of an edge. */
export interface PeerPlan {
  /** What it is known by. */
  readonly kind: PeerKind;

  /**
   * Its identity.
   *
   * @default - it is not known by one
   */
  readonly identity?: Identity;

  /**
   * Its namespace.
   *
   * @default - it is not known
   */
  readonly namespace?: string;

  /**
   * Labels of its pods.
   *
   * @default - they are not known
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * Its addresses.
   *
   * @default - it is not known by them
   */
  readonly blocks?: string[];
}

/** A caller and what it may do. */
export interface InboundEdgePlan {
  /** The caller. */
  readonly caller: PeerPlan;
  /** What it may do; ports are those of the Service. */
  readonly access: Access;
  /** Whether the caller is a gateway that lets calls into the mesh. */
  readonly gateway: boolean;
  /** Issuers of tokens, one of which every request must bring; empty when none is asked for. */
  readonly tokens: Jwt[];

  /**
   * Fully qualified name of the service that the caller asks for, and whose rules send the calls here. Where the proxy of the caller does the
   * sending, nothing in a call tells it from a direct one.
   *
   * @default - the caller asks for this service itself
   */
  readonly via?: string;

  /**
   * Host names that requests are for whose copies arrive here, as clients write them. Only copies do; they keep the name, which tells them from
   * direct calls.
   *
   * @default - calls arrive, and not copies of them; or copies that nothing tells from direct calls
   */
  readonly copiedHosts?: string[];
}

/** A service that is called. */
export interface OutboundEdgePlan {
  /** Fully qualified name of the service. */
  readonly host: string;
  /** All of its DNS names: more than the one above for some services outside the mesh. */
  readonly hosts: string[];
  /** Name of the service. */
  readonly serviceName: string;
  /** Namespace that the service is declared in. */
  readonly namespace: string;
  /** Ports of the service that may be called. */
  readonly ports: Port[];
  /** Whether the service is outside the mesh. */
  readonly external: boolean;
}

/** Some of the pods behind a service. */
export interface SubsetPlan {
  /** Name of the subset. */
  readonly subsetName: string;
  /** Labels that tell these pods from the others. */
  readonly labels: { readonly [key: string]: string };
}

/**
 * What happens to some requests: time-outs and the like are those that hold in the end, after mesh, service, route and edge had their say.
 * Load balancing and circuit breaker hold for whole services and stand in the service's plan.
 */
export interface HttpRulePlan extends HttpActions {
  /**
   * Name of the rule.
   *
   * @default - none
   */
  readonly ruleName?: string;

  /** What the request must look like; any of these may hold. An empty match holds for every request. */
  readonly matches: HttpMatch[];

  /**
   * Clients that the rule holds for; any of these.
   *
   * @default - all
   */
  readonly clients?: PeerPlan[];

  /** Where the requests go; with several destinations the weights sum to 100. Empty for a redirect or a direct response. */
  readonly destinations: Destination[];
  /** Timeout and retries that hold in the end. */
  readonly policy: CallPolicy;
  /** Path of the construct that the rule was declared in. */
  readonly constructPath: string;
}

/** What happens to some connections. */
export interface TcpRulePlan {
  /** The Service port that they came in by. */
  readonly port: Port;
  /** Names that a client asks for when it begins TLS; empty for any. */
  readonly serverNames: string[];
  /** Where they go; with several destinations the weights sum to 100. */
  readonly destinations: Destination[];
  /** Path of the construct that the rule was declared in. */
  readonly constructPath: string;
}

/** A service that decides about requests. */
export interface AuthorizerPlan {
  /** The service, and how it is asked. */
  readonly authorizer: ExternalAuthorizer;
  /** The requests that it decides about; any of these. */
  readonly requests: Access[];
}

/** A limit of requests. */
export interface RateLimitPlan {
  /** What is limited, and how far. */
  readonly rule: RateLimitRule;
  /** Who counts. */
  readonly counter: RateLimitCounter;
}

/** A service that runs in the mesh. */
export interface ServicePlan {
  /** Scope for the objects of this service. Its own children are named by the kernel; those of a mesh have other names. */
  readonly scope: Construct;
  /** Name of the Kubernetes Service. */
  readonly serviceName: string;
  /** Namespace of the Kubernetes Service. */
  readonly namespace: string;
  /** Fully qualified name of the service. */
  readonly host: string;

  /**
   * The Service itself: written by the kernel, or adopted.
   *
   * @default - a workload that nobody calls has none
   */
  readonly serviceObject?: ApiObject;

  /** Its ports; every one has a name. Empty for a workload that has no Service because nobody calls it. */
  readonly ports: Port[];
  /** Identity of its workloads. */
  readonly identity: Identity;
  /** Labels that all of its pods have. */
  readonly podLabels: { readonly [key: string]: string };
  /** What runs the pods. */
  readonly workloads: Workload[];
  /** Subsets that were declared, ordered by name. */
  readonly subsets: SubsetPlan[];
  /** What happens to HTTP and gRPC requests, the first match decides; empty when there is nothing to say. */
  readonly httpRules: HttpRulePlan[];
  /** What happens to connections on ports that carry no requests; empty when there is nothing to say. */
  readonly tcpRules: TcpRulePlan[];
  /** How the service is called. */
  readonly policy: TrafficPolicy;

  /**
   * Whether calls must be encrypted and authenticated.
   *
   * @default - the mesh has no say in it
   */
  readonly mtls?: MtlsMode;

  /** Who may call. */
  readonly access: AccessMode;
  /** Who was declared to call, and what for. */
  readonly inbound: InboundEdgePlan[];
  /** Who is kept out, whatever else lets it in. */
  readonly refused: InboundEdgePlan[];
  /** Issuers of tokens, one of which every request must bring; empty when none is asked for. */
  readonly tokens: Jwt[];

  /**
   * The service that decides about some requests before anything else does, and which.
   *
   * @default - none
   */
  readonly authorizer?: AuthorizerPlan;

  /** Limits of requests, each with who counts them. */
  readonly rateLimits: RateLimitPlan[];
  /** Who was declared to be called. */
  readonly outbound: OutboundEdgePlan[];
  /** Whether the proxies of this service learn only of the services that were declared to be called. */
  readonly egressScope: boolean;
  /** Whether calls to what was not declared are refused. */
  readonly denyUndeclaredCalls: boolean;

  /**
   * Where the workloads publish metrics.
   *
   * @default - nowhere
   */
  readonly metrics?: Metrics;
}

/** A service outside the mesh. */
export interface ExternalPlan {
  /** Scope for the objects of this service. */
  readonly scope: Construct;
  /** Name of the objects. */
  readonly serviceName: string;
  /** Namespace of the objects. */
  readonly namespace: string;
  /** DNS names of the service; one may begin with a wildcard label. */
  readonly hosts: string[];
  /** Its ports; every one has a name. */
  readonly ports: Port[];
  /** Addresses of its endpoints; empty when DNS tells. */
  readonly endpoints: string[];
  /** Whether the proxy of the client adds TLS. */
  readonly originateTls: boolean;
  /** How the service is called. */
  readonly policy: TrafficPolicy;
  /** What happens to HTTP and gRPC requests, the first match decides; empty when there is nothing to say. */
  readonly httpRules: HttpRulePlan[];
  /** Namespaces from which it is called. */
  readonly callerNamespaces: string[];
  /** Who was declared to call. */
  readonly inbound: InboundEdgePlan[];
  /** Who may call, as far as a gateway on the way out can tell. */
  readonly access: AccessMode;

  /**
   * The gateway through which calls leave the mesh.
   *
   * @default - they leave it directly
   */
  readonly egressGateway?: EgressGateway;
}

/** A way into the mesh. */
export interface IngressPlan {
  /** Scope for the objects of this way in. */
  readonly scope: Construct;
  /** Name of the objects. */
  readonly ingressName: string;
  /** Namespace of the objects. */
  readonly namespace: string;
  /** DNS names that are answered for. */
  readonly hosts: string[];
  /** The gateway that takes the calls. */
  readonly gateway: IngressGateway;

  /**
   * Where the server certificate comes from.
   *
   * @default - plain HTTP
   */
  readonly tls?: TlsSource;

  /** Whether plain HTTP is redirected to HTTPS. */
  readonly redirectToHttps: boolean;
  /** What happens to requests; the first match decides. */
  readonly httpRules: HttpRulePlan[];
  /** Identity of the gateway's pods. */
  readonly identity: Identity;
}
