import { Construct } from 'constructs';
import { AuthorizationAction } from './authorization-action';
import { AuthorizationCondition } from './authorization-condition';
import { AuthorizationPolicy } from './authorization-policy';
import { AuthorizationOperation, AuthorizationRule } from './authorization-rule';
import * as crd from './crd';
import { JwtRule } from './jwt-rule';
import { PolicyPort } from './policy-port';
import { PolicyTarget } from './policy-target';
import { renderJwtRule } from './private/jwt-rule';
import { TargetedResource } from './private/targeted-resource';
import { TokenPrincipal } from './token-principal';
import { WorkloadSelector } from './workload-selector';
import { ClaimMatch } from '../core/claim-match';
import { PathMatch } from '../core/path-match';
import { ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';

/** A RequestAuthentication of this app, or one that is only known by its name. */
export interface IRequestAuthentication extends IMeshResource {
}

/** Whose requests are looked at for tokens, and which tokens are good. */
export interface RequestAuthenticationProps extends ResourceProps {
  /**
   * The pods whose proxies look at requests.
   *
   * @default - whatever `targets` names; all pods of the namespace (in the root namespace: of the mesh) when nothing is named
   */
  readonly selector?: WorkloadSelector;

  /**
   * What is protected at a waypoint or a gateway of the Gateway API; at most 16.
   *
   * @default - pods, as `selector` says
   */
  readonly targets?: PolicyTarget[];

  /**
   * Which tokens are good: those of any of these rules.
   *
   * @default - those added with addRule
   */
  readonly rules?: JwtRule[];

  /**
   * Whether requests without a token are let through on purpose, or kept out by a policy that you write yourself. Otherwise `requireJwt` must
   * be called.
   *
   * @default false
   */
  readonly tokensOptional?: boolean;
}

/** Which requests must bring a token, and what it must hold. */
export interface JwtRequirement {
  /**
   * Paths that need no token.
   *
   * @default - none
   */
  readonly publicPaths?: PathMatch[];

  /**
   * Ports whose requests must bring a token.
   *
   * @default - all ports that carry requests
   */
  readonly ports?: PolicyPort[];

  /**
   * Claims that the token must hold, all of them.
   *
   * @default - any token of one of the issuers will do
   */
  readonly claims?: ClaimMatch[];
}

/**
 * Which tokens (JWT) are good.
 *
 * Emits a RequestAuthentication. By itself it only refuses requests with a bad token (401) and lets those without one through; `requireJwt`
 * emits the AuthorizationPolicy that refuses them too (403). `targetRef`, which `targetRefs` has replaced, is set with additionalSpec.
 *
 * For a service of this app `MeshedService.requireJwt()` is enough.
 *
 * @see https://istio.io/latest/docs/reference/config/security/request_authentication/
 *
 * @example
 *
 * const tokens = new istio.RequestAuthentication(this, 'tokens', {
 *   selector: istio.WorkloadSelector.service(orders),
 *   rules: [{ jwt: Jwt.issuedBy('https://issuer.example.com', { audiences: ['orders'] }) }],
 * });
 * tokens.requireJwt({ publicPaths: [PathMatch.exact('/healthz')], claims: [ClaimMatch.oneOf('role', 'clerk', 'admin')] });
 */
export class RequestAuthentication extends TargetedResource implements IRequestAuthentication {
  /**
   * A resource that is only known by its name.
   *
   * @param name name of the RequestAuthentication
   * @param namespace its namespace; any unless given
   */
  public static fromRequestAuthenticationName(scope: Construct, id: string, name: string, namespace?: string): IRequestAuthentication {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly props: RequestAuthenticationProps;
  private readonly ownRules: JwtRule[] = [];
  private policy?: AuthorizationPolicy;

  public constructor(scope: Construct, id: string, props: RequestAuthenticationProps = {}) {
    super(scope, id, crd.RequestAuthentication, props);
    this.props = props;
    props.rules?.forEach((rule) => this.addRule(rule));
  }

  /** Which tokens are good, so far. */
  public get rules(): JwtRule[] {
    return [...this.ownRules];
  }

  /**
   * Looks at the requests of something else too.
   *
   * @param target a service, waypoint or gateway
   */
  public addTarget(target: PolicyTarget): void {
    super.addTarget(target);
    this.policy?.addTarget(target);
  }

  /**
   * Takes more tokens.
   *
   * @param rule which tokens are good
   */
  public addRule(rule: JwtRule): void {
    renderJwtRule(rule, this.node.path);
    if (this.ownRules.some(({ jwt }) => jwt.issuer === rule.jwt.issuer)) {
      fail('MESH-E027', `tokens of ${rule.jwt.issuer} are spoken of twice`, 'say all about an issuer in one rule', this.node.path);
    }
    this.ownRules.push(rule);
  }

  /**
   * Refuses requests that bring no good token. A token counts only if it has a subject (`sub`).
   *
   * @param requirement which requests, and what the token must hold; all requests unless given
   * @returns the policy that refuses them
   */
  public requireJwt(requirement: JwtRequirement = {}): AuthorizationPolicy {
    if (this.props.tokensOptional || this.policy) {
      fail('MESH-E031', this.policy ? 'tokens required twice' : 'tokens that are optional and required', this.policy ? 'call requireJwt() once' : 'leave out tokensOptional', this.node.path);
    }
    const { name, namespace } = this.props.metadata ?? {};
    this.policy = new AuthorizationPolicy(this, 'Requirement', {
      metadata: { namespace, name: name && `${name}-required` },
      selector: this.props.selector,
      targets: this.targets,
      action: AuthorizationAction.DENY,
    });
    this.policy._addRules(() => this.refusals(requirement));
    return this.policy;
  }

  /** @internal */
  public _render(): crd.RequestAuthenticationSpec {
    const path = this.node.path;
    if (this.ownRules.length === 0) {
      fail('MESH-E030', 'tokens of no issuer', 'add a rule, such as { jwt: Jwt.issuedBy("https://issuer.example.com") }', path);
    }
    if (!this.policy && !this.props.tokensOptional) {
      fail('MESH-E037', 'tokens that are checked and not required: requests without one pass', 'call requireJwt(), or say tokensOptional: true', path);
    }
    const { withoutSidecar } = this._guarded;
    if (withoutSidecar !== undefined) {
      fail('MESH-E035', `tokens in requests to pods of ${withoutSidecar}, whose node proxy sees only connections`,
        'look at them at the waypoint: targets: [PolicyTarget.service(…)] in place of the selector', path);
    }
    return {
      ...this._renderScope(),
      jwtRules: this.ownRules.map((rule) => renderJwtRule(rule, path)),
    };
  }

  /** What is refused: requests without a good token, and those whose token lacks a claim. */
  private refusals({ publicPaths, ports, claims }: JwtRequirement): AuthorizationRule[] {
    const operation: AuthorizationOperation = { ports, excluding: publicPaths && { paths: publicPaths } };
    const operations = ports || publicPaths ? [operation] : undefined;
    const tokens = this.ownRules.map(({ jwt }) => TokenPrincipal.issuedBy(jwt.issuer));
    return [
      { sources: [{ excluding: { tokens } }], operations },
      ...(claims ?? []).map((claim) => AuthorizationCondition.not(AuthorizationCondition.claim(claim)))
        .map((lacking): AuthorizationRule => ({ operations, conditions: [lacking] })),
    ];
  }
}
