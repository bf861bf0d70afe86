import * as path from 'path';

/** File of a store that names it. */
export const STORE_FILE = 'store.json';

/** Where the public half of an authority keeps what. */
export class Layout {
  /** Folder of the authority. */
  public readonly folder: string;

  public constructor(public readonly store: string, public readonly authority: string) {
    this.folder = path.join(store, authority);
  }

  /** Everything that is known, in one signed file: it is either all there or all as before. */
  public get index(): string { return path.join(this.folder, 'index.json'); }
  /** What has expired, one certificate a line. */
  public get history(): string { return path.join(this.folder, 'history.jsonl'); }
  /** The trusted roots, for people and other programs; the library itself goes by the index. */
  public get bundle(): string { return path.join(this.folder, 'bundle.pem'); }
  /** Held while somebody writes. */
  public get lock(): string { return path.join(this.folder, '.lock'); }
}
