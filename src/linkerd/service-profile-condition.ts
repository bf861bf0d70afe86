import * as crd from './crd';
import { MethodMatch } from '../core/method-match';
import { checkedPattern, wholeNumber } from '../core/private/check-values';
import { fail } from '../private/errors';

/** A condition within another one. */
type Inner = { [key: string]: any };

/**
 * What a request must look like, for a route of a ServiceProfile.
 */
export class RequestCondition {
  /**
   * Its path, without the query.
   *
   * @param pattern regular expression for the whole path
   */
  public static path(pattern: string): RequestCondition {
    return new RequestCondition({ pathRegex: checkedPattern(pattern) });
  }

  /**
   * Its method.
   *
   * @param method the method
   */
  public static method(method: MethodMatch): RequestCondition {
    return new RequestCondition({ method: method.method });
  }

  /**
   * Method and path.
   *
   * @param method the method
   * @param pattern regular expression for the whole path
   */
  public static request(method: MethodMatch, pattern: string): RequestCondition {
    return new RequestCondition({ method: method.method, pathRegex: checkedPattern(pattern) });
  }

  /**
   * All of some conditions.
   *
   * @param conditions at least one
   */
  public static all(...conditions: RequestCondition[]): RequestCondition {
    return new RequestCondition({ all: some(conditions).map(({ rendered }) => rendered) });
  }

  /**
   * Any of some conditions.
   *
   * @param conditions at least one
   */
  public static any(...conditions: RequestCondition[]): RequestCondition {
    return new RequestCondition({ any: some(conditions).map(({ rendered }) => rendered) });
  }

  /**
   * Not a condition. It is written within `all`: at the top, the definition of the kind and the proxies disagree about its form.
   *
   * @param condition what must not hold
   */
  public static not(condition: RequestCondition): RequestCondition {
    return RequestCondition.all(new RequestCondition({ not: condition.rendered }));
  }

  private constructor(private readonly rendered: Inner) {}

  /** @internal */
  public _render(): crd.RequestMatch {
    return this.rendered;
  }
}

/**
 * What an answer must look like, for a class of answers.
 */
export class ResponseCondition {
  /**
   * A range of status codes.
   *
   * @param min the lowest one, 100 or more
   * @param max the highest one, 599 or less; the lowest one unless given
   */
  public static status(min: number, max: number = min): ResponseCondition {
    wholeNumber('status code', min, 100, 599);
    wholeNumber('status code', max, min, 599);
    return new ResponseCondition({ status: { min, max } });
  }

  /**
   * All of some conditions.
   *
   * @param conditions at least one
   */
  public static all(...conditions: ResponseCondition[]): ResponseCondition {
    return new ResponseCondition({ all: some(conditions).map(({ rendered }) => rendered) });
  }

  /**
   * Any of some conditions.
   *
   * @param conditions at least one
   */
  public static any(...conditions: ResponseCondition[]): ResponseCondition {
    return new ResponseCondition({ any: some(conditions).map(({ rendered }) => rendered) });
  }

  /**
   * Not a condition.
   *
   * @param condition what must not hold
   */
  public static not(condition: ResponseCondition): ResponseCondition {
    return new ResponseCondition({ not: condition.rendered });
  }

  private constructor(private readonly rendered: Inner) {}

  /** @internal */
  public _render(): crd.ResponseMatch {
    return this.rendered;
  }
}

function some<T>(conditions: readonly T[]): readonly T[] {
  if (conditions.length === 0) {
    fail('MESH-E030', 'a condition of no parts', 'name at least one');
  }
  return conditions;
}
