import { Construct } from 'constructs';
import { NamespaceAuthorities } from './namespace-authorities';
import { warn } from './warn';
import { lifetimeFindings } from '../../engine/pki/lifetimes';
import { CertificateRequest } from '../../engine/pki/request';
import { CertificateRecord } from '../../engine/pki/store/store-index';
import { dnsSubdomain } from '../../private/dns';
import { MeshFault } from '../../private/errors';
import { MeshCertificateAuthority } from '../mesh-certificate-authority';
import { SecretSink } from '../secret-sink';

/** What a construct wants to have issued, and which Secret it goes into. */
export interface Issued {
  readonly authority: MeshCertificateAuthority;
  /** Name in the store. */
  readonly certificateName: string;
  readonly request: CertificateRequest;
  readonly secretName: string;
  readonly namespace: string;
  readonly secretType: string;
  /** Entry that holds the private key. */
  readonly keyEntry: string;
  readonly sink: SecretSink;
  readonly labels?: { readonly [key: string]: string };
}

/**
 * A certificate from a store, with the Secret that it goes into.
 *
 * @internal
 */
export abstract class IssuedCertificate extends Construct {
  /** The authority that issues it. */
  public readonly authority: MeshCertificateAuthority;
  /** Name by which the store and its commands know it. */
  public readonly certificateName: string;
  /** Name of the Secret. */
  public readonly secretName: string;
  /** Namespace of the Secret. */
  public readonly secretNamespace: string;

  protected constructor(scope: Construct, id: string, describe: (path: string) => Issued) {
    super(scope, id);
    const { path } = this.node;
    const issued = describe(path);
    const { authority, certificateName, request, secretName, namespace, sink } = issued;
    this.authority = authority;
    this.certificateName = certificateName;
    this.secretName = dnsSubdomain('Secret name', secretName, path);
    this.secretNamespace = namespace;
    authority._session.declare({ name: certificateName, request, sealTo: sink._sealTo(namespace, secretName), path, construct: this });
    this.node.addValidation({ validate: () => this.problems(request) });
    sink._emit(this, {
      name: secretName,
      namespace,
      type: issued.secretType,
      labels: issued.labels,
      keyEntry: issued.keyEntry,
      entries: () => this._entries(),
      certificateName,
      session: authority._session,
    });
  }

  /** The certificate and those between it and its root, as PEM text. Fails while the certificate was not issued. */
  public get certificateChain(): string {
    return this.authority._session.store.chainOf(this._record());
  }

  /** Serial number, in hexadecimal digits. Fails while the certificate was not issued. */
  public get serialNumber(): string {
    return this._record().serial;
  }

  /** The instant from which the certificate is no longer valid, in the form `2031-05-06T07:08:09Z`. Fails while it was not issued. */
  public get validUntil(): string {
    return this._record().notAfter;
  }

  /**
   * The entries of the Secret beside the private key.
   *
   * @internal
   */
  public abstract _entries(): { readonly [entry: string]: string };

  /**
   * What a construct of this kind has to say beside what holds for all of them.
   *
   * @internal
   */
  public _ownProblems(): MeshFault[] {
    return [];
  }

  /** @internal */
  public _record(): CertificateRecord {
    return this.authority._session.record(this.certificateName);
  }

  private problems(request: CertificateRequest): string[] {
    const session = this.authority._session;
    const fault = session.faultOf(this.certificateName);
    if (!fault) { session.warnings(this._record()).forEach((text) => warn(this, text)); }
    lifetimeFindings(request).forEach((text) => warn(this, text));
    return [...fault ? [fault] : [], ...this.strangers(), ...this._ownProblems()].map((one) => one.at(this.node.path).message);
  }

  /** Authorities that vouch for the namespace and do not know the root of this certificate. */
  private strangers(): MeshFault[] {
    const own = new Set(this.authority.rootFingerprints);
    const vouching = NamespaceAuthorities.of(this).of(this.secretNamespace);
    return vouching.filter(({ authority }) => authority !== this.authority && !authority.rootFingerprints.some((root) => own.has(root)))
      .map(({ authority, by }) => new MeshFault({
        code: 'MESH-E056',
        what: `certificate ${this.certificateName} chains to authority "${this.authority.authorityName}", and ${by} names authority "${authority.authorityName}"`,
        fix: `issue it by "${authority.authorityName}", or name "${this.authority.authorityName}" there`,
      }));
  }
}
