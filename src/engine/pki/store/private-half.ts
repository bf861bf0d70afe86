import type { KeyObject } from 'crypto';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { fail } from '../../../private/errors';
import { keyId, privateKeyPem, readPrivateKey } from '../keys';
import { pemBlocks } from '../pem';
import { readText, removeUnfinished, writeAtomically } from './atomic-file';

/** Variable that names the folder of the private half. */
export const PRIVATE_FOLDER_VARIABLE = 'CDK8S_MESH_PKI_PRIVATE';
/** Variable that holds private keys themselves, as PEM texts one after the other. */
export const PRIVATE_KEYS_VARIABLE = 'CDK8S_MESH_PKI_KEYS';

/** Where the private half of a store is. */
export interface PrivateHalfOptions {
  /** Folder of the keys; undefined for the variable, or else a folder of the user that is named after the store. */
  readonly privateFolder?: string;
  readonly environment: { readonly [name: string]: string | undefined };
}

/** The private keys of one authority: files that only their owner can read, or texts in the environment. */
export class PrivateHalf {
  /** The keys of an authority of a store. Reads nothing yet. */
  public static of(storeId: string, authority: string, options: PrivateHalfOptions): PrivateHalf {
    const { environment } = options;
    const named = options.privateFolder ?? environment[PRIVATE_FOLDER_VARIABLE];
    const handed = environment[PRIVATE_KEYS_VARIABLE] ?? '';
    return new PrivateHalf(path.resolve(named ?? path.join(userFolder(environment), storeId), authority), handed, named !== undefined || handed === '');
  }

  private readonly known = new Map<string, KeyObject>();
  private handed?: ReadonlyMap<string, KeyObject>;

  private constructor(
    /** Where keys are kept. */
    public readonly folder: string,
    private readonly environmentKeys: string,
    /** Whether new keys stay here. Where the environment hands keys in and no folder is named, nothing is there to keep them. */
    public readonly keeps: boolean,
  ) {}

  /** Whether no key is here at all, so that nothing can be issued. */
  public get isMissing(): boolean {
    return this.environmentKeys === '' && !fs.existsSync(this.folder);
  }

  /** A key by its name; undefined when it is not here. */
  public find(id: string): KeyObject | undefined {
    const known = this.known.get(id) ?? this.handedKeys().get(id);
    if (known) { return known; }
    const file = this.fileOf(id);
    const text = readText(file);
    if (text === undefined) { return undefined; }
    this.checkMode(file);
    const key = readPrivateKey(text, file);
    if (keyId(key) !== id) {
      fail('MESH-E058', `${file} holds another key than its name says`, 'restore the file from its backup');
    }
    this.known.set(id, key);
    return key;
  }

  /** Where a key is or would be kept. */
  public fileOf(id: string): string {
    return path.join(this.folder, `${id}.pem`);
  }

  /** Keeps keys. They are on the disk when this returns. */
  public save(keys: readonly KeyObject[]): void {
    const files = keys.map((key) => ({ file: this.fileOf(keyId(key)), text: privateKeyPem(key) }));
    writeAtomically(files.filter(({ file }) => !fs.existsSync(file)), 0o600);
  }

  /** Fails when keys kept here could end up in a repository or in an output. */
  public checkPlace(forbidden: readonly { readonly folder: string; readonly what: string }[]): void {
    const own = realPath(this.folder);
    const inside = forbidden.find(({ folder }) => isWithin(this.folder, folder));
    const repository = repositoryOf(own);
    if (inside || repository) {
      fail('MESH-E059', `private keys in ${this.folder}, which is within ${inside ? inside.what : `the repository ${repository}`}`,
        `keep them elsewhere: name a folder in ${PRIVATE_FOLDER_VARIABLE}, or leave it out for one of your own`);
    }
  }

  /** Removes what writers left behind that were stopped half-way. */
  public clean(): void {
    removeUnfinished(this.folder);
  }

  private handedKeys(): ReadonlyMap<string, KeyObject> {
    this.handed ??= new Map(pemBlocks(this.environmentKeys).filter(({ label }) => label.endsWith('PRIVATE KEY')).map(({ text }) => {
      const key = readPrivateKey(text, PRIVATE_KEYS_VARIABLE);
      return [keyId(key), key];
    }));
    return this.handed;
  }

  private checkMode(file: string): void {
    // Windows has no such modes.
    // eslint-disable-next-line no-bitwise
    const others = process.platform === 'win32' ? 0 : fs.statSync(file).mode & 0o077;
    if (others !== 0) { fail('MESH-E059', `private key ${file} can be read by others than its owner`, `run "chmod 600 ${file}", and rotate the key if others may have read it`); }
  }
}

function userFolder(environment: PrivateHalfOptions['environment']): string {
  const data = process.platform === 'win32' ? environment.LOCALAPPDATA : environment.XDG_DATA_HOME;
  return path.join(data || path.join(os.homedir(), '.local', 'share'), 'cdk8s-mesh', 'pki');
}

/** The path with all links followed, as far as it exists. */
function realPath(folder: string): string {
  const absolute = path.resolve(folder);
  if (fs.existsSync(absolute)) { return fs.realpathSync(absolute); }
  const parent = path.dirname(absolute);
  return parent === absolute ? absolute : path.join(realPath(parent), path.basename(absolute));
}

/** Whether a folder is another or lies in it, with all links followed. */
export function isWithin(inner: string, outer: string): boolean {
  const relative = path.relative(realPath(outer), realPath(inner));
  return relative === '' || (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative));
}

/** The version-controlled folder around another; undefined when there is none. */
function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    if (['.git', '.hg', '.svn'].some((name) => fs.existsSync(path.join(at, name)))) { return at; }
    if (path.dirname(at) === at) { return undefined; }
  }
}
