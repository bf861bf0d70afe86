import * as crd from './crd';
import { dnsSubdomain, hostName } from '../private/dns';
import { fail } from '../private/errors';

/** Where the proxy image keeps the certificates of public authorities. */
const SYSTEM_AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

/**
 * How a client checks the certificate of a server.
 */
export class ServerTrust {
  /** By the public authorities that the image of the proxy brings along. */
  public static system(): ServerTrust {
    return new ServerTrust({ caCertificates: SYSTEM_AUTHORITIES });
  }

  /**
   * By authorities in a file that is mounted into the proxy.
   *
   * @param authorities path of the certificates of the authorities
   * @param revoked path of certificates that were revoked; none unless given
   */
  public static file(authorities: string, revoked?: string): ServerTrust {
    if (authorities === '') { fail('MESH-E030', 'an empty path of authorities', 'name the file, or use ServerTrust.system()'); }
    return new ServerTrust({ caCertificates: authorities, caCrl: revoked });
  }

  /**
   * By authorities in a Secret, under the key `ca.crt` or `cacert`. It works at gateways, and at sidecars when the DestinationRule selects
   * workloads; it must be in the namespace of those pods.
   *
   * @param secretName name of the Secret
   */
  public static secret(secretName: string): ServerTrust {
    return new ServerTrust({ credentialName: dnsSubdomain('Secret name', secretName) });
  }

  /**
   * By authorities in a ConfigMap of the namespace of the DestinationRule, under the key `ca.crt`.
   *
   * @param configMapName name of the ConfigMap
   */
  public static configMap(configMapName: string): ServerTrust {
    return new ServerTrust({ credentialName: `configmap://${dnsSubdomain('ConfigMap name', configMapName)}` });
  }

  /** Not at all: anybody can stand between. */
  public static unchecked(): ServerTrust {
    return new ServerTrust({ insecureSkipVerify: true });
  }

  /** @internal */
  public readonly _fields: Partial<crd.ClientTLSSettings>;

  private constructor(fields: Partial<crd.ClientTLSSettings>) {
    this._fields = fields;
  }
}

/**
 * The certificate that a client shows.
 */
export class ClientCertificate {
  /**
   * A certificate from files that are mounted into the proxy.
   *
   * @param certificate path of the certificate, with its chain
   * @param privateKey path of its private key
   */
  public static files(certificate: string, privateKey: string): ClientCertificate {
    if (certificate === '' || privateKey === '') { fail('MESH-E030', 'a certificate file without path', 'name certificate and private key'); }
    return new ClientCertificate({ clientCertificate: certificate, privateKey });
  }

  /**
   * A certificate from a Secret, which holds the authorities for the server too, under the key `ca.crt`. It works at gateways, and at sidecars
   * when the DestinationRule selects workloads; it must be in the namespace of those pods.
   *
   * @param secretName name of the Secret
   */
  public static secret(secretName: string): ClientCertificate {
    return new ClientCertificate({ credentialName: dnsSubdomain('Secret name', secretName) });
  }

  /** @internal */
  public readonly _fields: Partial<crd.ClientTLSSettings>;

  private constructor(fields: Partial<crd.ClientTLSSettings>) {
    this._fields = fields;
  }
}

/** What a client says and expects when it begins to speak TLS. */
export interface ClientTlsOptions {
  /**
   * Server name that is asked for (SNI).
   *
   * @default - the host of the request for a DestinationRule of one host outside of the mesh; none otherwise
   */
  readonly serverName?: string;

  /**
   * Names that the certificate of the server must hold one of (subject alternative names).
   *
   * @default - those of the service, as far as the mesh knows them
   */
  readonly certificateNames?: string[];
}

/**
 * How clients speak TLS to a host.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings
 */
export class ClientTls {
  /** Not at all, not even the mesh's own mutual TLS. A server that demands mutual TLS refuses such calls. */
  public static disable(): ClientTls {
    return new ClientTls({ mode: crd.ClientTLSMode.DISABLE });
  }

  /**
   * The client checks the server, and shows nothing itself.
   *
   * @param trust how the certificate of the server is checked
   */
  public static simple(trust: ServerTrust = ServerTrust.system(), options: ClientTlsOptions = {}): ClientTls {
    refuseUncheckedNames(trust, options);
    return new ClientTls({ mode: crd.ClientTLSMode.SIMPLE, ...trust._fields, ...names(options) });
  }

  /**
   * Both sides show a certificate, and neither is the mesh's.
   *
   * @param certificate the certificate of the client
   * @param trust how the certificate of the server is checked; by the Secret of the client certificate when it comes from one and this is left out
   */
  public static mutual(certificate: ClientCertificate, trust?: ServerTrust, options: ClientTlsOptions = {}): ClientTls {
    const bySecret = certificate._fields.credentialName !== undefined;
    if (trust?._fields.credentialName !== undefined || (bySecret && trust?._fields.caCertificates !== undefined)) {
      fail('MESH-E031', 'a client certificate and authorities that come from two places, one of them a Secret',
        'put both into one Secret and leave trust out, or name files for both');
    }
    if (trust) { refuseUncheckedNames(trust, options); }
    const checked = trust ?? (bySecret ? undefined : ServerTrust.system());
    return new ClientTls({ mode: crd.ClientTLSMode.MUTUAL, ...certificate._fields, ...checked?._fields, ...names(options) });
  }

  /** Both sides show the certificates that the mesh gave them. Every endpoint must be in the mesh. */
  public static istioMutual(options: ClientTlsOptions = {}): ClientTls {
    return new ClientTls({ mode: crd.ClientTLSMode.ISTIO_MUTUAL, ...names(options) });
  }

  private readonly fields: crd.ClientTLSSettings;

  private constructor(fields: crd.ClientTLSSettings) {
    this.fields = fields;
  }

  /** @internal */
  public _render(): crd.ClientTLSSettings {
    return this.fields;
  }
}

function refuseUncheckedNames(trust: ServerTrust, { certificateNames }: ClientTlsOptions): void {
  if (trust._fields.insecureSkipVerify && certificateNames !== undefined) {
    fail('MESH-E031', 'names that a certificate must hold, and the certificate is not checked', 'leave certificateNames out, or check the certificate');
  }
}

function names({ serverName, certificateNames }: ClientTlsOptions): Partial<crd.ClientTLSSettings> {
  if (serverName !== undefined) { hostName(serverName); }
  return { sni: serverName, subjectAltNames: certificateNames && [...certificateNames] };
}
