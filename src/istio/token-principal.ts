import { fail } from '../private/errors';

/**
 * Whom a checked token (JWT) was issued to. Only tokens that a RequestAuthentication accepted count, and only those that have a subject.
 */
export class TokenPrincipal {
  /** Whoever has an accepted token. */
  public static any(): TokenPrincipal {
    return new TokenPrincipal('*');
  }

  /**
   * Whoever has an accepted token of an issuer.
   *
   * @param issuer the `iss` claim, exactly
   */
  public static issuedBy(issuer: string): TokenPrincipal {
    return new TokenPrincipal(`${part('issuer', issuer)}/*`);
  }

  /**
   * One subject of an issuer.
   *
   * @param issuer the `iss` claim, exactly
   * @param subject the `sub` claim, exactly
   */
  public static subject(issuer: string, subject: string): TokenPrincipal {
    if (subject.includes('/')) {
      fail('MESH-E011', `a subject with a slash, got "${subject}", which Istio would take for a part of the issuer`,
        'match the claims by themselves: AuthorizationCondition.claim(ClaimMatch.oneOf("iss", …)) and ("sub", …)');
    }
    return new TokenPrincipal(`${part('issuer', issuer)}/${part('subject', subject)}`);
  }

  /** How policies write it: `ISSUER/SUBJECT`. */
  public readonly requestPrincipal: string;

  private constructor(requestPrincipal: string) {
    this.requestPrincipal = requestPrincipal;
  }
}

function part(what: string, text: string): string {
  if (text.trim() === '' || /[*\s]/.test(text)) {
    fail('MESH-E011', `invalid ${what}, got "${text}"`, `use the claim of the tokens, exactly, or TokenPrincipal.${what === 'issuer' ? 'any()' : 'issuedBy()'}`);
  }
  return text;
}
