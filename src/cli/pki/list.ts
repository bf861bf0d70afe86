import { declareStore, instantOf, placesOf, textOf } from './store-options';
import { ExpiryRow, printRows, rowOf } from '../../engine/pki/expiry';
import { AuthorityStore } from '../../engine/pki/store/authority-store';
import { openStore } from '../../engine/pki/store/change';
import { EXIT, UsageError } from '../io';
import { VerbDefinition } from '../verb';

/** `cdk8s-mesh pki list`. */
export const LIST: VerbDefinition = {
  declare(command) {
    declareStore(command)
      .option('--current', 'only those that are in use')
      .option('--pem <certificate>', 'print the chain of one certificate, by its name or serial number')
      .option('--json', 'print JSON');
  },

  run(_, given, io) {
    const stores = placesOf(given, io).map((place) => openStore(place));
    const wanted = textOf(given.pem);
    if (wanted !== undefined) {
      io.out(chainOf(stores, wanted));
      return EXIT.fine;
    }
    const now = instantOf(undefined);
    const rows = stores.flatMap((store) => rowsOf(store, given.current === true, now));
    io.out(given.json === true ? `${JSON.stringify(rows, null, 2)}\n` : `${printRows(rows)}\n`);
    return EXIT.fine;
  },
};

function rowsOf(store: AuthorityStore, currentOnly: boolean, now: Date): ExpiryRow[] {
  const records = currentOnly ? store.records.all().filter(({ current }) => current) : [...store.records.all(), ...store.history()];
  return records.map((record) => rowOf(record, now));
}

function chainOf(stores: readonly AuthorityStore[], wanted: string): string {
  for (const store of stores) {
    const record = store.records.current(wanted) ?? store.records.bySerial(wanted.toLowerCase());
    if (record) { return store.chainOf(record) || store.pemOf(record); }
  }
  throw new UsageError(`no certificate is named "${wanted}"; "cdk8s-mesh pki list" shows what there is`);
}
