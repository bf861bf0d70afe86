import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { Access } from '../access';
import type { IConnectable } from '../connections';
import type { EgressGateway } from '../egress-gateway';
import type { ExternalAuthorizer } from '../external-authorizer';
import type { HttpRule } from '../http-rule';
import type { IngressGateway, TlsSource } from '../ingress-gateway';
import type { Jwt } from '../jwt';
import type { AccessMode, IMesh, MtlsMode } from '../mesh';
import type { IMeshService } from '../mesh-service';
import type { Metrics } from '../metrics';
import type { Peer } from '../peer';
import type { Port } from '../port';
import type { RateLimitCounter, RateLimitRule } from '../rate-limit';
import type { Subset } from '../subset';
import type { TcpRule } from '../tcp-rule';
import type { CallPolicy, TrafficPolicy } from '../traffic-policy';
import type { Workload } from '../workload';

/** A rule and the construct that it was declared in. */
export interface RuleDeclaration {
  readonly rule: HttpRule;
  readonly owner: IConstruct;
}

/** A rule for connections and the construct that it was declared in. */
export interface TcpRuleDeclaration {
  readonly rule: TcpRule;
  readonly owner: IConstruct;
}

/** A subset, and the workload that runs its pods when it has one of its own. */
export interface SubsetDeclaration {
  readonly subset: Subset;
  readonly workload?: Workload;
}

/** What stands before requests to a service, apart from who calls. It grows until synth. */
export interface RequestGuards {
  authorizer?: ExternalAuthorizer;
  /** The requests that the authorizer decides about. */
  readonly judged: Access[];
  readonly rateLimits: { readonly rule: RateLimitRule; readonly counter: RateLimitCounter }[];
}

/** What a program said of a service in a mesh. Lists grow until synth. */
export interface ServiceDeclaration {
  readonly construct: Construct;
  /** What callers and callees know the service by. */
  readonly side: IConnectable;
  /** Name, namespace and ports; a workload that nobody calls has no ports. */
  readonly service: IMeshService;
  readonly mesh: IMesh;
  readonly ports: readonly Port[];
  /** The ports as they were given, before those without a name got one. */
  readonly givenPorts: readonly Port[];
  readonly workload: Workload;
  readonly subsets: readonly SubsetDeclaration[];
  readonly rules: readonly RuleDeclaration[];
  readonly policy: TrafficPolicy;
  readonly mtls?: MtlsMode;
  readonly access?: AccessMode;
  readonly egressScope?: boolean;
  readonly metrics?: Metrics;
  readonly tokens: readonly Jwt[];
  readonly guards: RequestGuards;
  readonly tcpRules: readonly TcpRuleDeclaration[];
  readonly serviceAccountName?: string;
  /** A Service object that stands in the app already. */
  readonly adoptedService?: IConstruct;
}

/** What a program said of a service outside of the mesh. */
export interface ExternalDeclaration {
  readonly construct: Construct;
  readonly service: IMeshService;
  readonly mesh: IMesh;
  readonly hosts: readonly string[];
  readonly ports: readonly Port[];
  readonly endpoints: readonly string[];
  readonly originateTls: boolean;
  readonly egressGateway?: EgressGateway;
  readonly policy: TrafficPolicy;
}

/** A rule of a way into the mesh. */
export interface IngressRuleDeclaration extends RuleDeclaration {
  readonly target: IMeshService;
  /** The port of the target, when calls go to the service as a whole and meet its own rules; undefined when destinations are named. */
  readonly service?: Port;
}

/** What a program said of a way into a mesh. */
export interface IngressDeclaration {
  readonly construct: Construct;
  readonly side: IConnectable;
  readonly mesh: IMesh;
  readonly ingressName: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
  readonly gateway: IngressGateway;
  readonly tls?: TlsSource;
  readonly redirectToHttps: boolean;
  readonly rules: readonly IngressRuleDeclaration[];
}

/** Somebody may call a service. */
export interface EdgeDeclaration {
  readonly caller: IConnectable;
  readonly target: IMeshService;
  readonly access: Access;
  readonly policy: CallPolicy;
  /** Whether the caller is kept out instead of let in. */
  readonly denied?: boolean;
}

/** A caller, and what it may do or not do at every service of a namespace. */
export interface NamespaceEdge {
  readonly caller: IConnectable;
  readonly access: Access;
}

/** A namespace in which only what was declared may talk. Lists grow until synth. */
export interface NamespaceDeclaration {
  readonly construct: Construct;
  readonly mesh: IMesh;
  readonly namespace: string;
  readonly namespaceObject: ApiObject;
  readonly access: AccessMode;
  readonly networkPolicies: boolean;
  /** Who collects metrics. */
  readonly scrapers: readonly Peer[];
  /** Addresses of nodes from which the kubelet probes; empty for those that Kubernetes lets through by itself. */
  readonly probeSources: readonly string[];
  readonly admitted: readonly NamespaceEdge[];
  readonly refused: readonly NamespaceEdge[];
  readonly tokens: readonly Jwt[];
}

/** Somebody who may be called by some callers only, and perhaps may call nobody. */
export interface IsolationDeclaration {
  readonly construct: IConstruct;
  /** What is isolated: a service, or all services of a namespace. */
  readonly isolated: IConnectable | string;
  /** Who may call. */
  readonly callers: readonly IConnectable[];
  /** Whether it may call nobody outside either. */
  readonly closed: boolean;
}

/** A mesh that becomes strict in phases. */
export interface MigrationDeclaration {
  readonly construct: Construct;
  readonly mesh: IMesh;
  /** How much hangs on services, by their hosts. */
  readonly criticality: ReadonlyMap<string, number>;
  /** Namespaces whose pods have no proxy yet. */
  readonly outside: ReadonlySet<string>;
  readonly checkCommands: readonly string[];
}
