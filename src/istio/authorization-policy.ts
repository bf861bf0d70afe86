import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { AuthorizationAction } from './authorization-action';
import { AuthorizationRule } from './authorization-rule';
import * as crd from './crd';
import { ProviderPurpose } from './extension-provider';
import { PolicyTarget } from './policy-target';
import { checkRule, renderRule } from './private/authorization-rules';
import type { Guarded } from './private/guarded';
import { TargetedResource } from './private/targeted-resource';
import { WorkloadSelector } from './workload-selector';
import { ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';

/** How many rules one policy may have. */
const MOST_RULES = 512;

/** An AuthorizationPolicy of this app, or one that is only known by its name. */
export interface IAuthorizationPolicy extends IMeshResource {
}

/** Whom a policy protects, from whom, and what becomes of them. */
export interface AuthorizationPolicyProps extends ResourceProps {
  /**
   * The pods that are protected, by their own proxies.
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
   * What becomes of the calls.
   *
   * @default AuthorizationAction.ALLOW
   */
  readonly action?: AuthorizationAction;

  /**
   * Which calls; any of these.
   *
   * @default - those added with addRule
   */
  readonly rules?: AuthorizationRule[];

  /**
   * Whether the policy is only tried: proxies report what it would do, and do nothing. Only for ALLOW and DENY, and not in ambient mode.
   *
   * @default false
   */
  readonly dryRun?: boolean;
}

/**
 * Who may do what, or may not.
 *
 * Emits an AuthorizationPolicy. What users get wrong most is taken care of: ports of the Service are translated to those of the
 * containers, host names hold with and without port, path prefixes end at a slash, refusals by what requests look like are limited to the
 * ports that carry requests, and a policy that would let in nobody, or everybody, must say so. `targetRef`, which `targetRefs` has
 * replaced, is set with additionalSpec.
 *
 * Services of this app need none: their connections become policies of their own.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/
 *
 * @example
 *
 * const policy = new istio.AuthorizationPolicy(this, 'orders', {
 *   selector: istio.WorkloadSelector.service(orders),
 *   rules: [{
 *     sources: [{ identities: [shop.identity] }],
 *     operations: [{ methods: [MethodMatch.GET, MethodMatch.POST], paths: [PathMatch.prefix('/orders')], ports: [istio.PolicyPort.service(80)] }],
 *   }],
 * });
 */
export class AuthorizationPolicy extends TargetedResource implements IAuthorizationPolicy {
  /**
   * A policy that is only known by its name.
   *
   * @param name name of the AuthorizationPolicy
   * @param namespace its namespace; any unless given
   */
  public static fromAuthorizationPolicyName(scope: Construct, id: string, name: string, namespace?: string): IAuthorizationPolicy {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** What becomes of the calls. */
  public readonly action: AuthorizationAction;
  /** Whether the policy is only tried. */
  public readonly dryRun: boolean;
  private readonly ownRules: (() => AuthorizationRule[])[] = [];

  public constructor(scope: Construct, id: string, props: AuthorizationPolicyProps = {}) {
    super(scope, id, crd.AuthorizationPolicy, props);
    const path = this.node.path;
    this.action = props.action ?? AuthorizationAction.ALLOW;
    this.dryRun = props.dryRun ?? false;
    if (this.dryRun && !['ALLOW', 'ALLOW_NOTHING', 'DENY'].includes(this.action.action)) {
      fail('MESH-E031', `a trial of a policy with the action ${this.action.action}`, 'try only policies that allow or deny', path);
    }
    if (this.dryRun) { ApiObject.of(this).metadata.addAnnotation('istio.io/dry-run', 'true'); }
    this.action.provider?._usedBy(this, ProviderPurpose.AUTHORIZATION);
    props.rules?.forEach((rule) => this.addRule(rule));
  }

  /** The rules so far. */
  public get rules(): AuthorizationRule[] {
    return this.ownRules.flatMap((produce) => produce());
  }

  /**
   * Makes the policy hold for more calls.
   *
   * @param rule which calls
   */
  public addRule(rule: AuthorizationRule): void {
    if (this.action === AuthorizationAction.ALLOW_NOTHING) {
      fail('MESH-E031', 'a rule in a policy that allows nothing', 'use AuthorizationAction.ALLOW, or put the rule into a policy of its own', this.node.path);
    }
    checkRule(rule, this.action, this.node.path);
    this.ownRules.push(() => [rule]);
  }

  /**
   * Makes the policy hold for calls that are known only at synth.
   *
   * @internal
   */
  public _addRules(produce: () => AuthorizationRule[]): void {
    this.ownRules.push(produce);
  }

  /** @internal */
  public _render(): crd.AuthorizationPolicySpec {
    const path = this.node.path;
    const guarded = this._guarded;
    const rules = this.rules;
    this.checkWhole(guarded, rules);
    const { provider } = this.action;
    return {
      ...this._renderScope(),
      action: crd.AuthorizationPolicyAction[this.action === AuthorizationAction.ALLOW_NOTHING ? 'ALLOW' : this.action.action as 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM'],
      provider: provider && { name: provider.providerName },
      rules: rules.length > 0 ? rules.map((rule) => renderRule(rule, { action: this.action, guarded, path })) : undefined,
    };
  }

  private checkWhole(guarded: Guarded, rules: readonly AuthorizationRule[]): void {
    const path = this.node.path;
    const { action } = this.action;
    if (rules.length === 0 && this.action !== AuthorizationAction.ALLOW_NOTHING) {
      fail('MESH-E037', action === 'ALLOW' ? 'a policy without rules, which lets nobody in' : `a policy with the action ${action} and no rules, which does nothing`,
        action === 'ALLOW' ? 'add a rule, or say AuthorizationAction.ALLOW_NOTHING' : 'add a rule; everything: true is one for every call', path);
    }
    if (rules.length > MOST_RULES) {
      fail('MESH-E038', `${rules.length} rules`, `use at most ${MOST_RULES}, and another policy for the others`, path);
    }
    if (guarded.withoutWaypoint !== undefined) {
      fail('MESH-E037', `a policy for ${guarded.withoutWaypoint} at its waypoint, and its mesh has sidecars instead`,
        'use selector: WorkloadSelector.service(…) in place of targets', path);
    }
    if (guarded.withoutSidecar !== undefined && (this.dryRun || action === 'AUDIT' || action === 'CUSTOM')) {
      fail('MESH-E037', `${this.dryRun ? 'a trial' : `the action ${action}`} for pods of ${guarded.withoutSidecar}, whose node proxy knows only ALLOW and DENY`,
        'protect the service at its waypoint: targets: [PolicyTarget.service(…)] in place of the selector', path);
    }
  }
}
