import type { Construct } from 'constructs';
import type { Port } from '../../core/port';
import { checkWeights } from '../../core/private/check-rule';
import { CuratedResource, ResourceClass } from '../../core/private/curated-resource';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { DefaultScope } from '../gateway';
import { RouteBackend } from '../route-backend';
import { RouteParent } from '../route-parent';
import { RouteProps } from '../route-props';
import { checkAttachment } from './attachment';
import { requireExperimental } from './channel';
import { Grants } from './grants';
import { checkedHostname } from './hostname';
import { atMost } from './limits';

/** API group of the routes. */
const GROUP = 'gateway.networking.k8s.io';

/** What a kind of route is about. */
export interface RouteFacts {
  /** The kind, as the API spells it. */
  readonly kind: string;
  /** The protocols of listeners that take it. */
  readonly protocols: readonly string[];
  /** Whether a Service port can be meant. */
  readonly fits: (port: Port) => boolean;
  /** What a port that fits carries, for people. */
  readonly carries: string;
}

/**
 * Base of routes: parents, backends and the grants for them.
 *
 * @internal
 */
export abstract class RouteResource extends CuratedResource {
  private readonly facts: RouteFacts;
  private readonly routeProps: RouteProps;
  private readonly grants: Grants;
  private readonly ownParents: RouteParent[] = [];
  private readonly names: readonly string[];

  protected constructor(
    scope: Construct, id: string, resource: ResourceClass, facts: RouteFacts, props: RouteProps, hostnames: readonly string[] = [],
  ) {
    super(scope, id, resource, props);
    this.facts = facts;
    this.routeProps = props;
    this.grants = new Grants(this, { group: GROUP, kind: facts.kind }, props.grants);
    this.names = hostnames.map((hostname) => checkedHostname(hostname, this.node.path));
    if (props.defaultGateways !== undefined) { requireExperimental(this, 'a route for default gateways'); }
    props.parents?.forEach((parent) => this.addParent(parent));
  }

  /** What the route is attached to, so far. */
  public get parents(): RouteParent[] {
    return [...this.ownParents];
  }

  /**
   * Attaches the route to something else too.
   *
   * @param parent a gateway or service
   */
  public addParent(parent: RouteParent): void {
    const { facts, node: { path } } = this;
    const ports = parent._service?.servicePorts;
    const meant = ports && (parent.port === undefined ? ports : ports.filter(({ number }) => number === parent.port));
    if (meant && !meant.some(facts.fits)) {
      fail('MESH-E035', `${facts.kind} for ${parent.reference.name}, whose ports (${meant.map(String).join(', ')}) carry no ${facts.carries}`,
        'use a route of the kind that fits, or declare the port with its protocol', path);
    }
    this.ownParents.push(parent);
  }

  /** @internal */
  public get _hostnames(): string[] | undefined {
    return this.names.length > 0 ? [...this.names] : undefined;
  }

  /**
   * Takes note of where calls go, so that it is allowed.
   *
   * @internal
   */
  public _refer(backends: readonly RouteBackend[]): void {
    backends.forEach((backend) => this.grants.refer(backend.reference));
  }

  /** @internal */
  public _backends(backends: readonly RouteBackend[]): crd.BackendRef[] {
    const { path } = this.node;
    atMost(16, backends.length, 'backends in one rule', path, 'split the calls further behind one of them');
    checkWeights(backends, path);
    return backends.map((backend) => ({ ...this._target(backend), weight: backend.weight?.toNumber() }));
  }

  /** @internal */
  public _target(backend: RouteBackend): crd.BackendObjectReference {
    const { facts } = this;
    const known = backend._knownPort;
    if (known && !facts.fits(known)) {
      fail('MESH-E035', `${facts.kind} to ${backend.toString()}, a port (${known.toString()}) that carries no ${facts.carries}`,
        'use a route of the kind that fits, or declare the port with its protocol', this.node.path);
    }
    const { group, kind, name, namespace } = backend.reference;
    return { group, kind, name, namespace, port: backend._port(facts.fits) };
  }

  /** @internal */
  public _common(): { parentRefs?: crd.ParentReference[]; useDefaultGateways?: crd.GatewayDefaultScope } {
    const { path } = this.node;
    const { defaultGateways } = this.routeProps;
    if (this.ownParents.length === 0 && defaultGateways !== DefaultScope.ALL) {
      fail('MESH-E030', 'a route that is attached to nothing', 'name a parent, such as RouteParent.gateway(gateway) or RouteParent.service(service)', path);
    }
    atMost(32, this.ownParents.length, 'parents', path, 'make another route for the others');
    atMost(this.facts.kind === 'TLSRoute' ? 1024 : 16, this.names.length, 'host names', path, 'make another route for the others');
    checkParents(this.ownParents, path);
    if (this.names.length > 0 && this.ownParents.length > 0 && this.ownParents.every(({ inMesh }) => inMesh) && this.facts.kind !== 'TLSRoute') {
      fail('MESH-E037', 'host names in a route for calls within the mesh, where they are ignored', 'leave them out: the service that is called decides', path);
    }
    const { kind, protocols } = this.facts;
    const route = { group: GROUP, kind, name: this.resourceName };
    const attached = { route, protocols, namespace: this.grants.namespace, hostnames: this.names, path };
    this.ownParents.forEach((parent) => checkAttachment(parent, attached));
    return {
      parentRefs: this.ownParents.length > 0 ? this.ownParents.map(renderParent) : undefined,
      useDefaultGateways: defaultGateways && crd.GatewayDefaultScope[defaultGateways === DefaultScope.ALL ? 'ALL' : 'NONE'],
    };
  }
}

function renderParent({ reference, listenerName, port }: RouteParent): crd.ParentReference {
  return { ...reference, sectionName: listenerName, port };
}

/** One parent may be named several times, if each time another part of it is. */
function checkParents(parents: readonly RouteParent[], path: string): void {
  const parts = new Map<string, Set<string>>();
  for (const { reference: { group, kind, name, namespace }, listenerName, port } of parents) {
    const key = `${group}/${kind}/${namespace ?? ''}/${name}`;
    const part = `${listenerName ?? ''}:${port ?? ''}`;
    const known = parts.get(key) ?? new Set<string>();
    if (known.has(part) || known.has(':') || (part === ':' && known.size > 0)) {
      fail('MESH-E031', `${kind} "${name}" is named twice`, 'name it once, or a listener or port of it each time', path);
    }
    parts.set(key, known.add(part));
  }
}
