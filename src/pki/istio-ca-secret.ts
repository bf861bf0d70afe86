import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { CertificateSubject } from './certificate-subject';
import { KeyAlgorithm } from './key-algorithm';
import { MeshCertificateAuthority } from './mesh-certificate-authority';
import { IssuedCertificate } from './private/issued-certificate';
import { requestOf } from './private/request';
import { SecretSink } from './secret-sink';
import { checkIssuerLifetime } from '../engine/pki/lifetimes';
import { dnsLabel } from '../private/dns';

/** Which cluster signs with which certificate. */
export interface IstioCaSecretProps {
  /** The authority; one root for all clusters of a mesh. */
  readonly authority: MeshCertificateAuthority;

  /** How the private key gets to the cluster. */
  readonly sink: SecretSink;

  /** Name of the cluster. Each cluster has an intermediate of its own. */
  readonly clusterName: string;

  /**
   * Namespace of istiod.
   *
   * @default istio-system
   */
  readonly namespace?: string;

  /**
   * How long the intermediate is valid.
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
   * How long the certificates are valid that istiod issues to workloads (SECRET_TTL of the proxies, or DEFAULT_WORKLOAD_CERT_TTL of istiod).
   *
   * @default Duration.hours(24)
   */
  readonly workloadLifetime?: Duration;

  /**
   * Kind of the private key.
   *
   * @default KeyAlgorithm.ECDSA_P256
   */
  readonly keyAlgorithm?: KeyAlgorithm;

  /**
   * Who the intermediate is about.
   *
   * @default - a common name made of the names of authority and cluster
   */
  readonly subject?: CertificateSubject;
}

/**
 * The intermediate with which istiod of one cluster signs the certificates of its workloads.
 *
 * Emits the Secret `cacerts` (`ca-cert.pem`, `ca-key.pem`, `root-cert.pem`, `cert-chain.pem`), in the form that the sink says. While something is revoked it holds
 * the revocation lists too, as `ca-crl.pem`. istiod follows a change of its intermediate at any time, and a change of roots when it runs with
 * ISTIO_MULTIROOT_MESH=true.
 *
 * @see https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/
 *
 * @example
 *
 * new pki.IstioCaSecret(this, 'cacerts', { authority, sink, clusterName: 'east' });
 */
export class IstioCaSecret extends IssuedCertificate {
  /** Name of the cluster. */
  public readonly clusterName: string;

  public constructor(scope: Construct, id: string, props: IstioCaSecretProps) {
    const { authority, sink, clusterName, lifetime, renewBefore, keyAlgorithm } = props;
    super(scope, id, (path) => {
      dnsLabel('cluster name', clusterName, path);
      const subject = props.subject ?? { commonName: `${authority.authorityName} ${clusterName}` };
      const request = requestOf({ kind: 'intermediate', pathLength: 0, lifetime, renewBefore, keyAlgorithm, subject }, path);
      const issued = { what: `certificates that istiod issues for ${clusterName}`, lifetime: (props.workloadLifetime ?? Duration.hours(24)).toSeconds() };
      checkIssuerLifetime(request, issued, path);
      return {
        authority,
        certificateName: `intermediate/istio-${clusterName}`,
        request,
        secretName: 'cacerts',
        namespace: dnsLabel('namespace', props.namespace ?? 'istio-system', path),
        secretType: 'Opaque',
        keyEntry: 'ca-key.pem',
        sink,
      };
    });
    this.clusterName = clusterName;
  }

  /** @internal */
  public _entries(): { readonly [entry: string]: string } {
    const { trustBundle, revocationLists, _session } = this.authority;
    return {
      'ca-cert.pem': _session.store.pemOf(this._record()),
      'cert-chain.pem': this.certificateChain,
      'root-cert.pem': trustBundle,
      ...revocationLists === '' ? {} : { 'ca-crl.pem': revocationLists },
    };
  }
}
