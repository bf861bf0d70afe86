import { StorePlace } from '../../engine/pki/store/change';
import { isDnsLabel } from '../../private/dns';
import { fail } from '../../private/errors';

/** Where the store of an authority is. */
export function storePlace(folder: string, authority: string, privateFolder: string | undefined, outdir: string | undefined): StorePlace {
  if (!isDnsLabel(authority)) { fail('MESH-E001', `invalid name of an authority, got "${authority}"`, 'use at most 63 lower-case letters, digits and dashes'); }
  return {
    folder,
    authority,
    privateFolder,
    environment: process.env,
    forbidden: outdir === undefined ? [] : [{ folder: outdir, what: 'the output of the app' }],
  };
}
