import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { CertificateRequest } from '../src/engine/pki/request';
import { changeStore, openStore, StorePlace } from '../src/engine/pki/store/change';
import { initAuthority } from '../src/engine/pki/store/init';
import { ensureCertificate, standingOf, WantedCertificate } from '../src/engine/pki/store/issue-certificates';

const LEAVES = 1000;
const VALID = 20;
const ISSUE_SECONDS = 6;
const SYNTH_MS = 50;

function wanted(index: number): WantedCertificate {
  const request: CertificateRequest = {
    kind: 'workload', subject: {}, uris: [`spiffe://cluster.local/ns/shop/sa/w${index}`], dnsNames: [`w${index}.shop.svc`], ipAddresses: [], keyType: 'ecdsa-p256', lifetime: 24 * 3600, renewBefore: 8 * 3600,
  };
  return { name: `workload/shop/w${index}`, request };
}

/** Processor time of a step, in seconds: other programs on the machine change it little. */
function cpu(step: () => void): number {
  const { user, system } = process.cpuUsage();
  step();
  const after = process.cpuUsage();
  return (after.user + after.system - user - system) / 1e6;
}

/** What a synth does with a store that holds everything that it declares. */
function readStore(place: StorePlace, count: number): void {
  const store = openStore(place);
  for (let index = 0; index < count; index++) {
    const declared = wanted(index);
    if (standingOf(store, declared) !== 'ready') { throw new Error(`${declared.name} is not ready`); }
    store.chainOf(store.records.current(declared.name)!);
  }
  store.bundle();
}

function newStore(folder: string, name: string, count: number): { readonly place: StorePlace; readonly seconds: number } {
  const place = { folder: path.join(folder, name), authority: 'bench', privateFolder: path.join(folder, `${name}-keys`), environment: {} };
  initAuthority(place, { trustDomain: 'cluster.local', keyType: 'ecdsa-p256', subject: {} }, new Date());
  const seconds = cpu(() => changeStore(place, new Date(), (draft) => { for (let index = 0; index < count; index++) ensureCertificate(draft, wanted(index)); }));
  return { place, seconds };
}

function isLoaded(library: string): boolean {
  return Object.keys(require.cache).some((file) => file.includes(library));
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-pki-'));
try {
  const loadedAtOnce = isLoaded('@peculiar');
  const small = newStore(folder, 'small', VALID);
  const large = newStore(folder, 'large', LEAVES);
  // Before it is timed it is compiled, as in a synth of which this is a small part.
  readStore(small.place, VALID);
  const [few, many] = [small.place, large.place].map((place, index) => cpu(() => readStore(place, [VALID, LEAVES][index])) * 1000);
  const rows: readonly (readonly [string, string, boolean])[] = [
    [`issue ${LEAVES} leaves`, `${large.seconds.toFixed(2)} s (aim: ${ISSUE_SECONDS})`, large.seconds < ISSUE_SECONDS],
    [`a synth that finds a valid store of ${VALID} leaves`, `${few.toFixed(1)} ms (aim: ${SYNTH_MS})`, few < SYNTH_MS],
    [`the same with ${LEAVES} leaves`, `${many.toFixed(1)} ms (aim: ${SYNTH_MS})`, many < SYNTH_MS],
    ['ASN.1 is loaded before a certificate is made', String(loadedAtOnce), !loadedAtOnce],
  ];
  rows.forEach(([what, figure, good]) => console.log(`${good ? 'ok    ' : 'MISSED'} ${what}: ${figure}`));
  process.exitCode = rows.every(([, , good]) => good) ? 0 : 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
