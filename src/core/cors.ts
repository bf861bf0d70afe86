import { Duration } from 'cdk8s';
import { MethodMatch } from './method-match';

/**
 * Which pages of other origins may call from a browser.
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/CORS
 */
export interface Cors {
  /** Origins that may call, such as `https://shop.example.com`; `*` for any. */
  readonly allowedOrigins: string[];

  /**
   * Patterns (RE2) of origins that may call as well.
   *
   * @default - none
   */
  readonly allowedOriginPatterns?: string[];

  /**
   * Methods that may be used.
   *
   * @default - GET, HEAD and POST, as browsers allow by themselves
   */
  readonly allowedMethods?: MethodMatch[];

  /**
   * Request headers that may be sent.
   *
   * @default - those that browsers allow by themselves
   */
  readonly allowedHeaders?: string[];

  /**
   * Answer headers that the page may read.
   *
   * @default - those that browsers allow by themselves
   */
  readonly exposedHeaders?: string[];

  /**
   * How long a browser may remember this.
   *
   * @default - the default of the browser (5 s)
   */
  readonly maxAge?: Duration;

  /**
   * Whether cookies and other credentials may be sent.
   *
   * @default false
   */
  readonly allowCredentials?: boolean;
}
