import { fail } from '../private/errors';

/** Where a token comes from, who may have issued it, and whom it is for. */
export interface JwtOptions {
  /**
   * Address of the issuer's keys (JWKS).
   *
   * @default - found through the issuer's OpenID configuration
   */
  readonly jwksUri?: string;

  /**
   * The issuer's keys themselves (JWKS, as JSON text). They must be public keys.
   *
   * @default - they are fetched
   */
  readonly jwks?: string;

  /**
   * Audiences, any of which the token must be for.
   *
   * @default - any
   */
  readonly audiences?: string[];

  /**
   * Headers that may carry the token, instead of `Authorization: Bearer`.
   *
   * @default - Authorization
   */
  readonly headers?: string[];

  /**
   * Whether the application sees the token too.
   *
   * @default false
   */
  readonly forwardToken?: boolean;
}

/**
 * Tokens (JWT) that end users or machines bring along, and that the mesh checks.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519
 */
export class Jwt {
  /**
   * Tokens of one issuer.
   *
   * @param issuer the `iss` claim, exactly
   */
  public static issuedBy(issuer: string, options: JwtOptions = {}): Jwt {
    return new Jwt(issuer, options);
  }

  /** The `iss` claim. */
  public readonly issuer: string;
  /** Address of the issuer's keys, if it was said. */
  public readonly jwksUri?: string;
  /** The issuer's keys, if they were given. */
  public readonly jwks?: string;
  /** Audiences, any of which the token must be for; empty for any. */
  public readonly audiences: string[];
  /** Headers that may carry the token; empty for the usual one. */
  public readonly headers: string[];
  /** Whether the application sees the token too. */
  public readonly forwardToken: boolean;

  private constructor(issuer: string, options: JwtOptions) {
    if (issuer.trim() === '' || /[*\s]/.test(issuer)) {
      fail('MESH-E011', `invalid issuer, got "${issuer}"`, 'use the "iss" claim of the tokens, exactly');
    }
    if (options.jwksUri !== undefined && options.jwks !== undefined) {
      fail('MESH-E031', 'keys and an address of keys', 'give jwks or jwksUri');
    }
    if (options.jwksUri !== undefined && !/^https?:\/\/[^\s]+$/.test(options.jwksUri)) {
      fail('MESH-E032', `invalid address of keys, got "${options.jwksUri}"`, 'use an http or https URL');
    }
    if (options.jwks !== undefined) { checkKeys(options.jwks); }
    this.issuer = issuer;
    this.jwksUri = options.jwksUri;
    this.jwks = options.jwks;
    this.audiences = [...options.audiences ?? []];
    this.headers = [...options.headers ?? []];
    this.forwardToken = options.forwardToken ?? false;
  }
}

/** Members of a key that are secret. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

function checkKeys(jwks: string): void {
  const keys = parseKeys(jwks);
  if (keys === undefined || keys.length === 0) {
    fail('MESH-E028', 'a key set that cannot be read', 'use the JSON text of a JWKS with at least one key');
  }
  if (keys.some((key) => SECRET_MEMBERS.some((member) => member in key))) {
    fail('MESH-E028', 'a key set with private keys', 'leave only the public part of each key');
  }
}

function parseKeys(jwks: string): object[] | undefined {
  try {
    const parsed = JSON.parse(jwks) as { readonly keys?: unknown };
    return Array.isArray(parsed.keys) && parsed.keys.every((key) => typeof key === 'object' && key !== null) ? parsed.keys as object[] : undefined;
  } catch {
    return undefined;
  }
}
