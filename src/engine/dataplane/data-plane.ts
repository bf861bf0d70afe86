import type { Hop } from './hop';
import type { Ip } from '../match/ip';
import type { JsonObject, StringMap } from '../model/json';
import type { Cluster } from '../model/model';
import type { Resource, ResourceName } from '../model/resource';
import type { ContainerPort, Workload } from '../model/workload';
import type { HttpRequest } from '../routing/http-request';

/** A pod as meshes look at it: one of the manifests', or one that a request describes. */
export interface Pod {
  readonly namespace: string;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly ports: readonly ContainerPort[];
  /** Absent where the manifests do not say. */
  readonly serviceAccount?: string;
  readonly address?: string;
  /** Absent for pods that only a request describes. */
  readonly workload?: Workload;
}

/** Where a request starts. */
export interface Client {
  readonly namespace: string;
  readonly labels: StringMap;
  /** `TD/ns/NS/sa/SA`, where it is known. */
  readonly identity?: string;
  readonly ip?: Ip;
  /** The original address, as forwarded by trusted proxies. */
  readonly remoteIp?: Ip;
  /** How it connects, where the request says so. */
  readonly tls?: 'mtls' | 'none' | 'tls';
  /** Absent for clients that are no pods of the manifests. */
  readonly pod?: Pod;
  /** Whether it is outside of the cluster, without any proxy. */
  readonly outside: boolean;
}

/** The gateway that a request comes in through. */
export interface Entrance {
  /** `NS/NAME`, where the request names it. */
  readonly gateway?: string;
  readonly labels?: StringMap;
  readonly namespace?: string;
}

/** What a request is addressed to. */
export interface Address {
  readonly host?: string;
  readonly port: number;
  readonly ip?: Ip;
  readonly sni?: string;
  readonly namespace?: string;
  readonly labels?: StringMap;
  readonly workloadPort?: number;
}

/** The parts of a decision that are wanted. */
export type Scope = 'all' | 'authorization' | 'routing';

/** A request to decide. */
export interface Passage {
  readonly client: Client;
  readonly via?: Entrance;
  readonly server: Address;
  readonly protocol: 'grpc' | 'http' | 'http2' | 'tcp' | 'tls';
  /** Present where the protocol is HTTP; the path is as the client sends it. */
  readonly http?: HttpRequest;
  /** Claims of the end user's token. */
  readonly token?: JsonObject;
  readonly scope: Scope;
}

/** How a connection is protected. */
export type TransportSecurity = 'mtls' | 'plaintext' | 'tls';

/** Endpoints that are alike: the same pods' labels, port and way to connect. */
export interface Target {
  readonly pod: Pod;
  readonly port: number;
  /** How the client's proxy connects. */
  readonly security: TransportSecurity;
  readonly sni?: string;
  /** Why no connection comes about, decided by an object. */
  readonly fault?: { readonly reason: string; readonly by?: Resource };
}

/** A share of a request's traffic. */
export interface SentDestination {
  readonly host: string;
  readonly subset?: string;
  readonly port: number;
  readonly weight: number;
  /** Absent where the manifests do not say which pods there are. */
  readonly healthy?: boolean;
  readonly fault?: string;
  /** Empty where nothing of the mesh stands in front of the endpoint. */
  readonly targets: readonly Target[];
}

/** What decided, for answers to name. */
export interface Decider extends ResourceName {
  /** Index of the rule, from 0. */
  readonly rule?: number;
}

/** What the sending side made of a request. */
export interface Sent {
  /**
   * `sent`: on its way to the destinations; `answered`: a proxy answers it, such as with a redirect; `denied`: a gateway or waypoint
   * refuses it; `unroutable`: it leads nowhere.
   */
  readonly result: 'answered' | 'denied' | 'sent' | 'unroutable';
  readonly destinations: readonly SentDestination[];
  readonly status?: number;
  readonly location?: string;
  readonly decidedBy?: Decider;
  /** What the endpoint receives: the identity that it sees, and the request as rewritten. */
  readonly arrival: Arrival;
  /** What the route does besides, for answers to show. */
  readonly details: RouteDetails;
  /** Objects whose order of creation decides, and is not known. */
  readonly orderDependent: readonly Resource[];
  readonly why: readonly string[];
  readonly assumptions: readonly string[];
  /** Authorization by a proxy on the way, where one decided. */
  readonly authorization?: Received;
}

/** A request as it reaches an endpoint. */
export interface Arrival {
  /** `TD/ns/NS/sa/SA` of the peer, if the connection carries one. */
  readonly identity?: string;
  readonly sourceIp?: Ip;
  readonly remoteIp?: Ip;
  readonly destinationIp?: Ip;
  readonly http?: HttpRequest;
  readonly token?: JsonObject;
  readonly protocol: Passage['protocol'];
  /** Whether the sending proxy looked into HTTP. */
  readonly layer: 'http' | 'tcp';
  /** Whether the identity is taken as proven, whoever vouches for it. */
  readonly vouched?: boolean;
}

/** What a route does with a request, in the words of answers. */
export interface RouteDetails {
  readonly kind: 'direct-response' | 'forward' | 'none' | 'passthrough' | 'redirect';
  readonly matched?: Decider;
  /** Path after rewriting, if it changed. */
  readonly path?: string;
  /** Authority after rewriting, if it changed. */
  readonly authority?: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly retries?: { readonly attempts: number; readonly retryOn: string; readonly perTryTimeout?: number };
  readonly fault?: JsonObject;
  readonly mirrors?: readonly { readonly host: string; readonly subset?: string; readonly port?: number; readonly percent: number }[];
}

/** What a receiving proxy made of a request. */
export interface Received {
  readonly allowed: boolean;
  /** HTTP status of a refusal, or none where the connection is closed. */
  readonly status?: number;
  /** Stable word for what decided, such as `deny` or `no-policy`. */
  readonly stage: string;
  readonly decidedBy?: Decider;
  readonly why: string;
  readonly assumptions: readonly string[];
  readonly orderDependent: readonly Resource[];
}

/** One mesh's way of deciding; adding a mesh adds one of these. */
export interface DataPlane {
  readonly name: string;
  /** Whether the manifests use the mesh. */
  isUsed(cluster: Cluster): boolean;
  /** The domain of the identities that the mesh gives to workloads. */
  trustDomain(cluster: Cluster): string;
  /** Whether a proxy of this mesh stands before or beside a pod. */
  owns(cluster: Cluster, pod: Pod): boolean;
  /** Takes a request from its client, or from the gateway that it comes in through, to its destinations. */
  send(cluster: Cluster, passage: Passage, options: PlaneOptions, hops?: Hop[]): Sent;
  /** Decides at an endpoint of the mesh. */
  receive(cluster: Cluster, target: Target, arrival: Arrival, options: PlaneOptions, hops?: Hop[]): Received;
  /** Decides by the policies of the gateway that a request comes in through, wherever it would lead. */
  authorizeAtGateway(cluster: Cluster, passage: Passage, options: PlaneOptions, hops?: Hop[]): Received;
  /** What a client may do at a port, whatever it asks: all, nothing, or some requests. */
  accessOf(cluster: Cluster, target: Target, arrival: Arrival): 'all' | 'none' | 'some';
  /** Whether the proxy before a port looks into HTTP. */
  layerOf(cluster: Cluster, target: Target): 'http' | 'tcp';
  /** Tells of the connection between the last proxy on the way and an endpoint. */
  explainConnection(cluster: Cluster, target: Target, arrival: Arrival): JsonObject;
  /** Tells which signals the proxies on the way will give. */
  explainTelemetry(cluster: Cluster, passage: Passage, sent: Sent, targets: readonly Target[]): JsonObject;
  /** Says how far what the way makes known can be relied upon. */
  testify(cluster: Cluster, journey: Journey): readonly Testimony[];
}

/** The way of a request from end to end. */
export interface Journey {
  readonly passage: Passage;
  readonly sent: Sent;
  /** The endpoints that it may reach, with what each answers. */
  readonly endings: readonly { readonly target: Target; readonly received: Received }[];
  /** Signals that will exist. */
  readonly signals: readonly string[];
}

/** Something that is made known on the way. */
export interface Testimony {
  readonly type: 'authorization' | 'identity' | 'observability' | 'reliability' | 'routing';
  /** Kind of hop that it comes from. */
  readonly hop: string;
  /** What is known, in a sentence. */
  readonly says: string;
  /** What it speaks about: one connection, one request, or all requests of a route. */
  readonly scope: string;
  /** How long it holds. */
  readonly lifetime: string;
  /** What ties it to the request. */
  readonly binding: string;
  /** Whether later hops can rely on it. */
  readonly transitivity: string;
  /** How it is taken back. */
  readonly revocation: string;
  /** What it costs. */
  readonly cost: string;
}

/** What the manifests cannot say. */
export interface PlaneOptions {
  /**
   * How external authorizers answer.
   * @default allow
   */
  readonly external?: 'allow' | 'deny';
}
