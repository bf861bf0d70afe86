import * as fs from 'fs';
import { declareStore, Given, instantOf, listOf, placesOf, secondsOf, textOf } from './store-options';
import { expectedHosts } from '../../engine/pki/expected-hosts';
import { describeLeft, expiringWithin, ExpiryRow, rowOf } from '../../engine/pki/expiry';
import { readCertificate } from '../../engine/pki/facts';
import { certificateHolders, HolderChecks, holderProblems, holderRows } from '../../engine/pki/manifests';
import { certificatesIn } from '../../engine/pki/pem';
import { changeStore, openStore, StorePlace } from '../../engine/pki/store/change';
import { verifyStore } from '../../engine/pki/store/verify-store';
import { Diagnostics } from '../diagnostics';
import { EXIT, Io, UsageError } from '../io';
import { readManifests } from '../report-options';
import { VerbDefinition } from '../verb';

interface Verdict {
  readonly problems: readonly string[];
  readonly rows: readonly ExpiryRow[];
}

/** `cdk8s-mesh pki verify`. */
export const VERIFY: VerbDefinition = {
  declare(command) {
    declareStore(command)
      .argument('[path...]', 'manifests: files, folders, or - for standard input (default: the store)')
      .option('--roots <file>', 'PEM file with the roots that certificates in manifests must chain to (default: those that each object brings)')
      .option('--host <names>', 'hosts that end certificates in manifests must answer for, separated by commas (default: those of the gateways and ingresses in the manifests)')
      .option('--identity <spiffe-id>', 'identity that end certificates in manifests must have')
      .option('--within <time>', 'count as wrong what ends within this time, such as 30d')
      .option('--at <instant>', 'judge as of an instant such as 2031-05-06T07:08:09Z (default: now)')
      .option('--accept', 'sign the index of the store anew when everything in it is right: after a merge that you looked at');
  },

  run(paths, given, io) {
    const at = instantOf(given.at);
    const { problems, rows } = paths.length === 0 ? verifyStores(given, io, at) : verifyManifests(paths, given, io, at);
    const within = secondsOf('--within', given.within);
    const ending = within === undefined ? [] : expiringWithin(rows, within).filter(({ left }) => left >= 0).map(({ name, notAfter, left }) => `${name}: ends at ${notAfter}, in ${describeLeft(left)}`);
    const all = [...problems, ...ending];
    all.forEach((text) => io.out(`${text}\n`));
    io.out(`${all.length} ${all.length === 1 ? 'problem' : 'problems'} in ${rows.length} certificates\n`);
    return all.length > 0 ? EXIT.findings : EXIT.fine;
  },
};

function verifyStores(given: Given, io: Io, at: Date): Verdict {
  const accept = given.accept === true;
  const verdicts = placesOf(given, io).map((place): Verdict => {
    const store = openStore({ ...place, unsigned: accept });
    const problems = verifyStore(store, at).map(({ name, text }) => `${place.authority}: ${name}: ${text}`);
    if (accept && problems.length === 0) { sign(place, at); }
    return { problems, rows: store.records.all().filter(({ current }) => current).map((record) => rowOf(record, at)) };
  });
  return { problems: verdicts.flatMap((verdict) => verdict.problems), rows: verdicts.flatMap((verdict) => verdict.rows) };
}

function sign(place: StorePlace, at: Date): void {
  changeStore({ ...place, unsigned: true }, at, (draft) => { draft.accept(); });
}

function verifyManifests(paths: readonly string[], given: Given, io: Io, at: Date): Verdict {
  if (given.accept === true) { throw new UsageError('--accept is for a store, not for manifests'); }
  const { documents } = readManifests(paths, io, new Diagnostics(io, given.debug === true));
  const checks: HolderChecks = { at, roots: rootsOf(textOf(given.roots)), hosts: listOf(given.host), identity: textOf(given.identity), expected: expectedHosts(documents) };
  const holders = certificateHolders(documents);
  return {
    problems: holders.flatMap((holder) => holderProblems(holder, checks).map((text) => `${holder.object}: ${text}`)),
    rows: holders.flatMap((holder) => holderRows(holder, at)),
  };
}

function rootsOf(file: string | undefined): HolderChecks['roots'] {
  if (file === undefined) { return []; }
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  const roots = certificatesIn(text).map((pem) => readCertificate(pem, file));
  if (roots.length === 0) { throw new UsageError(`${file} holds no certificate`); }
  return roots;
}
