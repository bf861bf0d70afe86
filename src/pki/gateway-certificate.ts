import { Construct } from 'constructs';
import { IssuedCertificate } from './private/issued-certificate';
import { requestOf } from './private/request';
import { tlsEntries } from './private/secret-entries';
import { CertificateOptions } from './workload-certificate';
import { GatewayKind, IngressGateway, TlsSource } from '../core/ingress-gateway';
import { IMesh } from '../core/mesh';
import { gatewayIdentity } from '../core/private/gateway-identity';
import { MeshApp } from '../core/private/mesh-app';
import { namespaceOf } from '../core/private/namespace';
import { coversHost } from '../engine/pki/facts';
import { leafName } from '../engine/pki/store/store-index';
import { fail, MeshFault } from '../private/errors';

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
    const ingresses = MeshApp.of(this).ingresses.filter(({ tls }) => tls === this.tlsSource);
    return ingresses.flatMap((ingress) => {
      const { namespace } = gatewayIdentity(ingress);
      const { path } = ingress.construct.node;
      const unnamed = ingress.hosts.filter((host) => !coversHost({ dnsNames: this.hosts, ipAddresses: [] }, host));
      return [
        ...namespace === this.secretNamespace ? [] : [new MeshFault({
          code: 'MESH-E039',
          what: `certificate ${this.certificateName} is in namespace ${this.secretNamespace}, and the gateway of ${path} runs in ${namespace}`,
          fix: 'name that gateway or its namespace in the certificate',
        })],
        ...unnamed.length === 0 ? [] : [new MeshFault({
          code: 'MESH-E050',
          what: `certificate ${this.certificateName} does not answer for ${unnamed.join(', ')}, which ${path} does`,
          fix: 'add the hosts to the certificate',
        })],
      ];
    });
  }
}

function gatewayNamespace(scope: Construct, { mesh, gateway, namespace }: GatewayCertificateProps, path: string): string {
  const managed = gateway?.kind === GatewayKind.GATEWAY_API || (!gateway && mesh?.profile.ingress?.prefersGatewayApi);
  const home = namespace ?? (managed ? namespaceOf(scope, undefined) : gateway?.namespace ?? mesh?.profile.ingress?.namespace);
  return home ?? fail('MESH-E030', 'a gateway certificate for a gateway that runs nobody knows where', 'name the mesh, the gateway with its namespace, or the namespace', path);
}
