import { declareStore, listOf, oneOf, placesOf, textOf } from './store-options';
import { rowOf } from '../../engine/pki/expiry';
import { changeStore, openStore, StorePlace } from '../../engine/pki/store/change';
import { earliest, nextStep, renewDue, renewNamed, ROTATION_STEPS, RotationStep, takeStep } from '../../engine/pki/store/rotate';
import { CertificateRecord } from '../../engine/pki/store/store-index';
import { EXIT, Io, UsageError } from '../io';
import { VerbDefinition } from '../verb';

/** What has to happen before the next step. */
const IN_BETWEEN: { readonly [step in RotationStep]: readonly string[] } = {
  'add-root': [
    'commit the store, synthesize and apply: everybody is given both roots, and nothing else changes',
    'Istio: istiod takes the new roots over when it runs with ISTIO_MULTIROOT_MESH=true; otherwise: kubectl -n istio-system rollout restart deployment/istiod',
    'Linkerd: kubectl -n linkerd rollout restart deploy, then restart the meshed workloads',
    'workloads with certificates of their own: restart those that read their roots at start only',
  ],
  'switch-issuer': [
    'commit the store, synthesize and apply: what is issued from now on chains to the new root',
    'Istio: istiod takes the new intermediate over; proxies follow when they renew their certificates',
    'Linkerd: kubectl -n linkerd rollout restart deploy/linkerd-identity',
    'workloads with certificates of their own: restart those that read their certificates at start only',
  ],
  'drop-old-root': [
    'commit the store, synthesize and apply: the old root is no longer trusted',
    'destroy the private keys of the old root and its intermediates',
  ],
};

/** `cdk8s-mesh pki rotate`. */
export const ROTATE: VerbDefinition = {
  declare(command) {
    declareStore(command)
      .option('--name <names>', 'renew these certificates, due or not, separated by commas')
      .option('--phase <step>', `take a step of changing the root: ${ROTATION_STEPS.join(', ')}`)
      .option('--confirmed', 'take the step before it is safe by arithmetic: you saw that everybody is ready for it')
      .addHelpText('after', '\nWithout --name and --phase everything is renewed that is due: run it daily.\n');
  },

  run(_, given, io) {
    const names = listOf(given.name);
    const phase = textOf(given.phase);
    if (names.length > 0 && phase !== undefined) { throw new UsageError('--name and --phase are two different things; give one of them'); }
    const places = placesOf(given, io);
    if (places.length > 1 && (names.length > 0 || phase !== undefined)) {
      throw new UsageError(`the store has ${places.length} authorities; name one of ${places.map(({ authority }) => authority).join(', ')} with --authority`);
    }
    for (const place of places) {
      if (phase === undefined) { renew(place, names, io); } else { takePhase(place, oneOf('--phase', phase, ROTATION_STEPS), given.confirmed === true, io); }
    }
    return EXIT.fine;
  },
};

function renew(place: StorePlace, names: readonly string[], io: Io): void {
  const now = new Date();
  const renewed = changeStore(place, now, (draft) => names.length > 0 ? renewNamed(draft, names) : renewDue(draft));
  tell(place, renewed, io);
  const due = openStore(place).records.trustedRoots().filter((root) => rowOf(root, now).state !== 'valid');
  due.forEach((root) => io.err(`warning: ${root.name} of authority "${place.authority}" ends at ${root.notAfter}; begin to replace it with --phase add-root\n`));
}

function takePhase(place: StorePlace, step: RotationStep, confirmed: boolean, io: Io): void {
  const now = new Date();
  const issued = changeStore(place, now, (draft) => takeStep(draft, step, confirmed));
  tell(place, issued, io);
  const store = openStore(place);
  const { rotation, settings } = store.index;
  io.out(['', 'now:', ...IN_BETWEEN[step].map((line) => `  - ${line}`), ''].join('\n'));
  if (rotation.phase === 'steady') { return; }
  const next = nextStep(rotation.phase);
  const from = earliest({ records: store.records, phase: rotation, settings, now }, next);
  io.out(`then, from ${from}:\n  cdk8s-mesh pki rotate --store ${place.folder} --authority ${place.authority} --phase ${next}\n`);
}

function tell({ authority }: StorePlace, records: readonly CertificateRecord[], io: Io): void {
  io.out(records.length === 0 ? `authority "${authority}": nothing was renewed\n` : `authority "${authority}":\n`);
  records.forEach(({ name, serial, notAfter }) => io.out(`  ${name} ${serial} until ${notAfter}\n`));
}
