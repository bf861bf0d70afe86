import * as crd from './crd';
import { TlsSource } from '../core/ingress-gateway';
import { dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';
import { checkCiphers } from './private/cipher-suites';

/** A certificate that lies in files beside the proxy. */
export interface CertificateFiles {
  /** Path of the certificate, with its chain. */
  readonly certificate: string;
  /** Path of its private key. */
  readonly privateKey: string;
}

/** Versions of TLS. */
export enum TlsVersion {
  /** TLS 1.0, which browsers speak no more. */
  TLS_1_0 = 'TLSV1_0',
  /** TLS 1.1, which browsers speak no more. */
  TLS_1_1 = 'TLSV1_1',
  /** TLS 1.2. */
  TLS_1_2 = 'TLSV1_2',
  /** TLS 1.3. */
  TLS_1_3 = 'TLSV1_3',
}

/**
 * The certificate that a server shows.
 */
export class ServerCertificate {
  /**
   * A certificate from a Secret of type kubernetes.io/tls. It must be in the namespace in which the gateway's pods run, wherever the
   * Gateway itself stands. A second Secret may hold the certificate with another kind of key (RSA beside ECDSA).
   *
   * @param secretNames names of the Secrets, one or two
   */
  public static secret(...secretNames: string[]): ServerCertificate {
    secretNames.forEach((name) => dnsSubdomain('Secret name', name));
    const fields = secretNames.length === 1 ? { credentialName: secretNames[0] } : { credentialNames: secretNames };
    return new ServerCertificate(secretNames.length, fields);
  }

  /**
   * A certificate as ingresses of the app name it.
   *
   * @param source where it comes from
   */
  public static of(source: TlsSource): ServerCertificate {
    return ServerCertificate.secret(source.secretName);
  }

  /**
   * A certificate from files that are mounted into the proxy. A second one may have another kind of key.
   *
   * @param files paths of the files, one set or two
   */
  public static files(...files: CertificateFiles[]): ServerCertificate {
    const [first] = files;
    if (files.some((set) => set.certificate === '' || set.privateKey === '')) { fail('MESH-E030', 'a certificate file without path', 'name certificate and privateKey'); }
    if (files.length === 1) {
      return new ServerCertificate(1, { serverCertificate: first.certificate, privateKey: first.privateKey });
    }
    return new ServerCertificate(files.length, {
      tlsCertificates: files.map((set) => ({ serverCertificate: set.certificate, privateKey: set.privateKey })),
    });
  }

  /** Names of the Secrets; empty when the certificate lies in files. */
  public readonly secretNames: string[];
  /** @internal */
  public readonly _fields: Partial<crd.ServerTLSSettings>;

  private constructor(count: number, fields: Partial<crd.ServerTLSSettings>) {
    if (count < 1 || count > 2) {
      fail('MESH-E030', `${count} certificates for one server`, 'give one, or two with different kinds of keys');
    }
    this._fields = fields;
    this.secretNames = fields.credentialNames ?? (fields.credentialName === undefined ? [] : [fields.credentialName]);
  }
}

/** What a server demands of TLS. */
export interface ServerTlsOptions {
  /**
   * Oldest version of TLS that is spoken.
   *
   * @default - the default of the mesh (Istio: 1.2)
   */
  readonly minVersion?: TlsVersion;

  /**
   * Newest version of TLS that is spoken.
   *
   * @default - the newest
   */
  readonly maxVersion?: TlsVersion;

  /**
   * Cipher suites for TLS 1.2 and older, such as `ECDHE-ECDSA-AES256-GCM-SHA384`.
   *
   * @default - those that Envoy holds to be safe
   */
  readonly cipherSuites?: string[];
}

/** How a server checks the certificates of its clients. */
export interface ClientCheckOptions extends ServerTlsOptions {
  /**
   * Secret or ConfigMap with the authorities that client certificates are checked by, under the key `ca.crt`.
   *
   * @default - `ca.crt` of the Secret of the server certificate, or of the Secret of that name with `-cacert` at its end
   */
  readonly authoritiesSecret?: string;

  /**
   * Path of the authorities that client certificates are checked by, for a certificate from files.
   *
   * @default - none
   */
  readonly authoritiesFile?: string;

  /**
   * Path of certificates that were revoked, for a certificate from files.
   *
   * @default - none
   */
  readonly revokedFile?: string;

  /**
   * Names that a client certificate must hold one of (subject alternative names).
   *
   * @default - any
   */
  readonly clientNames?: string[];

  /**
   * SHA-256 hashes, in hexadecimal, of the client certificates that are let in.
   *
   * @default - any
   */
  readonly certificateHashes?: string[];

  /**
   * SHA-256 hashes, in base64, of the public keys (SPKI) of the clients that are let in.
   *
   * @default - any
   */
  readonly publicKeyHashes?: string[];

  /**
   * Whether clients are let in although the check of their certificate failed. The certificate goes on to the service in
   * `x-forwarded-client-cert`, and the service decides.
   *
   * @default false
   */
  readonly letUnverifiedIn?: boolean;
}

/**
 * How a server of a gateway or a sidecar speaks TLS.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings
 */
export class ServerTls {
  /**
   * The server shows a certificate and asks for none.
   *
   * @param certificate the certificate of the server
   */
  public static simple(certificate: ServerCertificate, options: ServerTlsOptions = {}): ServerTls {
    return new ServerTls({ mode: crd.ServerTLSMode.SIMPLE, ...certificate._fields, ...versions(options) }, certificate);
  }

  /**
   * Both sides show a certificate.
   *
   * @param certificate the certificate of the server
   */
  public static mutual(certificate: ServerCertificate, options: ClientCheckOptions = {}): ServerTls {
    return new ServerTls({ mode: crd.ServerTLSMode.MUTUAL, ...certificate._fields, ...checks(certificate, options) }, certificate);
  }

  /**
   * The server shows a certificate; a client may show one, which is checked then.
   *
   * @param certificate the certificate of the server
   */
  public static optionalMutual(certificate: ServerCertificate, options: ClientCheckOptions = {}): ServerTls {
    return new ServerTls({ mode: crd.ServerTLSMode.OPTIONAL_MUTUAL, ...certificate._fields, ...checks(certificate, options) }, certificate);
  }

  /** Connections are passed on as they are, by the server name that the client asks for; VirtualServices say where. */
  public static passthrough(): ServerTls {
    return new ServerTls({ mode: crd.ServerTLSMode.PASSTHROUGH });
  }

  /** Connections are passed on as they are, to the service that the server name stands for. For gateways between clusters. */
  public static autoPassthrough(): ServerTls {
    return new ServerTls({ mode: crd.ServerTLSMode.AUTO_PASSTHROUGH });
  }

  /** Both sides show the certificates that the mesh gave them. */
  public static istioMutual(options: ServerTlsOptions = {}): ServerTls {
    return new ServerTls({ mode: crd.ServerTLSMode.ISTIO_MUTUAL, ...versions(options) });
  }

  /** The certificate of the server, if it has one of its own. */
  public readonly serverCertificate?: ServerCertificate;
  private readonly fields: crd.ServerTLSSettings;

  private constructor(fields: crd.ServerTLSSettings, serverCertificate?: ServerCertificate) {
    this.fields = fields;
    this.serverCertificate = serverCertificate;
  }

  /** @internal */
  public _render(): crd.ServerTLSSettings {
    return this.fields;
  }
}

function versions({ minVersion, maxVersion, cipherSuites }: ServerTlsOptions): Partial<crd.ServerTLSSettings> {
  const order = Object.values(TlsVersion);
  if (minVersion && maxVersion && order.indexOf(minVersion) > order.indexOf(maxVersion)) {
    fail('MESH-E031', `TLS from ${minVersion} up to ${maxVersion}`, 'give minVersion the older one');
  }
  if (minVersion && order.indexOf(minVersion) < order.indexOf(TlsVersion.TLS_1_2) && cipherSuites === undefined) {
    fail('MESH-E031', `TLS from ${minVersion} on without cipher suites, none of which Envoy speaks for it by itself`,
      'name cipherSuites that the version has, or demand TlsVersion.TLS_1_2');
  }
  checkCiphers(cipherSuites);
  return {
    minProtocolVersion: minVersion && crd.TLSProtocol[minVersion],
    maxProtocolVersion: maxVersion && crd.TLSProtocol[maxVersion],
    cipherSuites: cipherSuites && [...cipherSuites],
  };
}

function checks(certificate: ServerCertificate, options: ClientCheckOptions): Partial<crd.ServerTLSSettings> {
  const { authoritiesSecret, authoritiesFile, revokedFile, clientNames, certificateHashes, publicKeyHashes, letUnverifiedIn } = options;
  const inFiles = certificate.secretNames.length === 0;
  if (authoritiesSecret !== undefined) { dnsSubdomain('Secret name', authoritiesSecret); }
  if (!inFiles && (authoritiesFile ?? revokedFile) !== undefined) {
    fail('MESH-E031', 'files to check client certificates by, beside a Secret', 'put them into the Secret under the keys ca.crt and ca.crl, or give the certificate as files');
  }
  if (inFiles && (authoritiesFile === undefined || authoritiesSecret !== undefined)) {
    fail('MESH-E030', 'a certificate from files whose clients are checked by no file', 'name authoritiesFile');
  }
  return {
    ...versions(options),
    caCertCredentialName: authoritiesSecret,
    caCertificates: authoritiesFile,
    caCrl: revokedFile,
    subjectAltNames: clientNames && [...clientNames],
    verifyCertificateHash: certificateHashes && [...certificateHashes],
    verifyCertificateSpki: publicKeyHashes && [...publicKeyHashes],
    insecureSkipVerify: letUnverifiedIn,
  };
}
