import { Duration } from 'cdk8s';
import { fail } from '../private/errors';
import { isToken, positive } from './private/check-values';

/** What of a request decides which endpoint it goes to. */
export enum HashKeyKind {
  /** A header. */
  HEADER = 'header',
  /** A cookie, made by the proxy when it is missing. */
  COOKIE = 'cookie',
  /** The address of the client. */
  SOURCE_IP = 'source-ip',
  /** A query parameter. */
  QUERY = 'query',
}

/** How a cookie is made when a client has none. */
export interface HashCookieOptions {
  /**
   * How long it lives.
   *
   * @default - as long as the browser runs
   */
  readonly ttl?: Duration;

  /**
   * Path that it is sent for.
   *
   * @default - all paths
   */
  readonly path?: string;
}

/**
 * What of a request decides which endpoint it goes to: equal keys go to the same endpoint as long as it is there.
 */
export class HashKey {
  /**
   * A header.
   *
   * @param name name of the header
   */
  public static header(name: string): HashKey {
    return new HashKey(HashKeyKind.HEADER, named('header', name).toLowerCase());
  }

  /**
   * A cookie. The proxy makes it when a client has none, so that clients stay with their endpoint.
   *
   * @param name name of the cookie
   */
  public static cookie(name: string, options: HashCookieOptions = {}): HashKey {
    positive('life of a cookie', options.ttl);
    return new HashKey(HashKeyKind.COOKIE, named('cookie', name), options);
  }

  /** The address of the client. */
  public static sourceIp(): HashKey {
    return new HashKey(HashKeyKind.SOURCE_IP, '');
  }

  /**
   * A query parameter.
   *
   * @param name name of the parameter
   */
  public static queryParam(name: string): HashKey {
    return new HashKey(HashKeyKind.QUERY, named('query parameter', name));
  }

  /** What kind of thing decides. */
  public readonly kind: HashKeyKind;
  /** Its name; empty for an address. */
  public readonly name: string;
  /** How long a cookie lives, if it was said. */
  public readonly ttl?: Duration;
  /** Path that a cookie is sent for, if it was said. */
  public readonly path?: string;

  private constructor(kind: HashKeyKind, name: string, cookie: HashCookieOptions = {}) {
    this.kind = kind;
    this.name = name;
    this.ttl = cookie.ttl;
    this.path = cookie.path;
  }
}

function named(what: string, name: string): string {
  if (!isToken(name)) {
    fail('MESH-E009', `invalid ${what} name, got "${name}"`, 'use letters, digits, dashes and underscores');
  }
  return name;
}
