import * as crd from './crd';
import { ClaimMatch } from '../core/claim-match';
import { HeaderMatch } from '../core/header-match';
import { addressBlock } from '../core/private/check-values';
import { fail } from '../private/errors';
import { renderHeader } from './private/access-match';

/** What an attribute must be, and what not. */
export interface AttributeValues {
  /**
   * Texts, any of which is accepted. `*` at the beginning or the end stands for any text, alone for any text that is not empty.
   *
   * @default - any
   */
  readonly accepted?: string[];

  /**
   * Texts, none of which is accepted.
   *
   * @default - none
   */
  readonly refused?: string[];
}

/** Attributes that Istio knows by name; the others end in a name in brackets. */
const ATTRIBUTES = ['source.ip', 'remote.ip', 'source.namespace', 'source.serviceAccount', 'source.principal', 'source.trustDomain',
  'request.auth.principal', 'request.auth.audiences', 'request.auth.presenter', 'destination.ip', 'destination.port', 'connection.sni'];
const MAPS = /^(request\.headers\[[^\]]+\]|request\.auth\.claims(\[[^\]]+\])+|experimental\.envoy\.filters\.[^[]+\[.+\])$/;
const ADDRESSES = ['source.ip', 'remote.ip', 'destination.ip'];

/**
 * Something else that must hold for a call, besides who makes it and what it asks for.
 *
 * @see https://istio.io/latest/docs/reference/config/security/conditions/
 */
export class AuthorizationCondition {
  /**
   * A header of the request.
   *
   * @param match what it must look like; not by regular expression, which policies do not know
   */
  public static header(match: HeaderMatch): AuthorizationCondition {
    const { key, values, notValues } = renderHeader(match, undefined);
    return new AuthorizationCondition(key, values, notValues);
  }

  /**
   * A claim of the checked token of the request.
   *
   * @param match the claim and the texts that are accepted; a list in the token must hold one of them
   */
  public static claim(match: ClaimMatch): AuthorizationCondition {
    return new AuthorizationCondition(`request.auth.claims${match.claim.split('.').map((name) => `[${name}]`).join('')}`, match.accepted, undefined);
  }

  /**
   * A claim whose name has dots of its own, such as `https://example.com/roles`.
   *
   * @param path name of the claim, and of the claims within it
   * @param accepted texts, any of which is accepted
   */
  public static claimAt(path: string[], ...accepted: string[]): AuthorizationCondition {
    const bad = path.find((name) => name === '' || /[[\]]/.test(name));
    if (path.length === 0 || bad !== undefined) {
      fail('MESH-E009', `invalid claim, got "${bad ?? ''}"`, 'use the name of the claim, without brackets');
    }
    return new AuthorizationCondition(`request.auth.claims${path.map((name) => `[${name}]`).join('')}`, accepted, undefined);
  }

  /**
   * Whom the token of the request is for.
   *
   * @param accepted audiences, any of which is accepted
   */
  public static audience(...accepted: string[]): AuthorizationCondition {
    return new AuthorizationCondition('request.auth.audiences', accepted, undefined);
  }

  /**
   * Who presents the token of the request: its `azp` claim.
   *
   * @param accepted presenters, any of which is accepted
   */
  public static presenter(...accepted: string[]): AuthorizationCondition {
    return new AuthorizationCondition('request.auth.presenter', accepted, undefined);
  }

  /**
   * The name that the client asked for when TLS began (SNI).
   *
   * @param accepted names, any of which is accepted
   */
  public static sni(...accepted: string[]): AuthorizationCondition {
    return new AuthorizationCondition('connection.sni', accepted, undefined);
  }

  /**
   * The address that was called.
   *
   * @param blocks addresses or blocks of them, any of which is accepted
   */
  public static destinationAddress(...blocks: string[]): AuthorizationCondition {
    return new AuthorizationCondition('destination.ip', blocks, undefined);
  }

  /**
   * Any attribute that Istio knows.
   *
   * @param key such as `request.headers[x-tenant]` or `source.namespace`
   * @param values what it must be, and what not
   */
  public static attribute(key: string, values: AttributeValues): AuthorizationCondition {
    if (!ATTRIBUTES.includes(key) && !MAPS.test(key)) {
      fail('MESH-E009', `unknown attribute, got "${key}"`,
        `use one of ${ATTRIBUTES.join(', ')}, request.headers[NAME], request.auth.claims[NAME] or experimental.envoy.filters.FILTER[KEY]`);
    }
    return new AuthorizationCondition(key, values.accepted, values.refused);
  }

  /**
   * The opposite of another condition.
   *
   * @param other the condition that must not hold
   */
  public static not(other: AuthorizationCondition): AuthorizationCondition {
    if (other.accepted && other.refused) {
      fail('MESH-E009', `the opposite of a condition on ${other.key} that accepts some texts and refuses others`, 'turn each of the two round by itself, in rules of their own');
    }
    return new AuthorizationCondition(other.key, other.refused, other.accepted);
  }

  /** The attribute, as Istio names it. */
  public readonly key: string;
  private readonly accepted?: readonly string[];
  private readonly refused?: readonly string[];

  private constructor(key: string, accepted: readonly string[] | undefined, refused: readonly string[] | undefined) {
    const texts = [...accepted ?? [], ...refused ?? []];
    if (texts.length === 0 || accepted?.length === 0 || refused?.length === 0) {
      fail('MESH-E030', `a condition on ${key} without texts`, 'name at least one');
    }
    if (texts.includes('')) {
      fail('MESH-E009', `a condition on ${key} with an empty text`, 'leave it out, or use "*" for any text');
    }
    if (ADDRESSES.includes(key)) { texts.forEach((block) => addressBlock(block)); }
    if (key === 'destination.port') { texts.forEach(checkPort); }
    this.key = key;
    this.accepted = accepted && [...accepted];
    this.refused = refused && [...refused];
  }

  /** Whether the attribute is one of requests, which nobody sees on ports for other protocols. */
  public get aboutRequests(): boolean {
    return this.key.startsWith('request.');
  }

  /** @internal */
  public _render(): crd.Condition {
    return { key: this.key, values: this.accepted && [...this.accepted], notValues: this.refused && [...this.refused] };
  }
}

function checkPort(text: string): void {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    fail('MESH-E003', `invalid port, got "${text}"`, 'use a whole number from 1 to 65535');
  }
}
