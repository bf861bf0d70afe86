import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { CertManagerAuthority } from './cert-manager-authority';
import { KeyAlgorithm } from './key-algorithm';
import { Certificate } from '../certmanager/certificate';
import { dnsLabel } from '../private/dns';
import { intermediateOf } from './private/delegated/intermediate';

/** Which cluster signs with which certificate. */
export interface CertManagerIstioCaProps {
  /** The authority; one root for all clusters of a mesh. */
  readonly authority: CertManagerAuthority;

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
   * @default Duration.days(60)
   */
  readonly lifetime?: Duration;

  /**
   * How long before its end it is renewed.
   *
   * @default - a third of its lifetime
   */
  readonly renewBefore?: Duration;

  /**
   * How long the certificates are valid that istiod issues to workloads.
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
}

/**
 * The intermediate with which istiod of one cluster signs the certificates of its workloads, issued and renewed by cert-manager.
 *
 * Emits a Certificate that writes the Secret `cacerts` with the entries `tls.crt`, `tls.key` and `ca.crt`, which istiod reads as well as its own four; the
 * two kinds of entries may not be mixed. cert-manager puts one root only into it: to change the root, name both roots in the mesh's settings (`caCertificates`)
 * meanwhile, see RootRotation.
 *
 * @see https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/
 *
 * @example
 *
 * new pki.CertManagerIstioCa(this, 'cacerts', { authority, clusterName: 'east' });
 */
export class CertManagerIstioCa extends Construct {
  /** The intermediate. */
  public readonly certificate: Certificate;
  /** Name of the cluster. */
  public readonly clusterName: string;

  public constructor(scope: Construct, id: string, props: CertManagerIstioCaProps) {
    super(scope, id);
    const { authority, clusterName, lifetime = Duration.days(60), renewBefore, workloadLifetime = Duration.hours(24), keyAlgorithm } = props;
    const { path } = this.node;
    this.clusterName = dnsLabel('cluster name', clusterName, path);
    this.certificate = intermediateOf(this, {
      authority,
      secretName: 'cacerts',
      namespace: dnsLabel('namespace', props.namespace ?? 'istio-system', path),
      commonName: `${authority.authorityName} ${clusterName}`,
      lifetime,
      renewBefore,
      issued: { what: `certificates that istiod issues for ${clusterName}`, lifetime: workloadLifetime.toSeconds() },
      keyAlgorithm,
    });
  }
}
