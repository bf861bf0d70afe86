import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { ICertificateIssuer } from './certificate-issuer';
import { CertificateKey } from './certificate-key';
import * as crd from './crd';
import { checkCertificate } from './private/check-certificate';
import { claimSecret } from './private/secret-owners';
import { CuratedResource } from '../core/private/curated-resource';
import { ResourceProps } from '../core/resource';
import { dnsSubdomain } from '../private/dns';
import { renderDuration } from '../private/duration-grammar';

/** What cert-manager shall have signed. */
export interface CertificateProps extends ResourceProps {
  /** Whoever signs it. */
  readonly issuer: ICertificateIssuer;

  /**
   * Secret that holds certificate and key (`tls.crt`, `tls.key`, `ca.crt`). No two certificates may share one.
   *
   * @default - the id of the construct
   */
  readonly secretName?: string;

  /**
   * Whether it may sign others. Set `usages` accordingly, or leave them out.
   *
   * @default false
   */
  readonly isCa?: boolean;

  /**
   * Common name, at most 64 characters.
   *
   * @default - none
   */
  readonly commonName?: string;

  /**
   * Who it is about, beside its common name.
   *
   * @default - nobody
   */
  readonly subject?: crd.CertificateSubject;

  /**
   * The subject as one text (RFC 4514), in place of common name and subject.
   *
   * @default - none
   */
  readonly literalSubject?: string;

  /**
   * DNS names that it answers for.
   *
   * @default - none
   */
  readonly dnsNames?: string[];

  /**
   * URIs that it stands for, such as SPIFFE IDs.
   *
   * @default - none
   */
  readonly uris?: string[];

  /**
   * IP addresses that it answers for.
   *
   * @default - none
   */
  readonly ipAddresses?: string[];

  /**
   * Mail addresses that it stands for.
   *
   * @default - none
   */
  readonly emailAddresses?: string[];

  /**
   * Names of other kinds.
   *
   * @default - none
   */
  readonly otherNames?: crd.CertificateOtherName[];

  /**
   * How long it is valid, at least an hour.
   *
   * @default - 90 days, unless the issuer decides
   */
  readonly duration?: Duration;

  /**
   * How long before its end it is renewed, at least five minutes.
   *
   * @default - a third of its life
   */
  readonly renewBefore?: Duration;

  /**
   * How long before its end it is renewed, as a part of its life in percent, in place of `renewBefore`.
   *
   * @default - a third of its life
   */
  readonly renewBeforePercentage?: number;

  /**
   * When it is renewed, and whether at all.
   *
   * @default - as soon as it is due
   */
  readonly renewal?: crd.CertificateRenewal;

  /**
   * Its private key. A new one is made for every renewal.
   *
   * @default CertificateKey.ecdsa(256)
   */
  readonly privateKey?: CertificateKey;

  /**
   * How the issuer signs.
   *
   * @default - the issuer decides
   */
  readonly signatureAlgorithm?: crd.CertificateSignatureAlgorithm;

  /**
   * What it may be used for.
   *
   * @default - cert-manager's own: digital signature and key encipherment, and signing for an authority
   */
  readonly usages?: crd.KeyUsage[];

  /**
   * Whether the request tells the issuer of the usages.
   *
   * @default true
   */
  readonly encodeUsagesInRequest?: boolean;

  /**
   * Names that an authority may sign for.
   *
   * @default - all
   */
  readonly nameConstraints?: crd.CertificateNameConstraints;

  /**
   * Labels and annotations of the Secret.
   *
   * @default - none
   */
  readonly secretTemplate?: crd.LabelsAndAnnotations;

  /**
   * Key stores that the Secret holds, too.
   *
   * @default - none
   */
  readonly keystores?: crd.CertificateKeystores;

  /**
   * Other forms in which the Secret holds certificate and key.
   *
   * @default - none
   */
  readonly additionalOutputFormats?: crd.CertificateAdditionalOutputFormat[];

  /**
   * How many requests of the past are kept.
   *
   * @default 1
   */
  readonly revisionHistoryLimit?: number;

  /**
   * Whether only clients outside of the mesh are shown it, so that it need not chain to the authority of its namespace.
   *
   * @default - true for issuers that speak ACME
   */
  readonly isPublic?: boolean;
}

/**
 * A certificate that cert-manager has signed, and renews.
 *
 * Emits a Certificate of cert-manager. What its webhook would refuse is an error here.
 *
 * @see https://cert-manager.io/docs/usage/certificate/
 *
 * @example
 *
 * new certmanager.Certificate(this, 'web-tls', { issuer, dnsNames: ['shop.example.com'] });
 */
export class Certificate extends CuratedResource {
  /** Whoever signs it. */
  public readonly issuer: ICertificateIssuer;
  /** Secret that holds certificate and key. */
  public readonly secretName: string;
  /** Whether it may sign others. */
  public readonly isCa: boolean;
  private readonly props: CertificateProps;

  public constructor(scope: Construct, id: string, props: CertificateProps) {
    const secretName = dnsSubdomain('Secret name', props.secretName ?? id);
    super(scope, id, crd.Certificate, { ...props, metadata: { name: secretName, ...props.metadata } });
    checkCertificate(props, this.node.path);
    this.issuer = props.issuer;
    this.secretName = secretName;
    this.isCa = props.isCa ?? false;
    this.props = props;
    claimSecret(this, secretName, this.resourceNamespace);
  }

  /**
   * What it is made of.
   *
   * @internal
   */
  public get _props(): CertificateProps {
    return this.props;
  }

  /** @internal */
  public _render(): crd.CertificateSpec {
    const { issuer, isCa: isCA, duration, renewBefore, privateKey = CertificateKey.ecdsa(), isPublic, secretName, metadata, additionalSpec, ...named } = this.props;
    const time = (length: Duration | undefined) => length && renderDuration(length.toMilliseconds(), 'go');
    return {
      ...named,
      secretName: this.secretName,
      issuerRef: { name: issuer.resourceName, kind: issuer.issuerKind, group: issuer.issuerGroup },
      isCA,
      duration: time(duration),
      renewBefore: time(renewBefore),
      privateKey: privateKey._render(),
      revisionHistoryLimit: named.revisionHistoryLimit ?? 1,
    };
  }
}
