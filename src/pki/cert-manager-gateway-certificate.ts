import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { KeyAlgorithm } from './key-algorithm';
import { certManagerKey } from './private/delegated/cert-manager-words';
import { gatewayNamespace, gatewayProblems } from './private/gateway-home';
import { Certificate } from '../certmanager/certificate';
import { ICertificateIssuer } from '../certmanager/certificate-issuer';
import * as crd from '../certmanager/crd';
import { IngressGateway, TlsSource } from '../core/ingress-gateway';
import { IMesh } from '../core/mesh';
import { hostName } from '../private/dns';
import { fail } from '../private/errors';

/** What a gateway answers for, where it runs, and who signs. */
export interface CertManagerGatewayCertificateProps {
  /** Whoever signs: the issuer of an authority, or a public one. */
  readonly issuer: ICertificateIssuer;

  /** DNS names that it answers for. The first label may be a wildcard. */
  readonly hosts: string[];

  /**
   * The mesh whose ingress gateway it is for.
   *
   * @default - none: gateway or namespace says where the gateway runs
   */
  readonly mesh?: IMesh;

  /**
   * The gateway.
   *
   * @default - the ingress gateway that the mesh installs
   */
  readonly gateway?: IngressGateway;

  /**
   * Namespace of the pods of the gateway.
   *
   * @default - that of the gateway, else that in which the mesh installs its gateway
   */
  readonly namespace?: string;

  /**
   * Name of the Secret.
   *
   * @default - the id of the construct
   */
  readonly secretName?: string;

  /**
   * How long it is valid.
   *
   * @default - 90 days, unless the issuer decides
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
}

/**
 * The certificate that a gateway shows to clients outside of the mesh, issued and renewed by cert-manager, in the namespace in which its pods run:
 * only there they can read it. It need not chain to the authority of the mesh.
 *
 * Emits a Certificate.
 *
 * @see https://cert-manager.io/docs/usage/gateway/
 *
 * @example
 *
 * const certificate = new pki.CertManagerGatewayCertificate(this, 'shop-tls', { issuer, mesh, hosts: ['shop.example.com'] });
 * new Ingress(this, 'shop', { mesh, hosts: ['shop.example.com'], tls: certificate.tlsSource });
 */
export class CertManagerGatewayCertificate extends Construct {
  /** DNS names that it answers for. */
  public readonly hosts: string[];
  /** What an Ingress takes as its `tls`. */
  public readonly tlsSource: TlsSource;
  /** The certificate. */
  public readonly certificate: Certificate;
  /** Namespace of the Secret, which is that of the pods of the gateway. */
  public readonly secretNamespace: string;

  public constructor(scope: Construct, id: string, props: CertManagerGatewayCertificateProps) {
    super(scope, id);
    const { issuer, hosts, lifetime: duration, renewBefore, keyAlgorithm, secretName = id } = props;
    const { path } = this.node;
    if (hosts.length === 0) { fail('MESH-E050', 'a gateway certificate for no host', 'name the hosts that the gateway answers for', path); }
    hosts.forEach((host) => hostName(host, { wildcard: true, path }));
    const namespace = gatewayNamespace(scope, props, path);
    this.hosts = [...hosts];
    this.secretNamespace = namespace;
    this.tlsSource = TlsSource.secret(secretName);
    this.certificate = new Certificate(this, 'Certificate', {
      issuer,
      secretName,
      metadata: { name: secretName, namespace },
      dnsNames: hosts,
      duration,
      renewBefore,
      privateKey: certManagerKey(keyAlgorithm),
      usages: [crd.KeyUsage.DIGITAL_SIGNATURE, crd.KeyUsage.KEY_ENCIPHERMENT, crd.KeyUsage.SERVER_AUTH],
      isPublic: true,
    });
    const given = { name: secretName, namespace, hosts: this.hosts, tls: this.tlsSource };
    this.node.addValidation({ validate: () => gatewayProblems(this, given).map((fault) => fault.at(path).message) });
  }
}
