import { ApiObject, Duration, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { KeyAlgorithm } from './key-algorithm';
import { MeshCertificateAuthority } from './mesh-certificate-authority';
import { IssuedCertificate } from './private/issued-certificate';
import { linkerdIdentityValues } from './private/linkerd-values';
import { requestOf } from './private/request';
import { SecretSink } from './secret-sink';
import { checkIssuerLifetime } from '../engine/pki/lifetimes';
import { dnsLabel } from '../private/dns';

/** Which cluster signs with which certificate. */
export interface LinkerdIdentityProps {
  /** The authority; one root for all clusters that call each other. */
  readonly authority: MeshCertificateAuthority;

  /** How the private key gets to the cluster. */
  readonly sink: SecretSink;

  /**
   * Name of the cluster. Each cluster has an issuer of its own.
   *
   * @default - there is one cluster
   */
  readonly clusterName?: string;

  /**
   * Namespace of Linkerd's control plane.
   *
   * @default linkerd
   */
  readonly namespace?: string;

  /**
   * How long the issuer is valid.
   *
   * @default Duration.days(365)
   */
  readonly lifetime?: Duration;

  /**
   * How long before its end it is renewed.
   *
   * @default - a third of its lifetime
   */
  readonly renewBefore?: Duration;

  /**
   * How long the certificates are valid that the issuer gives to proxies (`identity.issuer.issuanceLifetime`).
   *
   * @default Duration.hours(24)
   */
  readonly proxyLifetime?: Duration;
}

/**
 * The issuer with which Linkerd of one cluster signs the certificates of its proxies, and the roots that its proxies trust.
 *
 * Emits the Secret `linkerd-identity-issuer` of type kubernetes.io/tls, in the form that the sink says, and the ConfigMap
 * `linkerd-identity-trust-roots`. Linkerd is installed with `helmValues`. Its key is ECDSA on P-256: Linkerd takes no other. Linkerd reads no
 * revocation lists: what it issued stays valid until it ends.
 *
 * @see https://linkerd.io/2/tasks/generate-certificates/
 *
 * @example
 *
 * const identity = new pki.LinkerdIdentity(this, 'identity', { authority, sink });
 * identity.helmValues; // for the chart linkerd-control-plane
 */
export class LinkerdIdentity extends IssuedCertificate {
  /** Values of the chart linkerd-control-plane that make it use these certificates. */
  public readonly helmValues: { [key: string]: any };

  public constructor(scope: Construct, id: string, props: LinkerdIdentityProps) {
    const { authority, sink, clusterName, lifetime, renewBefore } = props;
    const proxyLifetime = props.proxyLifetime ?? Duration.hours(24);
    super(scope, id, (path) => {
      if (clusterName !== undefined) { dnsLabel('cluster name', clusterName, path); }
      const subject = { commonName: `identity.linkerd.${authority.trustDomain}` };
      const request = requestOf({ kind: 'intermediate', pathLength: 0, lifetime, renewBefore, keyAlgorithm: KeyAlgorithm.ECDSA_P256, subject }, path);
      checkIssuerLifetime(request, { what: 'certificates of proxies', lifetime: proxyLifetime.toSeconds() }, path);
      return {
        authority,
        certificateName: `intermediate/linkerd${clusterName === undefined ? '' : `-${clusterName}`}`,
        request,
        secretName: 'linkerd-identity-issuer',
        namespace: dnsLabel('namespace', props.namespace ?? 'linkerd', path),
        secretType: 'kubernetes.io/tls',
        keyEntry: 'tls.key',
        sink,
      };
    });
    this.helmValues = linkerdIdentityValues(authority.trustDomain, proxyLifetime);
    new ApiObject(this, 'TrustRoots', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'linkerd-identity-trust-roots', namespace: this.secretNamespace },
      data: Lazy.any({ produce: () => ({ 'ca-bundle.crt': authority.trustBundle }) }),
    });
  }

  /** @internal */
  public _entries(): { readonly [entry: string]: string } {
    return { 'tls.crt': this.certificateChain, 'ca.crt': this.authority.trustBundle };
  }
}
