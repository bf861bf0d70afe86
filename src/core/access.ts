import { ClaimMatch } from './claim-match';
import { HeaderMatch } from './header-match';
import { MethodMatch } from './method-match';
import { PathMatch } from './path-match';
import { fail } from '../private/errors';

/** Which requests may be made; all that is given must hold. */
export interface HttpAccessOptions {
  /**
   * Methods, any of which may be used.
   *
   * @default - all
   */
  readonly methods?: MethodMatch[];

  /**
   * Paths, any of which may be asked for, as they arrive at the service: after its rules rewrote them.
   *
   * @default - all
   */
  readonly paths?: PathMatch[];

  /**
   * Headers that every request must have when it arrives at the service: after its rules changed them.
   *
   * @default - none
   */
  readonly headers?: HeaderMatch[];

  /**
   * Claims that the token of every request must hold. The service must ask for tokens (`requireJwt`).
   *
   * @default - none
   */
  readonly claims?: ClaimMatch[];

  /**
   * Numbers of the Service ports that may be used.
   *
   * @default - all ports of the service that carry requests
   */
  readonly servicePorts?: number[];
}

/**
 * A condition of an access.
 *
 * @internal
 */
export type AccessPart = 'methods' | 'paths' | 'headers' | 'claims' | 'servicePorts';

/**
 * What one service may do at another.
 */
export class Access {
  /** Everything on every port. */
  public static all(): Access {
    return new Access({});
  }

  /**
   * Everything on some ports.
   *
   * @param servicePorts numbers of the Service ports, at least one
   */
  public static ports(...servicePorts: number[]): Access {
    if (servicePorts.length === 0) {
      fail('MESH-E030', 'access to no port', 'name at least one Service port, or use Access.all()');
    }
    return new Access({ servicePorts });
  }

  /**
   * Some HTTP requests.
   */
  public static http(options: HttpAccessOptions): Access {
    return new Access(options, true);
  }

  /**
   * Calls of a gRPC service.
   *
   * @param service full name of the service, such as `shop.v1.Cart`
   * @param methods names of its methods; all when none is given
   */
  public static grpc(service: string, ...methods: string[]): Access {
    if (!/^[A-Za-z_][\w.]*$/.test(service)) {
      fail('MESH-E009', `invalid gRPC service name, got "${service}"`, 'use the full name with its package, such as "shop.v1.Cart"');
    }
    const paths = methods.length > 0 ? methods.map((method) => PathMatch.exact(`/${service}/${method}`)) : [PathMatch.prefix(`/${service}`)];
    return new Access({ paths, methods: [MethodMatch.POST] }, true);
  }

  /** Methods, any of which may be used; empty for all. */
  public readonly methods: MethodMatch[];
  /** Paths, any of which may be asked for; empty for all. */
  public readonly paths: PathMatch[];
  /** Headers that every request must have. */
  public readonly headers: HeaderMatch[];
  /** Claims that the token of every request must hold. */
  public readonly claims: ClaimMatch[];
  /** Numbers of the Service ports that may be used; empty for all. */
  public readonly servicePorts: number[];
  /** Whether only HTTP and gRPC requests are meant. */
  public readonly requestsOnly: boolean;

  private constructor(options: HttpAccessOptions, requestsOnly: boolean = false) {
    this.methods = [...options.methods ?? []];
    this.paths = [...options.paths ?? []];
    this.headers = [...options.headers ?? []];
    this.claims = [...options.claims ?? []];
    this.servicePorts = [...new Set(options.servicePorts ?? [])].sort((a, b) => a - b);
    this.requestsOnly = requestsOnly;
  }

  /**
   * The same access by other ports.
   *
   * @internal
   */
  public _by(servicePorts: number[]): Access {
    return this._with({ servicePorts });
  }

  /**
   * The same access without one of its conditions.
   *
   * @internal
   */
  public _without(part: AccessPart): Access {
    return this._with({ [part]: undefined });
  }

  /**
   * The same access with other conditions.
   *
   * @internal
   */
  public _with(conditions: HttpAccessOptions): Access {
    const { methods, paths, headers, claims, servicePorts } = this;
    return new Access({ methods, paths, headers, claims, servicePorts, ...conditions }, this.requestsOnly);
  }

  /** The access as people write it, such as `POST exact /orders`. */
  public toString(): string {
    const parts = [this.methods.join('|'), this.paths.join('|'), this.headers.join(' and '), this.claims.join(' and ')].filter((part) => part !== '');
    const ports = this.servicePorts.length > 0 ? ` on port ${this.servicePorts.join(', ')}` : '';
    return `${parts.join(' ') || (this.requestsOnly ? 'every request' : 'everything')}${ports}`;
  }
}
