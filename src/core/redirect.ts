import { PathRewrite, PathRewriteKind } from './path-rewrite';
import { hostName } from '../private/dns';
import { fail } from '../private/errors';
import { portNumber as checkedPort } from './private/check-values';

/** Where clients are sent, and with which status. */
export interface RedirectOptions {
  /**
   * `http` or `https`.
   *
   * @default - as in the request
   */
  readonly scheme?: string;

  /**
   * DNS name.
   *
   * @default - as in the request
   */
  readonly host?: string;

  /**
   * Port number.
   *
   * @default - the usual one of the scheme
   */
  readonly portNumber?: number;

  /**
   * Path; a prefix that the rule matched or the whole path may be replaced.
   *
   * @default - as in the request
   */
  readonly path?: PathRewrite;

  /**
   * HTTP status: 301, 302, 303, 307 or 308.
   *
   * @default 302
   */
  readonly statusCode?: number;
}

/**
 * Sends clients elsewhere instead of answering them.
 */
export class Redirect {
  /**
   * Sends clients to another address.
   */
  public static to(options: RedirectOptions): Redirect {
    return new Redirect(options);
  }

  /** Sends clients to the same address over HTTPS, for good (status 301). */
  public static toHttps(): Redirect {
    return new Redirect({ scheme: 'https', statusCode: 301 });
  }

  /** `http` or `https`, if it changes. */
  public readonly scheme?: string;
  /** DNS name, if it changes. */
  public readonly host?: string;
  /** Port number, if it is named. */
  public readonly portNumber?: number;
  /** Path, if it changes. */
  public readonly path?: PathRewrite;
  /** HTTP status. */
  public readonly statusCode: number;

  private constructor(options: RedirectOptions) {
    const { scheme, host, portNumber, path, statusCode } = options;
    if (scheme === undefined && host === undefined && portNumber === undefined && path === undefined) {
      fail('MESH-E020', 'a redirect to the same address', 'change scheme, host, port or path');
    }
    if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
      fail('MESH-E028', `invalid scheme, got "${scheme}"`, 'use "http" or "https"');
    }
    if (host !== undefined) { hostName(host); }
    if (portNumber !== undefined) { checkedPort('port', portNumber); }
    if (path?.kind === PathRewriteKind.REGEX) {
      fail('MESH-E028', 'a redirect with a path pattern, which no mesh knows', 'use PathRewrite.prefix() or PathRewrite.full()');
    }
    if (statusCode !== undefined && ![301, 302, 303, 307, 308].includes(statusCode)) {
      fail('MESH-E028', `invalid redirect status, got ${statusCode}`, 'use 301, 302, 303, 307 or 308');
    }
    this.scheme = scheme;
    this.host = host;
    this.portNumber = portNumber;
    this.path = path;
    this.statusCode = statusCode ?? 302;
  }
}
