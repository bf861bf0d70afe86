import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import * as crd from './crd';
import { refuseRoutes } from './private/profile-conflict';
import { routesOfApi, routesOfProto } from './private/profile-routes';
import { RequestCondition, ResponseCondition } from './service-profile-condition';
import { ApiDescription } from '../core/api-description';
import { IMeshService } from '../core/mesh-service';
import { Percent } from '../core/percent';
import { positive, wholeNumber } from '../core/private/check-values';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { hostName } from '../private/dns';
import { renderDuration } from '../private/duration-grammar';
import { fail } from '../private/errors';

/** A ServiceProfile of this app, or one that is only known by its name. */
export interface IServiceProfile extends IMeshResource {
}

/** Some of the answers of a route. */
export interface ProfileResponseClass {
  /** What such an answer looks like. */
  readonly condition: ResponseCondition;

  /**
   * Whether it counts as a failure.
   *
   * @default false
   */
  readonly failure?: boolean;
}

/** Some of the requests to a service. */
export interface ProfileRoute {
  /** Name of the route, by which metrics are kept. */
  readonly routeName: string;
  /** What such a request looks like. */
  readonly condition: RequestCondition;

  /**
   * Whether a failed request is tried again.
   *
   * @default false
   */
  readonly retryable?: boolean;

  /**
   * Time for the whole request.
   *
   * @default - 10 seconds
   */
  readonly timeout?: Duration;

  /**
   * Answers and whether they count as failures.
   *
   * @default - 5xx are failures
   */
  readonly responseClasses?: ProfileResponseClass[];
}

/** How many retries there may be in all. */
export interface ProfileRetryBudget {
  /** Retries beside requests, as a share of them. */
  readonly share: Percent;
  /** Retries per second that there may always be. */
  readonly minRetriesPerSecond: number;
  /** Time over which requests are counted. */
  readonly ttl: Duration;
}

/** A share of the calls to a service. */
export interface ProfileDestination {
  /** Name and port of the service, such as `cart-v2.shop.svc.cluster.local:80`. */
  readonly authority: string;
  /** Its share, as a whole number that only means something beside the others. */
  readonly weight: number;
}

/** What clients know of a service. */
export interface ServiceProfileProps extends ResourceProps {
  /** The service. */
  readonly service: IMeshService;

  /**
   * Its requests; the first route whose condition holds counts.
   *
   * @default - those added with addRoute
   */
  readonly routes?: ProfileRoute[];

  /**
   * How many retries there may be in all.
   *
   * @default - a fifth of the requests, and 10 in a second at least
   */
  readonly retryBudget?: ProfileRetryBudget;

  /**
   * Where the calls go.
   *
   * @default - to the service
   */
  readonly destinations?: ProfileDestination[];
}

/** What a profile that is made from the description of an API has beside its routes. */
export interface ProfileFromApiOptions extends ResourceProps {
  /**
   * How many retries there may be in all.
   *
   * @default - a fifth of the requests, and 10 in a second at least
   */
  readonly retryBudget?: ProfileRetryBudget;
}

/**
 * What clients know of a service: its routes, and which of them are tried again. It is Linkerd's older way and is still the only one with a budget for
 * retries. Beside it, routes and retry, timeout and circuit-breaking annotations of the same service have no effect; routes of this app are an error.
 *
 * Emits a ServiceProfile, named like the service in DNS. (`opaquePorts`, which no proxy can read, is set with additionalSpec.)
 *
 * @see https://linkerd.io/2/reference/service-profiles/
 *
 * @example
 *
 * new linkerd.ServiceProfile(this, 'profile', {
 *   service: cart,
 *   routes: [{ routeName: 'read', condition: linkerd.RequestCondition.request(MethodMatch.GET, '/cart/[^/]*'), retryable: true }],
 * });
 */
export class ServiceProfile extends CuratedResource implements IServiceProfile {
  /**
   * A ServiceProfile that is only known by its name.
   *
   * @param name name of the object: that of the service in DNS
   * @param namespace its namespace; any unless given
   */
  public static fromServiceProfileName(scope: Construct, id: string, name: string, namespace?: string): IServiceProfile {
    return new ImportedResource(scope, id, name, namespace);
  }

  /**
   * The profile of an API that is described by Swagger 2 or OpenAPI 3: one route for every operation, in the order of paths, named `METHOD path`.
   * `x-linkerd-retryable` and `x-linkerd-timeout` of an operation are followed.
   *
   * @param service the service
   * @param api its description
   */
  public static fromOpenApi(scope: Construct, id: string, service: IMeshService, api: ApiDescription, options: ProfileFromApiOptions = {}): ServiceProfile {
    return new ServiceProfile(scope, id, { ...options, service, routes: routesOfApi(api) });
  }

  /**
   * The profile of gRPC services that are described in the language of Protocol Buffers: one route for every method. Those that are idempotent, or
   * have no side effects, by their `idempotency_level` are tried again.
   *
   * @param service the service
   * @param proto text of the .proto file
   */
  public static fromProto(scope: Construct, id: string, service: IMeshService, proto: string, options: ProfileFromApiOptions = {}): ServiceProfile {
    return new ServiceProfile(scope, id, { ...options, service, routes: routesOfProto(proto) });
  }

  private readonly props: ServiceProfileProps;
  private readonly ownRoutes: ProfileRoute[] = [];

  public constructor(scope: Construct, id: string, props: ServiceProfileProps) {
    const { service, metadata } = props;
    super(scope, id, crd.ServiceProfile, { ...props, metadata: { namespace: service.serviceNamespace, ...metadata, name: service.host } });
    const path = this.node.path;
    if (metadata?.name !== undefined && metadata.name !== service.host) {
      fail('MESH-E031', `name "${metadata.name}" for the profile of ${service.host}`, 'leave the name out: clients look for it by the name of the service', path);
    }
    checkBudget(props.retryBudget, path);
    checkDestinations(props.destinations ?? [], path);
    this.props = props;
    props.routes?.forEach((route) => this.addRoute(route));
    this.node.addValidation({ validate: () => refuseRoutes(this, service) });
  }

  /** Its routes, so far. */
  public get routes(): ProfileRoute[] {
    return [...this.ownRoutes];
  }

  /**
   * Adds a route, behind those that are there.
   *
   * @param route the route
   */
  public addRoute(route: ProfileRoute): void {
    const path = this.node.path;
    if (route.routeName === '') { fail('MESH-E030', 'a route without name', 'name it, such as "GET /cart"', path); }
    if (this.ownRoutes.some(({ routeName }) => routeName === route.routeName)) {
      fail('MESH-E034', `two routes with the name "${route.routeName}"`, 'give each a name of its own', path);
    }
    positive('timeout', route.timeout, path);
    this.ownRoutes.push(route);
  }

  /** @internal */
  public _render(): crd.ServiceProfileSpec {
    const { retryBudget, destinations } = this.props;
    return {
      routes: this.ownRoutes.map(renderRoute),
      retryBudget: retryBudget && {
        retryRatio: retryBudget.share.toRatio(),
        minRetriesPerSecond: retryBudget.minRetriesPerSecond,
        ttl: renderDuration(retryBudget.ttl.toMilliseconds(), 'go'),
      },
      dstOverrides: destinations?.map(({ authority, weight }) => ({ authority, weight: String(weight) })),
    };
  }
}

function renderRoute({ routeName, condition, retryable, timeout, responseClasses }: ProfileRoute): crd.ServiceProfileRoute {
  return {
    name: routeName,
    condition: condition._render(),
    isRetryable: retryable,
    timeout: timeout && renderDuration(timeout.toMilliseconds(), 'go'),
    responseClasses: responseClasses?.map(({ condition: answer, failure }) => ({ condition: answer._render(), isFailure: failure })),
  };
}

function checkBudget(budget: ProfileRetryBudget | undefined, path: string): void {
  if (!budget) { return; }
  wholeNumber('number of retries per second', budget.minRetriesPerSecond, 0, undefined, path);
  positive('time of a retry budget', budget.ttl, path);
}

function checkDestinations(destinations: readonly ProfileDestination[], path: string): void {
  for (const { authority, weight } of destinations) {
    hostName(authority.replace(/:\d+$/, ''), { path });
    wholeNumber('weight', weight, 0, undefined, path);
  }
}
