import { Duration } from 'cdk8s';
import { Jwt } from '../core/jwt';

/** A header that carries tokens. */
export interface JwtHeader {
  /** Name of the header. */
  readonly name: string;

  /**
   * What stands before the token, with its space: `Bearer `.
   *
   * @default - nothing
   */
  readonly prefix?: string;
}

/** Tokens of one issuer: where they are found, how they are checked, and what becomes of them. */
export interface JwtRule {
  /** The tokens: their issuer, keys and audiences. */
  readonly jwt: Jwt;

  /**
   * Headers that may carry the token, besides those that `jwt` names. Naming any place replaces the usual ones: `Authorization: Bearer` and
   * the parameter `access_token`.
   *
   * @default - those that `jwt` names
   */
  readonly headers?: JwtHeader[];

  /**
   * Query parameters that may carry the token.
   *
   * @default - none, or `access_token` when no place is named
   */
  readonly queryParams?: string[];

  /**
   * Cookies that may carry the token.
   *
   * @default - none
   */
  readonly cookies?: string[];

  /**
   * Headers that tell the application a claim each: header to claim. Nested claims have dots.
   *
   * @default - none
   */
  readonly claimHeaders?: { readonly [header: string]: string };

  /**
   * Header that tells the application all claims, as base64url-encoded JSON.
   *
   * @default - none
   */
  readonly payloadHeader?: string;

  /**
   * Claims that hold several texts parted by spaces, besides `scope` and `permission`.
   *
   * @default - none
   */
  readonly spaceDelimitedClaims?: string[];

  /**
   * How long the proxy waits for the keys.
   *
   * @default - 5 s
   */
  readonly timeout?: Duration;
}
