import { Duration } from 'cdk8s';
import { positive } from '../core/private/check-values';
import { renderDuration } from '../private/duration-grammar';
import { fail } from '../private/errors';
import { mergePlain, Plain } from '../private/plain';

/** What can be said of the certificates of the proxies. */
export interface IdentitySourceOptions {
  /**
   * How long certificates of proxies are valid.
   *
   * @default Duration.hours(24)
   */
  readonly proxyLifetime?: Duration;
}

/**
 * Where the control plane has the roots of its trust, and the issuer that it signs with. Private keys never stand in values.
 */
export class IdentitySource {
  /**
   * As `pki.LinkerdIdentity` provides them.
   *
   * @param values its `helmValues`
   */
  public static values(values: { [key: string]: any }): IdentitySource {
    return new IdentitySource(values);
  }

  /**
   * From objects that others keep, such as cert-manager and trust-manager: the ConfigMap `linkerd-identity-trust-roots` and the Secret
   * `linkerd-identity-issuer` of type kubernetes.io/tls, in the namespace of the control plane.
   */
  public static existing(options: IdentitySourceOptions = {}): IdentitySource {
    return new IdentitySource({ identity: { externalCA: true, issuer: issuer(options) } });
  }

  /**
   * Roots that are given here, with an issuer in the Secret `linkerd-identity-issuer` of type kubernetes.io/tls.
   *
   * @param pem certificates of the roots, in PEM
   */
  public static trustAnchors(pem: string, options: IdentitySourceOptions = {}): IdentitySource {
    if (!/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem) || pem.includes('PRIVATE KEY')) {
      fail('MESH-E050', `trust anchors that ${pem.includes('PRIVATE KEY') ? 'hold a private key' : 'hold no certificate'}`, 'give certificates in PEM, and nothing else');
    }
    return new IdentitySource({ identityTrustAnchorsPEM: pem, identity: { issuer: issuer(options) } });
  }

  private constructor(private readonly values: Plain) {}

  /** @internal */
  public _values(base: Plain): Plain {
    return mergePlain(base, this.values);
  }
}

function issuer({ proxyLifetime }: IdentitySourceOptions): Plain {
  positive('lifetime of certificates', proxyLifetime);
  return { scheme: 'kubernetes.io/tls', issuanceLifetime: proxyLifetime && renderDuration(proxyLifetime.toMilliseconds(), 'go') };
}
