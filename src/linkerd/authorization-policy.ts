import { Construct } from 'constructs';
import { AuthenticationRef } from './authentication-ref';
import * as crd from './crd';
import { PolicyTarget } from './policy-target';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';

/** An AuthorizationPolicy of this app, or one that is only known by its name. */
export interface IAuthorizationPolicy extends IMeshResource {
}

/** Who may call what. */
export interface AuthorizationPolicyProps extends ResourceProps {
  /** What may be called. */
  readonly target: PolicyTarget;

  /**
   * What a client must be able to show, all of it: one identity (a MeshTLSAuthentication or a ServiceAccount), one network, or one of each.
   *
   * @default - those added with addAuthentication
   */
  readonly authentications?: AuthenticationRef[];

  /**
   * Whether anybody may call, from anywhere and without certificate. There are no authentications then.
   *
   * @default false
   */
  readonly allowAnyone?: boolean;
}

/**
 * Lets some clients in. Policies only ever add up: none takes away what another one, or the access of the Server, lets in.
 *
 * Emits an AuthorizationPolicy.
 *
 * @see https://linkerd.io/2/reference/authorization-policy/#authorizationpolicy
 *
 * @example
 *
 * new linkerd.AuthorizationPolicy(this, 'tools', {
 *   target: linkerd.PolicyTarget.server(server), authentications: [linkerd.AuthenticationRef.meshTls(tools)],
 * });
 */
export class AuthorizationPolicy extends CuratedResource implements IAuthorizationPolicy {
  /**
   * An AuthorizationPolicy that is only known by its name.
   *
   * @param name name of the object
   * @param namespace its namespace; any unless given
   */
  public static fromAuthorizationPolicyName(scope: Construct, id: string, name: string, namespace?: string): IAuthorizationPolicy {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly props: AuthorizationPolicyProps;
  private readonly ownAuthentications: AuthenticationRef[] = [];

  public constructor(scope: Construct, id: string, props: AuthorizationPolicyProps) {
    super(scope, id, crd.AuthorizationPolicy, props);
    this.props = props;
    props.authentications?.forEach((authentication) => this.addAuthentication(authentication));
  }

  /** What a client must be able to show, so far. */
  public get authentications(): AuthenticationRef[] {
    return [...this.ownAuthentications];
  }

  /**
   * Asks clients for something more.
   *
   * @param authentication an identity where there is none yet, or a network where there is none yet
   */
  public addAuthentication(authentication: AuthenticationRef): void {
    const network = (one: AuthenticationRef) => one.referenceKind === 'NetworkAuthentication';
    const same = this.ownAuthentications.find((one) => network(one) === network(authentication));
    if (same) {
      fail('MESH-E031', `a ${same.referenceKind} and a ${authentication.referenceKind} in one policy, of which a client must show all`,
        network(same) ? 'put all networks into one NetworkAuthentication' : 'name all clients in one MeshTlsAuthentication, or make a policy for each', this.node.path);
    }
    this.ownAuthentications.push(authentication);
  }

  /** @internal */
  public _render(): crd.AuthorizationPolicySpec {
    const { target, allowAnyone = false } = this.props;
    if (allowAnyone !== (this.ownAuthentications.length === 0)) {
      fail(allowAnyone ? 'MESH-E031' : 'MESH-E030', allowAnyone ? 'a policy that lets anyone in, and asks for something' : 'a policy that asks for nothing, which lets anyone in',
        allowAnyone ? 'leave out the authentications, or allowAnyone' : 'name an authentication, or say so with allowAnyone', this.node.path);
    }
    return { targetRef: target._within(this.resourceNamespace), requiredAuthenticationRefs: this.ownAuthentications.map((one) => ({ ...one._render() })) };
  }
}
