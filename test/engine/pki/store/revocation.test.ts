import * as fs from 'fs';
import { expiringWithin, printRows, rowOf } from '../../../../src/engine/pki/expiry';
import { DAY, HOUR } from '../../../../src/engine/pki/lifetimes';
import { changeStore, openStore, StorePlace } from '../../../../src/engine/pki/store/change';
import { ensureCertificate, standingOf } from '../../../../src/engine/pki/store/issue-certificates';
import { revokeCertificate } from '../../../../src/engine/pki/store/revoke';
import { renewDue, renewNamed, takeStep } from '../../../../src/engine/pki/store/rotate';
import { verifyStore } from '../../../../src/engine/pki/store/verify-store';
import { faultOf, later, MADE_AT, newStore, publicHalf, requestFor } from '../../../support/certificates';
import { hasOpenssl, openssl, withOpenssl } from '../../../support/openssl';

const CART = { name: 'workload/shop/cart', request: requestFor('workload') };
const WEB = { name: 'gateway/ingress/web', request: requestFor('gateway') };
const testWithOpenssl = hasOpenssl() ? test : test.skip;

function withTwo(): StorePlace {
  const place = newStore();
  changeStore(place, MADE_AT, (draft) => { [CART, WEB].forEach((wanted) => ensureCertificate(draft, wanted)); });
  return place;
}

const revoke = (place: StorePlace, which: string, now = MADE_AT) => changeStore(place, now, (draft) => revokeCertificate(draft, which, 'key-compromise'));

describe('revocation', () => {
  test('is kept, listed, and asks for a new certificate', () => {
    const place = withTwo();
    const { serial } = revoke(place, CART.name);
    const store = openStore(publicHalf(place));
    expect(store.records.bySerial(serial)?.revoked).toEqual({ at: '2031-05-06T07:08:09Z', reason: 'key-compromise' });
    expect([standingOf(store, CART), standingOf(store, WEB)]).toEqual(['revoked', 'ready']);
    expect(verifyStore(store, MADE_AT)).toEqual([]);
    changeStore(place, MADE_AT, (draft) => { ensureCertificate(draft, CART); });
    expect(openStore(place).records.current(CART.name)!.serial).not.toBe(serial);
  });

  testWithOpenssl(withOpenssl('keeps out exactly the revoked certificate, in chains in which every authority has a list'), () => {
    const place = withTwo();
    revoke(place, CART.name);
    const store = openStore(place);
    const [cart, web] = [CART, WEB].map(({ name }) => store.chainOf(store.records.current(name)!));
    const files = { root: store.bundle(), lists: store.revocationLists(), cart, web };
    const verify = (name: string) => openssl(files, 'verify', '-x509_strict', '-crl_check_all', '-attime', String(later(60).getTime() / 1000),
      '-CAfile', '@root', '-untrusted', name, '-CRLfile', '@lists', name);
    expect(verify('@web').text).toBe('/web: OK\n');
    expect(verify('@cart').text).toContain('certificate revoked');
  });

  test('counts its lists, and gives one to every new authority', () => {
    const place = withTwo();
    expect(openStore(place).revocationLists()).toBe('');
    revoke(place, CART.name);
    const issuer = openStore(place).records.current('issuer')!.serial;
    const numbers = () => openStore(place).index.lists.map((list) => [openStore(place).records.bySerial(list.issuer)!.name, list.number]).sort();
    expect(numbers()).toEqual([['issuer', 1], ['root/1', 1]]);
    revoke(place, WEB.name);
    expect(numbers()).toEqual([['issuer', 2], ['root/1', 1]]);
    changeStore(place, MADE_AT, (draft) => takeStep(draft, 'add-root', true));
    expect(numbers()).toEqual([['issuer', 2], ['root/1', 1], ['root/2', 1]]);
    changeStore(place, MADE_AT, (draft) => renewNamed(draft, ['issuer']));
    expect(numbers()).toEqual([['issuer', 1], ['issuer', 2], ['root/1', 1], ['root/2', 1]]);
    expect(faultOf(() => revoke(place, 'issuer'))).toMatchObject({ code: 'MESH-E031', what: 'the issuer is in use' });
    revoke(place, issuer.toUpperCase());
    expect(verifyStore(openStore(place), MADE_AT)).toEqual([]);
  });

  test('of an issuer makes a renewal issue anew what it signed', () => {
    const place = withTwo();
    const old = openStore(place).records.current('issuer')!.serial;
    changeStore(place, MADE_AT, (draft) => renewNamed(draft, ['issuer']));
    revoke(place, old);
    expect(verifyStore(openStore(place), MADE_AT)).toEqual([WEB, CART].map(({ name }) => ({ name, text: `its issuer issuer (${old}) was revoked` })));
    expect(changeStore(place, MADE_AT, (draft) => renewDue(draft)).map(({ name }) => name)).toEqual([WEB.name, CART.name]);
    expect(verifyStore(openStore(place), MADE_AT)).toEqual([]);
  });

  test('of what no list can name, or what is unknown, is an error', () => {
    const place = withTwo();
    expect(faultOf(() => revoke(place, 'root/1'))).toMatchObject({ code: 'MESH-E031', fix: expect.stringContaining('add-root') });
    expect(faultOf(() => revoke(place, 'nobody')).code).toBe('MESH-E054');
    revoke(place, CART.name);
    expect(faultOf(() => revoke(place, CART.name)).what).toContain('was revoked at');
  });
});

describe('checking a store', () => {
  test('tells what is expired, what the index says wrongly and what the keys are not', () => {
    const place = withTwo();
    expect(verifyStore(openStore(place), later(2 * DAY))).toEqual([WEB, CART].map(({ name }) => ({ name, text: expect.stringContaining('expired at 2031-05-07T07:08:09Z') })));
    const file = openStore(place).layout.index;
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('"dnsNames":["cart","cart.shop"]', '"dnsNames":["cart","pay.shop"]'));
    expect(verifyStore(openStore({ ...place, unsigned: true }), MADE_AT)).toEqual([
      { name: CART.name, text: 'its DNS names: ["cart","cart.shop"]; in the index: ["cart","pay.shop"]' },
    ]);
  });
});

describe('the table of certificates', () => {
  test('says how each stands', () => {
    const place = withTwo();
    revoke(place, WEB.name);
    changeStore(place, MADE_AT, (draft) => renewNamed(draft, [CART.name]));
    const rows = (now: Date) => openStore(place).records.all().map((record) => rowOf(record, now));
    const states = (now: Date) => rows(now).map(({ name, state }) => [name, state]);
    expect(states(MADE_AT)).toEqual([[WEB.name, 'revoked'], ['issuer', 'valid'], ['root/1', 'valid'], [CART.name, expect.any(String)], [CART.name, expect.any(String)]]);
    expect(rows(MADE_AT).slice(3).map(({ state }) => state).sort()).toEqual(['replaced', 'valid']);
    expect(rows(later(17 * HOUR)).slice(3).map(({ state }) => state).sort()).toEqual(['renew', 'replaced']);
    expect(rows(later(-HOUR)).map(({ state }) => state)).toContain('not-yet-valid');
    expect(expiringWithin(rows(MADE_AT), 2 * DAY).map(({ name }) => name)).toEqual([CART.name]);
    expect(expiringWithin(rows(later(2 * DAY)), 1).map(({ name, state }) => [name, state])).toEqual([[CART.name, 'expired']]);
    const lines = printRows(rows(MADE_AT)).split('\n');
    expect(lines[0]).toMatch(/^NAME +STANDS FOR +SERIAL +VALID UNTIL +LEFT +STATE$/);
    expect(lines[2]).toMatch(/^issuer +shop issuer +[0-9a-f]{32} +2032-05-05T07:08:09Z +365 days +valid$/);
  });
});
