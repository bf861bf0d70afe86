import { fail } from '../private/errors';

/**
 * What a claim of a token must hold.
 */
export class ClaimMatch {
  /**
   * The claim is one of these texts, or a list with one of them.
   *
   * @param claim name of the claim; dots lead into nested claims, such as `realm_access.roles`
   * @param accepted texts, at least one
   */
  public static oneOf(claim: string, ...accepted: string[]): ClaimMatch {
    if (claim === '' || /[[\]\s*]/.test(claim) || claim.split('.').includes('')) {
      fail('MESH-E009', `invalid claim, got "${claim}"`, 'use its name, with dots into nested claims');
    }
    if (accepted.length === 0) {
      fail('MESH-E030', `no accepted text for claim ${claim}`, 'name at least one');
    }
    return new ClaimMatch(claim, accepted);
  }

  /** Name of the claim; dots lead into nested claims. */
  public readonly claim: string;
  /** Texts, any of which is accepted. */
  public readonly accepted: string[];

  private constructor(claim: string, accepted: string[]) {
    this.claim = claim;
    this.accepted = accepted;
  }

  /** The matcher as people write it, such as `role in admin, owner`. */
  public toString(): string {
    return `${this.claim} in ${this.accepted.join(', ')}`;
  }
}
