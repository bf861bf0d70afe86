import { Construct } from 'constructs';
import { gatewayNamespace, gatewayProblems } from './private/gateway-home';
import { IssuedCertificate } from './private/issued-certificate';
import { requestOf } from './private/request';
import { tlsEntries } from './private/secret-entries';
import { CertificateOptions } from './workload-certificate';
import { IngressGateway, TlsSource } from '../core/ingress-gateway';
import { IMesh } from '../core/mesh';
import { leafName } from '../engine/pki/store/store-index';
import { MeshFault } from '../private/errors';

/** What a gateway answers for, and where it runs. */
export interface GatewayCertificateProps extends CertificateOptions {
  /** DNS names that it answers for. The first label may be a wildcard. */
  readonly hosts: string[];

  /**
   * IP addresses that it answers for.
   *
   * @default - none
   */
  readonly ipAddresses?: string[];

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
}

/**
 * The certificate that a gateway shows to clients outside of the mesh, in the namespace in which its pods run: only there they can read it.
 *
 * Emits a Secret of type kubernetes.io/tls (`tls.crt`, `tls.key`, `ca.crt`), in the form that the sink says. While something is revoked it holds
 * the revocation lists too, as `ca.crl`, which gateways of Istio read when they ask clients for certificates.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/
 *
 * @example
 *
 * const certificate = new pki.GatewayCertificate(this, 'shop-tls', { authority, sink, mesh, hosts: ['shop.example.com'] });
 * new Ingress(this, 'shop', { mesh, hosts: ['shop.example.com'], tls: certificate.tlsSource });
 */
export class GatewayCertificate extends IssuedCertificate {
  /** DNS names that it answers for. */
  public readonly hosts: string[];
  /** What an Ingress takes as its `tls`. */
  public readonly tlsSource: TlsSource;

  public constructor(scope: Construct, id: string, props: GatewayCertificateProps) {
    const { authority, sink, hosts, ipAddresses, lifetime, renewBefore, keyAlgorithm, subject } = props;
    const secretName = props.secretName ?? id;
    super(scope, id, (path) => {
      const namespace = gatewayNamespace(scope, props, path);
      const request = requestOf({ kind: 'gateway', dnsNames: hosts, ipAddresses, lifetime, renewBefore, keyAlgorithm, subject }, path);
      return {
        authority,
        certificateName: leafName('gateway', namespace, secretName),
        request,
        secretName,
        namespace,
        secretType: 'kubernetes.io/tls',
        keyEntry: 'tls.key',
        sink,
      };
    });
    this.hosts = [...hosts];
    this.tlsSource = TlsSource.secret(secretName);
  }

  /** @internal */
  public _entries(): { readonly [entry: string]: string } {
    return tlsEntries(this.authority, this.certificateChain);
  }

  /**
   * Gateways that were given the certificate and cannot read it, or answer for hosts that it does not name.
   *
   * @internal
   */
  public _ownProblems(): MeshFault[] {
    return gatewayProblems(this, { name: this.certificateName, namespace: this.secretNamespace, hosts: this.hosts, tls: this.tlsSource });
  }
}
