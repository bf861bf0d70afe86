import { fail } from '../../../private/errors';
import { describeSeconds } from '../lifetimes';
import { CertificateRequest, isAuthority } from '../request';
import { instant } from '../verify';
import { Draft } from './draft';
import { reissue } from './issue-certificates';
import { CertificateRecord, generationOf, isDue, ISSUER, RotationPhase, rootName } from './store-index';

/** A step of a rotation of the root. */
export type RotationStep = 'add-root' | 'switch-issuer' | 'drop-old-root';

/** The steps in the order in which they are taken. */
export const ROTATION_STEPS: readonly RotationStep[] = ['add-root', 'switch-issuer', 'drop-old-root'];

const FROM: { readonly [step in RotationStep]: RotationPhase } = { 'add-root': 'steady', 'switch-issuer': 'add-root', 'drop-old-root': 'switch-issuer' };

/** Renews every certificate but roots that is due, or whose issuer was revoked, issuers first; returns the new ones. */
export function renewDue(draft: Draft): CertificateRecord[] {
  const orphaned = (record: CertificateRecord) => draft.records.chainOf(record).some(({ revoked }) => revoked);
  return renew(draft, (record) => !record.revoked && (isDue(record, draft.now) || orphaned(record)));
}

/** Renews certificates by their names, whether they are due or not. */
export function renewNamed(draft: Draft, names: readonly string[]): CertificateRecord[] {
  const unknown = names.find((name) => !draft.records.current(name));
  if (unknown !== undefined) { fail('MESH-E054', `no certificate is named "${unknown}"`, 'use names that "cdk8s-mesh pki list" shows'); }
  return renew(draft, ({ name }) => names.includes(name));
}

/**
 * Takes the next step of changing the root. Fails when it is not its turn, and, unless somebody confirmed that it is safe, when clients may
 * not know the new root yet or certificates under the old one may still be in use.
 */
export function takeStep(draft: Draft, step: RotationStep, confirmed: boolean): CertificateRecord[] {
  const { phase } = draft.phase;
  if (phase !== FROM[step]) {
    fail('MESH-E031', `${step} in phase ${phase}`, `take the steps in order: ${ROTATION_STEPS.join(', ')}; the next one is ${nextStep(phase)}`);
  }
  const [before, until] = [draft.now.getTime(), Date.parse(earliest(draft, step))];
  if (before < until && !confirmed) {
    fail('MESH-E057', `${step} before ${instant(new Date(until))}`, step === 'switch-issuer'
      ? `wait ${describeSeconds(Math.ceil((until - before) / 1000))} until everybody trusts the new root, or say with --confirmed that you saw it`
      : `wait ${describeSeconds(Math.ceil((until - before) / 1000))} until nothing under the old root is valid, or say with --confirmed that nobody uses it any more`);
  }
  return { 'add-root': addRoot, 'switch-issuer': switchIssuer, 'drop-old-root': dropOldRoot }[step](draft);
}

/** The step that comes next. */
export function nextStep(phase: RotationPhase): RotationStep {
  return ROTATION_STEPS.find((step) => FROM[step] === phase)!;
}

/** The instant from which a step is safe by arithmetic alone. */
export function earliest(draft: Pick<Draft, 'records' | 'phase' | 'settings' | 'now'>, step: RotationStep): string {
  const settled = instant(new Date(Date.parse(draft.phase.since) + draft.settings.overlap * 1000));
  if (step === 'add-root') { return instant(draft.now); }
  if (step === 'switch-issuer') { return settled; }
  // What was issued under the old root before the switch and may still be shown by somebody.
  const roots = draft.records.trustedRoots();
  const newest = roots[roots.length - 1];
  const old = draft.records.all().filter((record) => !record.current && !record.revoked && !isAuthority(record.request.kind)
    && draft.records.chainOf(record).slice(-1)[0] !== newest);
  return old.reduce((latest, { notAfter }) => notAfter > latest ? notAfter : latest, settled);
}

function addRoot(draft: Draft): CertificateRecord[] {
  const roots = draft.records.trustedRoots();
  const generation = generationOf(roots[roots.length - 1].name) + 1;
  const root = draft.issue(rootName(generation), nextRoot(draft.settings.root, generation), undefined);
  // The old root goes on signing until everybody knows the new one.
  draft.enter('add-root', draft.phase.signingRoot);
  return [root];
}

function switchIssuer(draft: Draft): CertificateRecord[] {
  const roots = draft.records.trustedRoots();
  draft.enter('switch-issuer', roots[roots.length - 1].name);
  return renew(draft, () => true);
}

function dropOldRoot(draft: Draft): CertificateRecord[] {
  const { signingRoot } = draft.phase;
  const old = draft.records.trustedRoots().filter(({ name }) => name !== signingRoot);
  old.forEach(({ name }) => draft.retire(name));
  draft.enter('steady', signingRoot);
  return [];
}

/** Two roots of one name would be mistaken for each other by people and by programs that look no further. */
function nextRoot(request: CertificateRequest, generation: number): CertificateRequest {
  return { ...request, subject: { ...request.subject, commonName: `${request.subject.commonName} ${generation}` } };
}

function renew(draft: Draft, which: (record: CertificateRecord) => boolean): CertificateRecord[] {
  const current = draft.records.all().filter((record) => record.current && record.request.kind !== 'root' && which(record));
  const first = current.filter(({ name }) => name === ISSUER);
  return [...first, ...current.filter((record) => !first.includes(record))].map((record) => reissue(draft, record));
}
