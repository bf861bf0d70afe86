import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { CertManagerAuthority } from './cert-manager-authority';
import { intermediateOf } from './private/delegated/intermediate';
import { linkerdIdentityValues } from './private/linkerd-values';
import { Bundle } from '../certmanager/bundle';
import { BundleSource } from '../certmanager/bundle-source';
import { BundleTarget } from '../certmanager/bundle-target';
import { Certificate } from '../certmanager/certificate';
import { dnsLabel } from '../private/dns';

/** How Linkerd signs. */
export interface CertManagerLinkerdIdentityProps {
  /** The authority. */
  readonly authority: CertManagerAuthority;

  /**
   * Namespace of Linkerd's control plane.
   *
   * @default linkerd
   */
  readonly namespace?: string;

  /**
   * How long the issuer is valid.
   *
   * @default Duration.hours(48)
   */
  readonly lifetime?: Duration;

  /**
   * How long before its end it is renewed.
   *
   * @default Duration.hours(25)
   */
  readonly renewBefore?: Duration;

  /**
   * How long the certificates are valid that the issuer gives to proxies.
   *
   * @default Duration.hours(24)
   */
  readonly proxyLifetime?: Duration;

  /**
   * More roots that proxies trust: one that is being replaced, or those of linked clusters.
   *
   * @default - none
   */
  readonly additionalRoots?: BundleSource[];

  /**
   * The root, when the issuer of the authority was given and its root is not kept in the cluster.
   *
   * @default - the root of the authority
   */
  readonly root?: BundleSource;
}

/**
 * The issuer with which Linkerd signs the certificates of its proxies, issued and renewed by cert-manager, and the roots that its proxies trust.
 *
 * Emits the Certificate `linkerd-identity-issuer` and the Bundle of trust-manager that writes the ConfigMap `linkerd-identity-trust-roots` into the namespace of
 * the control plane, which needs the label `linkerd.io/is-control-plane: "true"`. Linkerd is installed with `helmValues`. Keys are ECDSA on P-256: Linkerd takes
 * no others.
 *
 * @see https://linkerd.io/2/tasks/automatically-rotating-control-plane-tls-credentials/
 *
 * @example
 *
 * const identity = new pki.CertManagerLinkerdIdentity(this, 'identity', { authority });
 */
export class CertManagerLinkerdIdentity extends Construct {
  /** The issuer. */
  public readonly certificate: Certificate;
  /** The roots that proxies trust. */
  public readonly trustRoots: Bundle;
  /** Values of the chart linkerd-control-plane that make it use these certificates. */
  public readonly helmValues: { [key: string]: any };

  public constructor(scope: Construct, id: string, props: CertManagerLinkerdIdentityProps) {
    super(scope, id);
    const { authority, lifetime = Duration.hours(48), proxyLifetime = Duration.hours(24) } = props;
    this.certificate = intermediateOf(this, {
      authority,
      secretName: 'linkerd-identity-issuer',
      namespace: dnsLabel('namespace', props.namespace ?? 'linkerd', this.node.path),
      commonName: `identity.linkerd.${authority.trustDomain}`,
      lifetime,
      renewBefore: props.renewBefore ?? (props.lifetime ? undefined : Duration.hours(25)),
      issued: { what: 'certificates of proxies', lifetime: proxyLifetime.toSeconds() },
    });
    this.trustRoots = new Bundle(this, 'TrustRoots', {
      metadata: { name: 'linkerd-identity-trust-roots' },
      sources: [props.root ?? authority.trustSource, ...props.additionalRoots ?? []],
      target: BundleTarget.configMap('ca-bundle.crt', { namespaceLabels: { 'linkerd.io/is-control-plane': 'true' } }),
    });
    this.helmValues = linkerdIdentityValues(authority.trustDomain, proxyLifetime);
  }
}
