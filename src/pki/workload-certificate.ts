import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { CertificateSubject } from './certificate-subject';
import { KeyAlgorithm } from './key-algorithm';
import { MeshCertificateAuthority } from './mesh-certificate-authority';
import { IssuedCertificate } from './private/issued-certificate';
import { requestOf } from './private/request';
import { tlsEntries } from './private/secret-entries';
import { SecretSink } from './secret-sink';
import { Identity } from '../core/identity';
import { IMeshService } from '../core/mesh-service';
import { serviceDnsNames } from '../engine/pki/request';
import { leafName } from '../engine/pki/store/store-index';
import { fail } from '../private/errors';

/** How a certificate is made, whatever it is for. */
export interface CertificateOptions {
  /** The authority that issues it. */
  readonly authority: MeshCertificateAuthority;

  /** How the private key gets to where it is used. */
  readonly sink: SecretSink;

  /**
   * How long it is valid. More than 24 hours is allowed, up to 365 days, and noticed.
   *
   * @default Duration.hours(24)
   */
  readonly lifetime?: Duration;

  /**
   * How long before its end it is renewed.
   *
   * @default - a third of its lifetime
   */
  readonly renewBefore?: Duration;

  /**
   * Kind of the private key.
   *
   * @default KeyAlgorithm.ECDSA_P256
   */
  readonly keyAlgorithm?: KeyAlgorithm;

  /**
   * Who it is about, beside its names.
   *
   * @default - nobody: the names are all that counts
   */
  readonly subject?: CertificateSubject;

  /**
   * Name of the Secret.
   *
   * @default - the id of the construct
   */
  readonly secretName?: string;
}

/** Whose certificate it is. */
export interface WorkloadCertificateProps extends CertificateOptions {
  /** Identity of the workload, which its SPIFFE ID is made of. The Secret is in its namespace. */
  readonly identity: Identity;

  /**
   * Service that the workload answers for, by all the names that clients in the cluster use.
   *
   * @default - none
   */
  readonly service?: IMeshService;

  /**
   * More DNS names that the workload answers for.
   *
   * @default - none
   */
  readonly dnsNames?: string[];
}

/**
 * The certificate of a workload that does not get one from its mesh: its SPIFFE ID, and the names of its service.
 *
 * Emits a Secret of type kubernetes.io/tls (`tls.crt`, `tls.key`, `ca.crt`), in the form that the sink says. While something is revoked it holds
 * the revocation lists too, as `ca.crl`.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md
 *
 * @example
 *
 * new pki.WorkloadCertificate(this, 'legacy-tls', { authority, sink, identity: Identity.serviceAccount('shop', 'legacy') });
 */
export class WorkloadCertificate extends IssuedCertificate {
  /** Identity of the workload. */
  public readonly identity: Identity;
  /** DNS names that the workload answers for. */
  public readonly dnsNames: string[];

  public constructor(scope: Construct, id: string, props: WorkloadCertificateProps) {
    const { authority, identity, service, sink } = props;
    const secretName = props.secretName ?? id;
    const { namespace } = identity;
    const dnsNames = [...service ? namesOf(service) : [], ...props.dnsNames ?? []];
    super(scope, id, (path) => {
      if (identity.trustDomain !== authority.trustDomain) {
        fail('MESH-E056', `identity ${identity.spiffeId}, and authority "${authority.authorityName}" vouches for trust domain ${authority.trustDomain}`,
          `give the identity that trust domain: Identity.serviceAccount('${namespace}', '${identity.serviceAccountName}', '${authority.trustDomain}')`, path);
      }
      return {
        authority,
        certificateName: leafName('workload', namespace, secretName),
        request: requestOf({ kind: 'workload', uris: [identity.spiffeId], dnsNames, ...optionsOf(props) }, path),
        secretName,
        namespace,
        secretType: 'kubernetes.io/tls',
        keyEntry: 'tls.key',
        sink,
      };
    });
    this.identity = identity;
    this.dnsNames = [...new Set(dnsNames)];
  }

  /** @internal */
  public _entries(): { readonly [entry: string]: string } {
    return tlsEntries(this.authority, this.certificateChain);
  }
}

function optionsOf({ lifetime, renewBefore, keyAlgorithm, subject }: CertificateOptions): Partial<CertificateOptions> {
  return { lifetime, renewBefore, keyAlgorithm, subject };
}

/** The host of a service ends in the domain of its cluster. */
function namesOf({ serviceName, serviceNamespace, host }: IMeshService): string[] {
  return serviceDnsNames(serviceName, serviceNamespace, host.slice(`${serviceName}.${serviceNamespace}.svc.`.length));
}
