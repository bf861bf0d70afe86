import * as crd from './crd';
import { HeaderMatch } from '../core/header-match';
import { checkedPattern } from '../core/private/check-values';
import { fail } from '../private/errors';

/**
 * Which gRPC methods are called.
 */
export class GrpcCall {
  /**
   * All methods of a service.
   *
   * @param service full name of the service, such as `shop.v1.Cart`
   */
  public static service(service: string): GrpcCall {
    return new GrpcCall({ service: identifier('service', service, /^(?!.*\.\.)[A-Za-z_][\w.]*$/) });
  }

  /**
   * One method of a service.
   *
   * @param service full name of the service, such as `shop.v1.Cart`
   * @param method name of the method, such as `GetCart`
   */
  public static method(service: string, method: string): GrpcCall {
    return new GrpcCall({ service: GrpcCall.service(service).rendered.service, method: identifier('method', method, /^[A-Za-z_]\w*$/) });
  }

  /**
   * A method of any service.
   *
   * @param method name of the method, such as `Check`
   */
  public static anyService(method: string): GrpcCall {
    return new GrpcCall({ method: identifier('method', method, /^[A-Za-z_]\w*$/) });
  }

  /**
   * Services and methods by regular expressions.
   *
   * @param servicePattern in RE2 syntax, over the whole name
   * @param methodPattern in RE2 syntax, over the whole name; any method unless given
   */
  public static pattern(servicePattern: string, methodPattern?: string): GrpcCall {
    return new GrpcCall({
      type: crd.MatchType.REGULAR_EXPRESSION,
      service: checkedPattern(servicePattern),
      method: methodPattern === undefined ? undefined : checkedPattern(methodPattern),
    });
  }

  private constructor(private readonly rendered: crd.GRPCMethodMatch) {}

  /** @internal */
  public _render(): crd.GRPCMethodMatch {
    return this.rendered;
  }
}

/** What a gRPC call must look like; all that is given must hold. */
export interface GrpcMatch {
  /**
   * The methods that are called.
   *
   * @default - any
   */
  readonly call?: GrpcCall;

  /**
   * Its headers (metadata).
   *
   * @default - any
   */
  readonly headers?: HeaderMatch[];
}

function identifier(what: string, name: string, pattern: RegExp): string {
  if (!pattern.test(name) || name.length > 1024 || name.endsWith('.')) {
    fail('MESH-E009', `invalid gRPC ${what} name, got "${name}"`, what === 'service' ? 'use the full name with its package, such as "shop.v1.Cart"' : 'use letters, digits and underscores');
  }
  return name;
}
