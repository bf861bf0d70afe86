import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Access } from '../core/access';
import { IConnectable } from '../core/connections';
import { Jwt } from '../core/jwt';
import { AccessMode, IMesh } from '../core/mesh';
import { Peer, PeerKind } from '../core/peer';
import { addressBlock } from '../core/private/check-values';
import { NamespaceDeclaration, NamespaceEdge } from '../core/private/declarations';
import { MeshApp } from '../core/private/mesh-app';
import { dnsLabel } from '../private/dns';
import { fail } from '../private/errors';

/** What a zero trust namespace is made of, and how strictly it is kept. */
export interface ZeroTrustNamespaceProps {
  /** The mesh that the services of the namespace run in. */
  readonly mesh: IMesh;

  /**
   * Name of the namespace.
   *
   * @default - the name of the adopted Namespace; the id of the construct when there is none
   */
  readonly namespaceName?: string;

  /**
   * A Namespace that is in the app already. It stays as it is; only labels and annotations are added.
   *
   * @default - a Namespace is written
   */
  readonly adopted?: IConstruct;

  /**
   * `AccessMode.DECLARED`, or `AccessMode.AUDIT` to have what was not declared reported instead of refused, while the edges are being found
   * out. With `AUDIT` there are no NetworkPolicies and calls out of the namespace are not limited: neither could only report.
   *
   * @default AccessMode.DECLARED
   */
  readonly access?: AccessMode;

  /**
   * Whether NetworkPolicies are written beside the mesh's own policies, which let the proxies' calls, DNS, control plane, collectors of
   * metrics and probes through and nothing else.
   *
   * @default true
   */
  readonly networkPolicies?: boolean;

  /**
   * Who collects the metrics of the namespace: namespaces or addresses.
   *
   * @default - nobody: a service of the namespace that publishes metrics is then an error
   */
  readonly scrapers?: Peer[];

  /**
   * Addresses of the nodes, or blocks of them, from which the kubelet probes.
   *
   * @default - none: Kubernetes lets the kubelet of the pod's own node through
   */
  readonly probeSources?: string[];
}

/**
 * A namespace in which only what was declared may talk.
 *
 * All of its services have strict mutual TLS, let in exactly the declared callers (by identity, port, method, path, header and claim), and
 * call nothing that was not declared; a part of an edge that the mesh cannot check is an error, never a wider access. Whatever the
 * namespace would lock out although it was declared is an error too.
 *
 * Emits a Namespace with the mark by which the mesh takes in its pods; on Istio an AuthorizationPolicy that allows nothing, a strict
 * PeerAuthentication and a Sidecar that refuses unknown hosts; on Linkerd the default inbound policy and an EgressNetwork that denies; on
 * Consul the mark only, since each service denies by itself there; and NetworkPolicies as a second wall.
 *
 * @see https://istio.io/latest/docs/ops/best-practices/security/
 *
 * @example
 *
 * const zone = new ZeroTrustNamespace(chart, 'payments', { mesh, scrapers: [Peer.namespace('monitoring')] });
 * const api = new MeshedService(chart, 'api', { mesh, namespace: zone.namespaceName, image: 'registry.example.com/api:1', ports: [Port.http(8080)] });
 * zone.allowOnly([Peer.namespace('checkout')], Access.http({ paths: [PathMatch.prefix('/v1')] }));
 */
export class ZeroTrustNamespace extends Construct {
  /** Name of the namespace. */
  public readonly namespaceName: string;
  /** The Namespace. */
  public readonly namespaceObject: ApiObject;
  /** The mesh that the services of the namespace run in. */
  public readonly mesh: IMesh;
  private readonly declaration: NamespaceDeclaration & { readonly admitted: NamespaceEdge[]; readonly refused: NamespaceEdge[]; readonly tokens: Jwt[] };

  public constructor(scope: Construct, id: string, props: ZeroTrustNamespaceProps) {
    super(scope, id);
    const path = this.node.path;
    this.mesh = props.mesh;
    const adopted = props.adopted && adoptedNamespace(props.adopted, path);
    this.namespaceName = dnsLabel('namespace', props.namespaceName ?? adopted?.name ?? id, path);
    if (adopted && adopted.name !== this.namespaceName) {
      fail('MESH-E031', `zero trust namespace "${this.namespaceName}" adopts Namespace "${adopted.name}"`, 'leave namespaceName out', path);
    }
    if (props.access === AccessMode.OPEN) {
      fail('MESH-E031', 'a zero trust namespace that is open', 'use AccessMode.DECLARED, or AccessMode.AUDIT to have calls reported only', path);
    }
    this.namespaceObject = adopted ?? new ApiObject(this, 'Resource', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespaceName } });
    this.declaration = {
      construct: this,
      mesh: props.mesh,
      namespace: this.namespaceName,
      namespaceObject: this.namespaceObject,
      access: props.access ?? AccessMode.DECLARED,
      networkPolicies: props.networkPolicies ?? true,
      scrapers: (props.scrapers ?? []).map((peer) => checkedScraper(peer, path)),
      probeSources: (props.probeSources ?? []).map((block) => addressBlock(block)),
      admitted: [],
      refused: [],
      tokens: [],
    };
    MeshApp.of(this).addNamespace(this.declaration);
  }

  /**
   * Lets some callers call every service of the namespace, and makes an edge from anybody else outside of it an error.
   *
   * @param callers whoever may call
   * @param access what may be done at every service; everything unless given
   */
  public allowOnly(callers: IConnectable[], access: Access = Access.all()): void {
    callers.forEach((caller) => this.declaration.admitted.push({ caller, access }));
    MeshApp.of(this).addIsolation({ construct: this, isolated: this.namespaceName, callers: [...callers], closed: false });
  }

  /** Makes every edge into the namespace, and out of it, an error: its services talk to each other only. */
  public isolate(): void {
    MeshApp.of(this).addIsolation({ construct: this, isolated: this.namespaceName, callers: [], closed: true });
  }

  /**
   * Keeps a caller out of every service of the namespace, whatever else lets it in.
   *
   * @param caller whoever may not call
   * @param access what may not be done; anything unless given
   */
  public denyFrom(caller: IConnectable, access: Access = Access.all()): void {
    this.declaration.refused.push({ caller, access });
    MeshApp.of(this).touch();
  }

  /**
   * Asks for a token of an end user in every request to the namespace. Services that name the same issuer by themselves keep what they say.
   *
   * @param jwt where tokens come from
   */
  public requireJwt(jwt: Jwt): void {
    if (this.declaration.tokens.some((known) => known.issuer === jwt.issuer)) {
      fail('MESH-E027', `tokens of ${jwt.issuer} are asked for twice`, 'say all about an issuer in one Jwt', this.node.path);
    }
    this.declaration.tokens.push(jwt);
    MeshApp.of(this).touch();
  }
}

function adoptedNamespace(construct: IConstruct, path: string): ApiObject {
  const found = construct.node.findAll().filter((child): child is ApiObject => ApiObject.isApiObject(child) && child.kind === 'Namespace');
  if (found.length !== 1) {
    fail('MESH-E013', `"${construct.node.path}" holds ${found.length} Namespaces`, 'adopt a construct that holds exactly one', path);
  }
  return found[0];
}

function checkedScraper(peer: Peer, path: string): Peer {
  if (peer.kind === PeerKind.ANYONE) {
    fail('MESH-E031', 'metrics that anybody may collect in a zero trust namespace', 'name the namespace or the addresses of the collector, such as Peer.namespace("monitoring")', path);
  }
  return peer;
}
