import { Duration } from 'cdk8s';
import * as crd from './crd';
import { absolutePath, isToken, positive } from '../core/private/check-values';
import { renderDuration } from '../private/duration-grammar';
import { fail } from '../private/errors';

/** How a cookie that keeps sessions is made. */
export interface SessionCookieOptions {
  /**
   * Name of the cookie.
   *
   * @default - the controller chooses
   */
  readonly name?: string;

  /**
   * Path that it is sent for.
   *
   * @default /
   */
  readonly path?: string;

  /**
   * How long a session lasts in all.
   *
   * @default - as long as the client and the backend run
   */
  readonly lifetime?: Duration;

  /**
   * Whether browsers keep the cookie after they are closed, until `lifetime` is over.
   *
   * @default false
   */
  readonly permanent?: boolean;
}

/**
 * Keeps a client with the backend that it came to first.
 */
export class SessionPersistence {
  /** By a cookie, which the gateway makes. */
  public static cookie(options: SessionCookieOptions = {}): SessionPersistence {
    const { name, path, lifetime, permanent } = options;
    if (permanent && !lifetime) {
      fail('MESH-E030', 'a permanent cookie without lifetime', 'say how long a session lasts');
    }
    const lifetimeType = permanent === undefined ? undefined : permanent ? crd.CookieLifetimeType.PERMANENT : crd.CookieLifetimeType.SESSION;
    const cookie = { name: name && checkedName(name), path: path && absolutePath(path), lifetimeType };
    return new SessionPersistence({ type: crd.SessionPersistenceType.COOKIE, cookie, absoluteTimeout: duration(lifetime) });
  }

  /**
   * By a header, which clients send back.
   *
   * @param name name of the header
   * @param lifetime how long a session lasts in all; as long as the backend runs unless given
   */
  public static header(name: string, lifetime?: Duration): SessionPersistence {
    const header = { name: checkedName(name) };
    return new SessionPersistence({ type: crd.SessionPersistenceType.HEADER, header, absoluteTimeout: duration(lifetime) });
  }

  private constructor(private readonly rendered: crd.SessionPersistence) {}

  /** @internal */
  public _render(): crd.SessionPersistence {
    return this.rendered;
  }
}

function checkedName(name: string): string {
  if (!isToken(name)) {
    fail('MESH-E009', `invalid name of a header or cookie, got "${name}"`, 'use letters, digits and dashes');
  }
  return name;
}

function duration(lifetime: Duration | undefined): string | undefined {
  positive('lifetime', lifetime);
  return lifetime && renderDuration(lifetime.toMilliseconds(), 'gateway-api');
}
