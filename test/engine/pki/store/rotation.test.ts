import { readCertificate } from '../../../../src/engine/pki/facts';
import { DAY, HOUR, YEAR } from '../../../../src/engine/pki/lifetimes';
import { certificatesIn } from '../../../../src/engine/pki/pem';
import { unseal } from '../../../../src/engine/pki/seal';
import { changeStore, openStore, StorePlace } from '../../../../src/engine/pki/store/change';
import { ensureCertificate } from '../../../../src/engine/pki/store/issue-certificates';
import { earliest, nextStep, renewDue, renewNamed, RotationStep, takeStep } from '../../../../src/engine/pki/store/rotate';
import { CertificateRecord } from '../../../../src/engine/pki/store/store-index';
import { verifyStore } from '../../../../src/engine/pki/store/verify-store';
import { verifyCertificate } from '../../../../src/engine/pki/verify';
import { faultOf, later, MADE_AT, make, newStore, requestFor } from '../../../support/certificates';

const CART = 'workload/shop/cart';
const EAST = 'intermediate/east';

function withCertificates(fields: Parameters<typeof requestFor>[1] = {}): StorePlace {
  const place = newStore();
  changeStore(place, MADE_AT, (draft) => {
    ensureCertificate(draft, { name: CART, request: requestFor('workload', fields) });
    ensureCertificate(draft, { name: EAST, request: requestFor('intermediate') });
  });
  return place;
}

const step = (place: StorePlace, now: Date, which: RotationStep, confirmed = false) => changeStore(place, now, (draft) => takeStep(draft, which, confirmed));
const renew = (place: StorePlace, now: Date) => changeStore(place, now, (draft) => renewDue(draft)).map(({ name }) => name);
const current = (place: StorePlace, name: string) => openStore(place).records.current(name)!;
const rootOf = (place: StorePlace, record: CertificateRecord) => openStore(place).records.chainOf(record).slice(-1)[0].name;
const rootsIn = (text: string) => certificatesIn(text).map((pem) => readCertificate(pem, 'the bundle').subject);

/** Whether a certificate holds for somebody who has a bundle. */
function trusted(place: StorePlace, record: CertificateRecord, bundle: string, at: Date): boolean {
  const [leaf, ...intermediates] = certificatesIn(openStore(place).chainOf(record)).map((pem) => readCertificate(pem, 'the chain'));
  return verifyCertificate(leaf, { intermediates, roots: certificatesIn(bundle).map((pem) => readCertificate(pem, 'the bundle')), at }).length === 0;
}

describe('renewal', () => {
  test('does nothing while there is time', () => {
    const place = withCertificates();
    const before = current(place, CART).serial;
    expect(renew(place, later(16 * HOUR - 1))).toEqual([]);
    expect(current(place, CART).serial).toBe(before);
  });

  test('comes when a third of the life is left, with a new key and the same request', () => {
    const place = withCertificates();
    const before = current(place, CART);
    expect(renew(place, later(16 * HOUR))).toEqual([CART]);
    const after = current(place, CART);
    expect(after.request).toEqual(before.request);
    expect([after.keyId === before.keyId, after.serial === before.serial, after.notAfter]).toEqual([false, false, '2031-05-07T23:08:09Z']);
    expect(openStore(place).privateHalf.find(before.keyId)).toBeDefined();
    expect(openStore(place).records.bySerial(before.serial)).toMatchObject({ current: false });
  });

  test('of an issuer comes first, so that what it signs never outlives it', () => {
    const place = withCertificates();
    expect(renew(place, later(YEAR - 60))).toEqual(['issuer', EAST, CART]);
    expect(verifyStore(openStore(place), later(YEAR))).toEqual([]);
    expect(openStore(place).chainOf(current(place, CART))).toContain(openStore(place).pemOf(current(place, 'issuer')));
  });

  test('can be asked for by name, and names that are none are told', () => {
    const place = withCertificates();
    expect(changeStore(place, MADE_AT, (draft) => renewNamed(draft, [EAST])).map(({ name }) => name)).toEqual([EAST]);
    expect(faultOf(() => changeStore(place, MADE_AT, (draft) => renewNamed(draft, ['workload/x/y'])))).toMatchObject({ code: 'MESH-E054', what: 'no certificate is named "workload/x/y"' });
  });

  test('seals the new key where the old one was sealed', () => {
    const place = withCertificates();
    const controller = make(requestFor('root', { keyType: 'rsa-2048' }));
    changeStore(place, MADE_AT, (draft) => { ensureCertificate(draft, { name: CART, request: requestFor('workload'), sealTo: { label: 'shop/cart', certificate: controller.pem } }); });
    const sealed = () => openStore(place).sealedText(current(place, CART).serial, 'shop/cart', controller.facts.fingerprint)!;
    const before = sealed();
    renew(place, later(20 * HOUR));
    expect(unseal(sealed(), 'shop/cart', controller.key)).not.toBe(unseal(before, 'shop/cart', controller.key));
    expect(openStore(place).index.sealed).toHaveLength(1);
  });

  test('forgets what has expired, but lists it for ever', () => {
    const place = withCertificates();
    const first = current(place, CART).serial;
    renew(place, later(20 * HOUR));
    expect(openStore(place).history()).toEqual([]);
    renew(place, later(40 * HOUR));
    expect(openStore(place).records.bySerial(first)).toBeUndefined();
    expect(openStore(place).history().map(({ serial, name }) => [serial, name])).toEqual([[first, CART]]);
    renew(place, later(60 * HOUR));
    expect(openStore(place).history()).toHaveLength(2);
  });

  test('is refused when the issuer ends too soon and the key of its root is elsewhere', () => {
    const place = withCertificates();
    expect(faultOf(() => changeStore(place, later(YEAR - HOUR), (draft) => renewNamed(draft, [CART])))).toMatchObject({
      code: 'MESH-E057', what: 'workload/shop/cart would be valid for 24 hours, and its issuer issuer ends at 2032-05-05T07:08:09Z', fix: expect.stringContaining('cdk8s-mesh pki rotate'),
    });
  });

  test('leaves an issuer time to be renewed between two certificates', () => {
    expect(faultOf(() => withCertificates({ lifetime: YEAR }))).toMatchObject({ code: 'MESH-E057', what: 'workload/shop/cart of 365 days from an issuer of 365 days that is renewed 2920 hours before its end' });
  });
});

describe('a rotation of the root', () => {
  test('keeps every certificate trusted by everybody, whoever is late by a step', () => {
    const place = withCertificates();
    const bundles = [openStore(place).bundle()];
    const leaves = [current(place, CART)];
    let now = MADE_AT;
    for (const which of ['add-root', 'switch-issuer', 'drop-old-root'] as const) {
      now = later(25 * HOUR, now);
      renew(place, now);
      leaves.push(current(place, CART));
      step(place, now, which);
      bundles.push(openStore(place).bundle());
      leaves.push(current(place, CART));
      // Nobody is behind by more than one step: the newest certificates hold with the bundle before, and the last ones with the newest bundle.
      for (const bundle of bundles.slice(-2)) {
        leaves.filter(({ notAfter }) => Date.parse(notAfter) > now.getTime()).forEach((leaf) => expect([which, trusted(place, leaf, bundle, now)]).toEqual([which, true]));
      }
      expect(verifyStore(openStore(place), now)).toEqual([]);
    }
    expect(bundles.map(rootsIn)).toEqual([['CN=shop root'], ['CN=shop root', 'CN=shop root 2'], ['CN=shop root', 'CN=shop root 2'], ['CN=shop root 2']]);
  });

  test('issues everything anew under the new root when the issuer is switched, and not before', () => {
    const place = withCertificates();
    step(place, later(HOUR), 'add-root');
    changeStore(place, later(HOUR), (draft) => { ensureCertificate(draft, { name: 'intermediate/west', request: requestFor('intermediate') }); });
    expect(['issuer', EAST, 'intermediate/west', CART].map((name) => rootOf(place, current(place, name)))).toEqual(['root/1', 'root/1', 'root/1', 'root/1']);
    step(place, later(30 * HOUR), 'switch-issuer');
    expect(['issuer', EAST, 'intermediate/west', CART].map((name) => rootOf(place, current(place, name)))).toEqual(['root/2', 'root/2', 'root/2', 'root/2']);
  });

  test('is refused before everybody can know the new root, and before nothing of the old one is valid', () => {
    const place = withCertificates({ lifetime: 10 * DAY });
    step(place, MADE_AT, 'add-root');
    expect(faultOf(() => step(place, later(23 * HOUR), 'switch-issuer'))).toMatchObject({
      code: 'MESH-E057', what: 'switch-issuer before 2031-05-07T07:08:09Z', fix: 'wait 60 minutes until everybody trusts the new root, or say with --confirmed that you saw it',
    });
    step(place, later(DAY), 'switch-issuer');
    expect(faultOf(() => step(place, later(5 * DAY), 'drop-old-root'))).toMatchObject({ code: 'MESH-E057', what: 'drop-old-root before 2031-05-16T07:08:09Z' });
    step(place, later(10 * DAY), 'drop-old-root');
    expect(openStore(place).index.rotation).toEqual({ phase: 'steady', since: '2031-05-16T07:08:09Z', signingRoot: 'root/2' });
  });

  test('may go faster for those who say that they looked', () => {
    const place = withCertificates();
    (['add-root', 'switch-issuer', 'drop-old-root'] as const).forEach((which) => step(place, later(60), which, true));
    expect(rootsIn(openStore(place).bundle())).toEqual(['CN=shop root 2']);
    expect(verifyStore(openStore(place), later(60))).toEqual([]);
  });

  test('waits for certificates that meshes issued themselves, which no index lists', () => {
    const place = newStore({ overlap: 3 * DAY });
    step(place, MADE_AT, 'add-root');
    step(place, later(3 * DAY), 'switch-issuer');
    changeStore(place, later(4 * DAY), (draft) => { expect(earliest(draft, 'drop-old-root')).toBe('2031-05-12T07:08:09Z'); });
  });

  test('has its steps in one order, over and over', () => {
    const place = newStore();
    expect(faultOf(() => step(place, MADE_AT, 'switch-issuer'))).toMatchObject({ code: 'MESH-E031', what: 'switch-issuer in phase steady', fix: 'take the steps in order: add-root, switch-issuer, drop-old-root, the next one is add-root' });
    for (const round of [1, 2]) {
      for (const which of ['add-root', 'switch-issuer', 'drop-old-root'] as const) {
        expect(nextStep(openStore(place).index.rotation.phase)).toBe(which);
        step(place, MADE_AT, which, true);
      }
      expect(rootsIn(openStore(place).bundle())).toEqual([`CN=shop root ${round + 1}`]);
    }
    expect(faultOf(() => step(place, MADE_AT, 'drop-old-root')).code).toBe('MESH-E031');
  });
});
