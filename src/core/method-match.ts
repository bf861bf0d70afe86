import { fail } from '../private/errors';

const STANDARD = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'];

/**
 * An HTTP method that a request must have.
 */
export class MethodMatch {
  /** Read. */
  public static readonly GET = new MethodMatch('GET');
  /** Read without body. */
  public static readonly HEAD = new MethodMatch('HEAD');
  /** Submit. gRPC calls are always this. */
  public static readonly POST = new MethodMatch('POST');
  /** Replace. */
  public static readonly PUT = new MethodMatch('PUT');
  /** Change. */
  public static readonly PATCH = new MethodMatch('PATCH');
  /** Remove. */
  public static readonly DELETE = new MethodMatch('DELETE');
  /** Ask what is allowed. */
  public static readonly OPTIONS = new MethodMatch('OPTIONS');

  /**
   * A method by its name.
   *
   * @param method one of GET, HEAD, POST, PUT, PATCH, DELETE, CONNECT, OPTIONS, TRACE
   */
  public static of(method: string): MethodMatch {
    if (!STANDARD.includes(method)) {
      fail('MESH-E009', `unknown HTTP method, got "${method}"`, `use one of ${STANDARD.join(', ')}`);
    }
    return new MethodMatch(method);
  }

  /** Name of the method in upper case. */
  public readonly method: string;

  private constructor(method: string) {
    this.method = method;
  }

  /** The name of the method. */
  public toString(): string {
    return this.method;
  }
}
