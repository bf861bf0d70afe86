import { ExtensionProvider, ProviderPurpose } from './extension-provider';
import { fail } from '../private/errors';

/**
 * What becomes of the calls that a policy matches.
 *
 * Istio asks in this order: CUSTOM, then DENY, then ALLOW. As soon as one ALLOW policy applies to a workload, whatever none of them
 * matches is refused.
 *
 * @see https://istio.io/latest/docs/concepts/security/#implicit-enablement
 */
export class AuthorizationAction {
  /** Lets the calls in, unless something else refuses them. All other calls need another policy that lets them in. */
  public static readonly ALLOW = new AuthorizationAction('ALLOW');

  /** Lets nobody in whom no other policy lets in. There are no rules then. */
  public static readonly ALLOW_NOTHING = new AuthorizationAction('ALLOW_NOTHING');

  /** Refuses the calls, whatever else would let them in. */
  public static readonly DENY = new AuthorizationAction('DENY');

  /** Notes the calls for auditing, and changes nothing about them. */
  public static readonly AUDIT = new AuthorizationAction('AUDIT');

  /**
   * Asks a service of yours. It may refuse the calls; what it lets pass still has to pass the other policies.
   *
   * @param provider the service, made with `ExtensionProvider.externalAuthorizationHttp()` or `ExtensionProvider.externalAuthorizationGrpc()`
   */
  public static custom(provider: ExtensionProvider): AuthorizationAction {
    if (!provider.purposes.includes(ProviderPurpose.AUTHORIZATION)) {
      fail('MESH-E031', `extension provider "${provider.providerName}" decides nothing about calls`,
        'use one made with ExtensionProvider.externalAuthorizationHttp() or ExtensionProvider.externalAuthorizationGrpc()');
    }
    return new AuthorizationAction('CUSTOM', provider);
  }

  /** Name of the action. */
  public readonly action: string;
  /** The service that is asked, for a custom action. */
  public readonly provider?: ExtensionProvider;

  private constructor(action: string, provider?: ExtensionProvider) {
    this.action = action;
    this.provider = provider;
  }

  /** Name of the action. */
  public toString(): string {
    return this.action;
  }
}
