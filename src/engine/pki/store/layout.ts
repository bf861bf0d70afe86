import * as path from 'path';

/** File of a store that names it. */
export const STORE_FILE = 'store.json';

/** Where the public half of an authority keeps what. Files but the index never change once they are written. */
export class Layout {
  /** Folder of the authority. */
  public readonly folder: string;

  public constructor(public readonly store: string, public readonly authority: string) {
    this.folder = path.join(store, authority);
  }

  /** Everything that is known, signed. */
  public get index(): string { return path.join(this.folder, 'index.json'); }
  /** What has expired, one certificate a line. */
  public get history(): string { return path.join(this.folder, 'history.jsonl'); }
  /** The trusted roots, for people and other programs; the library itself goes by the index. */
  public get bundle(): string { return path.join(this.folder, 'bundle.pem'); }
  /** Held while somebody writes. */
  public get lock(): string { return path.join(this.folder, '.lock'); }
  public get certificates(): string { return path.join(this.folder, 'certificates'); }
  public get sealed(): string { return path.join(this.folder, 'sealed'); }
  public get sealing(): string { return path.join(this.folder, 'sealing'); }
  public get lists(): string { return path.join(this.folder, 'crl'); }

  public certificate(serial: string): string { return path.join(this.certificates, `${serial}.pem`); }
  /** A sealed private key. */
  public sealedText(digest: string): string { return path.join(this.sealed, `${digest.slice(0, 32)}.txt`); }
  /** A certificate that private keys are sealed for. */
  public sealingCertificate(fingerprint: string): string { return path.join(this.sealing, `${fingerprint.slice(0, 32)}.pem`); }
  public list(digest: string): string { return path.join(this.lists, `${digest.slice(0, 32)}.pem`); }
}
