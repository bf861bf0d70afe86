import { Construct } from 'constructs';
import { AuthoritySession } from './private/authority-session';
import { outputFolder } from './private/output-folder';
import { storePlace } from './private/store-place';

/** How a certificate store is used. */
export interface CertificateStoreOptions {
  /**
   * Folder of the private keys, outside of repository and output. Only issuing and the sinks that hand out keys need it.
   *
   * @default - the variable CDK8S_MESH_PKI_PRIVATE, or else a folder of the user that is named after the store
   */
  readonly privateFolder?: string;

  /**
   * Whether synth issues certificates that were declared and are not in the store yet, or were declared otherwise.
   *
   * @default - only when synth runs under `cdk8s-mesh pki issue -- COMMAND`
   */
  readonly issueMissing?: boolean;

  /**
   * The instant by which synth reports what has expired, in the form `2031-05-06T07:08:09Z`. For examples and tests whose certificates are
   * kept in a repository; it changes reports only.
   *
   * @default - now
   */
  readonly reportAt?: string;
}

/**
 * Where the certificates of an app are kept. A store has two halves.
 *
 * The public half is a folder that is committed: certificates, trust bundles, sealed private keys, and an index of everything that was issued,
 * signed by the authority. Synth needs nothing else, so it gives the same output on every machine. The private half holds the private keys, in a folder
 * outside of the repository or in the environment, and is needed only to issue and to renew.
 *
 * Synth never makes a store and never renews a certificate: the commands `cdk8s-mesh pki init`, `issue` and `rotate` do.
 *
 * @example
 *
 * const store = pki.CertificateStore.folder('pki');
 */
export class CertificateStore {
  /**
   * A store whose public half is a folder.
   *
   * @param path the folder; relative paths begin where synth runs
   * @param options where the private half is, and what synth may do
   */
  public static folder(path: string, options: CertificateStoreOptions = {}): CertificateStore {
    return new CertificateStore(path, options);
  }

  /** Folder of the public half. */
  public readonly publicFolder: string;
  private readonly options: CertificateStoreOptions;

  private constructor(path: string, options: CertificateStoreOptions) {
    this.publicFolder = path;
    this.options = options;
  }

  /**
   * Opens the part of an authority.
   *
   * @internal
   */
  public _open(authority: Construct, authorityName: string): AuthoritySession {
    const { privateFolder, issueMissing, reportAt } = this.options;
    const place = storePlace(this.publicFolder, authorityName, privateFolder, outputFolder(authority));
    return new AuthoritySession(place, { issueMissing, reportAt, path: authority.node.path });
  }
}
