import type { Construct } from 'constructs';
import type { ResourceClass } from '../../core/private/curated-resource';
import { dnsSubdomain } from '../../private/dns';
import { fail } from '../../private/errors';
import type * as crd from '../crd';
import { RouteBackend } from '../route-backend';
import { RouteProps } from '../route-props';
import { RouteFacts, RouteResource } from './route-resource';

/** What routes for connections have in common. */
interface StreamRouteProps extends RouteProps {
  readonly backends?: RouteBackend[];
  readonly ruleName?: string;
}

/**
 * Base of routes for connections: they have one rule, whose backends share the connections.
 *
 * @internal
 */
export abstract class StreamRoute extends RouteResource {
  private readonly ruleName?: string;
  private readonly ownBackends: RouteBackend[] = [];

  protected constructor(
    scope: Construct, id: string, resource: ResourceClass, facts: RouteFacts, props: StreamRouteProps, hostnames?: readonly string[],
  ) {
    super(scope, id, resource, facts, props, hostnames);
    this.ruleName = props.ruleName === undefined ? undefined : dnsSubdomain('rule name', props.ruleName, this.node.path);
    props.backends?.forEach((backend) => this.addBackend(backend));
  }

  /** Where connections go, so far. */
  public get backends(): RouteBackend[] {
    return [...this.ownBackends];
  }

  /**
   * Sends connections somewhere else too.
   *
   * @param backend where
   */
  public addBackend(backend: RouteBackend): void {
    if (backend.filters) {
      fail('MESH-E035', `filters for connections to ${backend.toString()}, in which no requests are seen`, 'leave the filters out', this.node.path);
    }
    this._refer([backend]);
    this.ownBackends.push(backend);
  }

  /** @internal */
  public _rules(): crd.TCPRouteRule[] {
    if (this.ownBackends.length === 0) {
      fail('MESH-E020', 'a route without backends', 'name at least one, such as RouteBackend.service(service)', this.node.path);
    }
    return [{ name: this.ruleName, backendRefs: this._backends(this.ownBackends) }];
  }
}
