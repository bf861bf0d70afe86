import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import * as crd from './crd';
import { renderHttpRule } from './private/http-route-rule';
import { HeaderChanges } from '../core/header-changes';
import { HttpMatch } from '../core/http-match';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { Redirect } from '../core/redirect';
import { IMeshResource, ResourceProps } from '../core/resource';
import { checkedHostname } from '../gatewayapi/private/hostname';
import { atMost } from '../gatewayapi/private/limits';
import { RouteBackend } from '../gatewayapi/route-backend';
import { RouteParent } from '../gatewayapi/route-parent';
import { fail } from '../private/errors';

/** An HTTPRoute of Linkerd's own kind of this app, or one that is only known by its name. */
export interface IHttpRoute extends IMeshResource {
}

/** What happens to some requests. */
export interface HttpRouteRule {
  /**
   * What a request must look like; any of these may hold.
   *
   * @default - the rule is for all requests
   */
  readonly matches?: HttpMatch[];

  /**
   * Where the requests go. Of what happens to requests to one backend only, headers and redirects can be said.
   *
   * @default - where they were sent
   */
  readonly backends?: RouteBackend[];

  /**
   * Changes of request headers.
   *
   * @default - none
   */
  readonly requestHeaders?: HeaderChanges;

  /**
   * Where clients are sent instead.
   *
   * @default - nowhere
   */
  readonly redirect?: Redirect;

  /**
   * Time for the whole request.
   *
   * @default - no limit
   */
  readonly timeout?: Duration;

  /**
   * Time for each try. The proxies of today ignore it: see `retry.linkerd.io/timeout`.
   *
   * @default - no limit
   */
  readonly backendTimeout?: Duration;
}

/** Which requests go where, or belong together. */
export interface HttpRouteProps extends ResourceProps {
  /**
   * What the route is attached to: Servers, Services or EgressNetworks.
   *
   * @default - those added with addParent
   */
  readonly parents?: RouteParent[];

  /**
   * Host names that the route is for; the first label may be a wildcard. Not for Services.
   *
   * @default - any
   */
  readonly hostnames?: string[];

  /**
   * What happens to which requests; 1 to 16.
   *
   * @default - those added with addRule
   */
  readonly rules?: HttpRouteRule[];
}

/**
 * An HTTPRoute of the API group policy.linkerd.io. It is there for what is in clusters already: `gatewayapi.HttpRoute` does the same and more, and
 * takes its place.
 *
 * Emits an HTTPRoute of policy.linkerd.io.
 *
 * @see https://linkerd.io/2/reference/httproute/
 *
 * @example
 *
 * new linkerd.HttpRoute(this, 'admin', { parents: [server.routeParent], rules: [{ matches: [{ path: PathMatch.prefix('/admin') }] }] });
 */
export class HttpRoute extends CuratedResource implements IHttpRoute {
  /**
   * An HTTPRoute that is only known by its name.
   *
   * @param name name of the object
   * @param namespace its namespace; that of whatever refers to it unless given
   */
  public static fromHttpRouteName(scope: Construct, id: string, name: string, namespace?: string): IHttpRoute {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** Host names that the route is for; empty for all. */
  public readonly hostnames: string[];
  private readonly ownParents: RouteParent[] = [];
  private readonly ownRules: HttpRouteRule[] = [];

  public constructor(scope: Construct, id: string, props: HttpRouteProps = {}) {
    super(scope, id, crd.HTTPRoute, props);
    this.hostnames = (props.hostnames ?? []).map((hostname) => checkedHostname(hostname, this.node.path));
    props.parents?.forEach((parent) => this.addParent(parent));
    props.rules?.forEach((rule) => this.addRule(rule));
  }

  /** What the route is attached to, so far. */
  public get parents(): RouteParent[] {
    return [...this.ownParents];
  }

  /** What happens to which requests, so far. */
  public get rules(): HttpRouteRule[] {
    return [...this.ownRules];
  }

  /**
   * Attaches the route to something else too.
   *
   * @param parent a Server, Service or EgressNetwork
   */
  public addParent(parent: RouteParent): void {
    const { kind } = parent.reference;
    const path = this.node.path;
    if (!['Server', 'Service', 'EgressNetwork'].includes(kind)) {
      fail('MESH-E031', `an HTTPRoute of Linkerd for a ${kind}`, 'use gatewayapi.HttpRoute for it', path);
    }
    if (kind === 'EgressNetwork' && parent.port === undefined) {
      fail('MESH-E030', `EgressNetwork "${parent.reference.name}" without port`, 'name the port that is called', path);
    }
    this.ownParents.push(parent);
  }

  /**
   * Says what happens to more requests.
   *
   * @param rule what happens to which requests
   */
  public addRule(rule: HttpRouteRule): void {
    renderHttpRule(rule, this.resourceNamespace, this.node.path);
    this.ownRules.push(rule);
  }

  /** @internal */
  public _render(): crd.HTTPRouteSpec {
    const path = this.node.path;
    if (this.ownParents.length === 0 || this.ownRules.length === 0) {
      fail('MESH-E030', `a route without ${this.ownRules.length === 0 ? 'rules' : 'parents'}`, 'name a parent and a rule', path);
    }
    atMost(32, this.ownParents.length, 'parents', path, 'make another route for the others');
    atMost(16, this.ownRules.length, 'rules', path, 'make another route for the others');
    return {
      parentRefs: this.ownParents.map(({ reference, listenerName, port }) => ({ ...reference, sectionName: listenerName, port })),
      hostnames: this.hostnames.length > 0 ? [...this.hostnames] : undefined,
      rules: this.ownRules.map((rule) => renderHttpRule(rule, this.resourceNamespace, path)),
    };
  }
}
