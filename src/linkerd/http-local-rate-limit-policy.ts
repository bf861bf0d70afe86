import { Construct } from 'constructs';
import * as crd from './crd';
import { IServer } from './server';
import { Identity } from '../core/identity';
import { wholeNumber } from '../core/private/check-values';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';

/** An HTTPLocalRateLimitPolicy of this app, or one that is only known by its name. */
export interface IHttpLocalRateLimitPolicy extends IMeshResource {
}

/** A limit of its own for some clients. */
export interface RateLimitOverride {
  /** Requests per second, of all of these clients together. */
  readonly requestsPerSecond: number;
  /** The clients; at least one. */
  readonly clients: Identity[];
}

/** How many requests a port takes. */
export interface HttpLocalRateLimitPolicyProps extends ResourceProps {
  /** The port. One Server has one such policy: of several the oldest counts. */
  readonly server: IServer;

  /**
   * Requests per second in all.
   *
   * @default - no limit
   */
  readonly totalRequestsPerSecond?: number;

  /**
   * Requests per second of each client that has no limit of its own. Clients without certificate share one.
   *
   * @default - no limit
   */
  readonly clientRequestsPerSecond?: number;

  /**
   * Limits of some clients.
   *
   * @default - those added with addOverride
   */
  readonly overrides?: RateLimitOverride[];
}

/**
 * How many requests every pod behind a port takes in a second; the others get 429. Each proxy counts by itself. Neither gRPC nor opaque ports are
 * limited.
 *
 * Emits an HTTPLocalRateLimitPolicy.
 *
 * @see https://linkerd.io/2/reference/rate-limiting/
 *
 * @example
 *
 * new linkerd.HttpLocalRateLimitPolicy(this, 'limit', { server, totalRequestsPerSecond: 1000, clientRequestsPerSecond: 100 });
 */
export class HttpLocalRateLimitPolicy extends CuratedResource implements IHttpLocalRateLimitPolicy {
  /**
   * An HTTPLocalRateLimitPolicy that is only known by its name.
   *
   * @param name name of the object
   * @param namespace its namespace; any unless given
   */
  public static fromHttpLocalRateLimitPolicyName(scope: Construct, id: string, name: string, namespace?: string): IHttpLocalRateLimitPolicy {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly props: HttpLocalRateLimitPolicyProps;
  private readonly ownOverrides: RateLimitOverride[] = [];

  public constructor(scope: Construct, id: string, props: HttpLocalRateLimitPolicyProps) {
    super(scope, id, crd.HTTPLocalRateLimitPolicy, props);
    const path = this.node.path;
    wholeNumber('total rate', props.totalRequestsPerSecond, 1, undefined, path);
    wholeNumber('rate of a client', props.clientRequestsPerSecond, 1, undefined, path);
    this.props = props;
    this.refuseMoreThanTotal('each client', props.clientRequestsPerSecond);
    const home = props.server.resourceNamespace;
    if (home !== undefined && this.resourceNamespace !== undefined && home !== this.resourceNamespace) {
      fail('MESH-E031', `a limit of namespace ${this.resourceNamespace} for a Server of namespace ${home}, which it does not reach`, `put it into namespace ${home}`, path);
    }
    props.overrides?.forEach((override) => this.addOverride(override));
  }

  /** Limits of some clients, so far. */
  public get overrides(): RateLimitOverride[] {
    return [...this.ownOverrides];
  }

  /**
   * Gives some clients a limit of their own.
   *
   * @param override the clients and their limit
   */
  public addOverride(override: RateLimitOverride): void {
    const path = this.node.path;
    wholeNumber('rate of some clients', override.requestsPerSecond, 1, undefined, path);
    if (override.clients.length === 0) {
      fail('MESH-E030', 'a limit of no client', 'name at least one client', path);
    }
    const known = this.ownOverrides.flatMap(({ clients }) => clients);
    const twice = override.clients.find((client) => known.some((other) => other.sameAs(client)));
    if (twice) { fail('MESH-E031', `${twice.spiffeId} has two limits`, 'name it once', path); }
    this.refuseMoreThanTotal('some clients', override.requestsPerSecond);
    this.ownOverrides.push(override);
  }

  /** @internal */
  public _render(): crd.HTTPLocalRateLimitPolicySpec {
    const { server, totalRequestsPerSecond: total, clientRequestsPerSecond: client } = this.props;
    if (total === undefined && client === undefined && this.ownOverrides.length === 0) {
      fail('MESH-E030', 'a rate limit without limits', 'give totalRequestsPerSecond, clientRequestsPerSecond or overrides', this.node.path);
    }
    return {
      targetRef: { group: 'policy.linkerd.io', kind: 'Server', name: server.resourceName },
      total: total === undefined ? undefined : { requestsPerSecond: total },
      identity: client === undefined ? undefined : { requestsPerSecond: client },
      overrides: this.ownOverrides.length === 0 ? undefined : this.ownOverrides.map(({ requestsPerSecond, clients }) => ({
        requestsPerSecond,
        clientRefs: clients.map(({ serviceAccountName: name, namespace }) => ({ kind: 'ServiceAccount', name, namespace })),
      })),
    };
  }

  private refuseMoreThanTotal(whose: string, rate: number | undefined): void {
    const { totalRequestsPerSecond: total } = this.props;
    if (total !== undefined && rate !== undefined && rate > total) {
      fail('MESH-E028', `${rate} requests per second for ${whose}, of ${total} in all`, 'raise the total, or lower the others', this.node.path);
    }
  }
}
