import { declareStore, instantOf, placesOf, secondsOf } from './store-options';
import { ExpiryRow, expiringWithin, printRows, rowOf } from '../../engine/pki/expiry';
import { certificateHolders, holderRows } from '../../engine/pki/manifests';
import { openStore } from '../../engine/pki/store/change';
import { Diagnostics } from '../diagnostics';
import { EXIT, Io } from '../io';
import { readManifests } from '../report-options';
import { VerbDefinition } from '../verb';

/** `cdk8s-mesh pki status`. */
export const STATUS: VerbDefinition = {
  declare(command) {
    declareStore(command)
      .argument('[path...]', 'manifests: files, folders, or - for standard input (default: the store)')
      .option('--within <time>', 'exit with 1 when a certificate in use ends within this time, such as 30d (default: only when one has ended)')
      .option('--at <instant>', 'judge as of an instant such as 2031-05-06T07:08:09Z (default: now)')
      .option('--json', 'print JSON');
  },

  run(paths, given, io) {
    const at = instantOf(given.at);
    const within = secondsOf('--within', given.within) ?? 0;
    const rows = rowsOf(paths, given, io, at).sort((a, b) => a.left - b.left);
    io.out(given.json === true ? `${JSON.stringify(rows, null, 2)}\n` : `${printRows(rows)}\n`);
    const ending = expiringWithin(rows, within);
    if (ending.length > 0 && given.json !== true) { io.out(`\n${ending.length} of ${rows.length} ${within === 0 ? 'have ended' : `end within ${String(given.within)}`}\n`); }
    return ending.length > 0 ? EXIT.findings : EXIT.fine;
  },
};

function rowsOf(paths: readonly string[], given: { readonly [name: string]: unknown }, io: Io, at: Date): ExpiryRow[] {
  if (paths.length === 0) {
    return placesOf(given, io).flatMap((place) => openStore(place).records.all().filter(({ current }) => current)).map((record) => rowOf(record, at));
  }
  const { documents } = readManifests(paths, io, new Diagnostics(io, given.debug === true));
  return certificateHolders(documents).flatMap((holder) => holderRows(holder, at));
}
