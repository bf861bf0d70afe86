import { Construct } from 'constructs';
import * as crd from './crd';
import { atMost } from './private/limits';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { dnsLabel, dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/** A ReferenceGrant of this app, or one that is only known by its name. */
export interface IReferenceGrant extends IMeshResource {
}

/** Who allows references into other namespaces. */
export enum GrantMode {
  /** This app: a ReferenceGrant is emitted in the other namespace. */
  EMIT = 'emit',
  /** Whoever owns the other namespace has done so already. */
  EXISTING = 'existing',
}

/**
 * Objects of one kind in another namespace, which may refer to what a grant names.
 */
export class GrantSource {
  /** HTTPRoutes of a namespace. */
  public static httpRoutes(namespace: string): GrantSource {
    return GrantSource.of('gateway.networking.k8s.io', 'HTTPRoute', namespace);
  }

  /** GRPCRoutes of a namespace. */
  public static grpcRoutes(namespace: string): GrantSource {
    return GrantSource.of('gateway.networking.k8s.io', 'GRPCRoute', namespace);
  }

  /** TLSRoutes of a namespace. */
  public static tlsRoutes(namespace: string): GrantSource {
    return GrantSource.of('gateway.networking.k8s.io', 'TLSRoute', namespace);
  }

  /** TCPRoutes of a namespace. */
  public static tcpRoutes(namespace: string): GrantSource {
    return GrantSource.of('gateway.networking.k8s.io', 'TCPRoute', namespace);
  }

  /** Gateways of a namespace. */
  public static gateways(namespace: string): GrantSource {
    return GrantSource.of('gateway.networking.k8s.io', 'Gateway', namespace);
  }

  /**
   * Objects of another kind.
   *
   * @param group API group of the kind; empty for the core of Kubernetes
   * @param kind the kind
   * @param namespace the namespace
   */
  public static of(group: string, kind: string, namespace: string): GrantSource {
    return new GrantSource(checkedGroup(group), kind, dnsLabel('namespace', namespace));
  }

  /** API group of the kind. */
  public readonly group: string;
  /** The kind. */
  public readonly kind: string;
  /** The namespace. */
  public readonly namespace: string;

  private constructor(group: string, kind: string, namespace: string) {
    this.group = group;
    this.kind = kind;
    this.namespace = namespace;
  }
}

/**
 * Objects in the namespace of a grant that others may refer to.
 */
export class GrantTarget {
  /**
   * A Service.
   *
   * @param name name of the Service; all of them unless given
   */
  public static service(name?: string): GrantTarget {
    return GrantTarget.of('', 'Service', name);
  }

  /**
   * A Secret.
   *
   * @param name name of the Secret; all of them unless given
   */
  public static secret(name?: string): GrantTarget {
    return GrantTarget.of('', 'Secret', name);
  }

  /**
   * An object of another kind.
   *
   * @param group API group of the kind; empty for the core of Kubernetes
   * @param kind the kind
   * @param name name of the object; all of them unless given
   */
  public static of(group: string, kind: string, name?: string): GrantTarget {
    return new GrantTarget(checkedGroup(group), kind, name === undefined ? undefined : dnsSubdomain(`name of a ${kind}`, name));
  }

  /** API group of the kind. */
  public readonly group: string;
  /** The kind. */
  public readonly kind: string;
  /** Name of the object; undefined for all. */
  public readonly name?: string;

  private constructor(group: string, kind: string, name: string | undefined) {
    this.group = group;
    this.kind = kind;
    this.name = name;
  }
}

/** Who may refer to what. */
export interface ReferenceGrantProps extends ResourceProps {
  /**
   * Who may refer to the targets; 1 to 16.
   *
   * @default - those added with addSource
   */
  readonly sources?: GrantSource[];

  /**
   * What they may refer to, in the namespace of the grant; 1 to 16.
   *
   * @default - those added with addTarget
   */
  readonly targets?: GrantTarget[];
}

/**
 * Lets objects of other namespaces refer to objects of this one.
 *
 * Emits a ReferenceGrant. Gateways and routes of this library emit those that they need.
 *
 * @see https://gateway-api.sigs.k8s.io/api-types/referencegrant/
 *
 * @example
 *
 * new gatewayapi.ReferenceGrant(this, 'edge', {
 *   metadata: { namespace: 'shop' },
 *   sources: [gatewayapi.GrantSource.httpRoutes('edge')],
 *   targets: [gatewayapi.GrantTarget.service('web')],
 * });
 */
export class ReferenceGrant extends CuratedResource implements IReferenceGrant {
  /**
   * A grant that is only known by its name.
   *
   * @param name name of the ReferenceGrant
   * @param namespace its namespace; any unless given
   */
  public static fromReferenceGrantName(scope: Construct, id: string, name: string, namespace?: string): IReferenceGrant {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly ownSources: GrantSource[] = [];
  private readonly ownTargets: GrantTarget[] = [];

  public constructor(scope: Construct, id: string, props: ReferenceGrantProps = {}) {
    super(scope, id, crd.ReferenceGrant, props);
    props.sources?.forEach((source) => this.addSource(source));
    props.targets?.forEach((target) => this.addTarget(target));
  }

  /** Who may refer to the targets, so far. */
  public get sources(): GrantSource[] {
    return [...this.ownSources];
  }

  /** What they may refer to, so far. */
  public get targets(): GrantTarget[] {
    return [...this.ownTargets];
  }

  /**
   * Lets others refer to the targets too.
   *
   * @param source who
   */
  public addSource(source: GrantSource): void {
    if (source.namespace === this.resourceNamespace) {
      fail('MESH-E031', `a grant for the namespace "${source.namespace}" that it stands in, which needs none`, 'name another namespace, or leave the grant out', this.node.path);
    }
    this.ownSources.push(source);
  }

  /**
   * Lets them refer to something else too.
   *
   * @param target what
   */
  public addTarget(target: GrantTarget): void {
    this.ownTargets.push(target);
  }

  /** @internal */
  public _render(): crd.ReferenceGrantSpec {
    const path = this.node.path;
    if (this.ownSources.length === 0 || this.ownTargets.length === 0) {
      fail('MESH-E030', `a grant without ${this.ownSources.length === 0 ? 'sources' : 'targets'}`, 'say who may refer to what', path);
    }
    atMost(16, this.ownSources.length, 'sources', path, 'make another grant for the others');
    atMost(16, this.ownTargets.length, 'targets', path, 'make another grant for the others');
    return {
      from: this.ownSources.map(({ group, kind, namespace }) => ({ group, kind, namespace })),
      to: this.ownTargets.map(({ group, kind, name }) => ({ group, kind, name })),
    };
  }
}

function checkedGroup(group: string): string {
  return group === '' ? group : dnsSubdomain('API group', group);
}
