import * as fs from 'fs';
import * as path from 'path';
import { readCertificate } from '../../src/engine/pki/facts';
import { certificatesIn } from '../../src/engine/pki/pem';
import { changeStore, openStore } from '../../src/engine/pki/store/change';
import { ensureCertificate } from '../../src/engine/pki/store/issue-certificates';
import { later, requestFor, temporaryFolder } from '../support/certificates';
import { commandLine, Outcome } from '../support/command-line';
import { storeNow } from '../support/pki-app';

const DAY = 24 * 3600;

/** Runs verbs of `pki` on one store. */
function onStore({ folder, privateFolder }: { readonly folder: string; readonly privateFolder?: string } = storeNow()) {
  return {
    folder,
    pki: async (...args: string[]): Promise<Outcome> => commandLine(['pki', ...args.slice(0, 1), '--store', folder, '--private', privateFolder!, ...args.slice(1)]),
  };
}

describe('pki init', () => {
  test('makes an authority in both halves and says where they are', async () => {
    const home = temporaryFolder();
    const { pki } = onStore({ folder: path.join(home, 'pki'), privateFolder: path.join(home, 'keys') });
    const made = await pki('init', '--authority', 'shop', '--trust-domain', 'shop.example', '--key', 'ecdsa-p384', '--organization', 'Shop,Group', '--country', 'DE', '--root-lifetime', '20y', '--issuer-lifetime', '90d', '--overlap', '36h');
    expect([made.code, made.err]).toEqual([0, '']);
    expect(made.out).toContain(path.join(home, 'pki/shop'));
    expect(made.out).toContain(path.join(home, 'keys/shop'));
    const { settings, trustDomain } = openStore({ folder: path.join(home, 'pki'), authority: 'shop', environment: {} }).index;
    expect([trustDomain, settings.root.keyType, settings.root.subject, settings.root.lifetime, settings.issuer.lifetime, settings.overlap])
      .toEqual(['shop.example', 'ecdsa-p384', { organizations: ['Shop', 'Group'], countries: ['DE'], commonName: 'shop root' }, 20 * 365 * DAY, 90 * DAY, 1.5 * DAY]);
    const again = await pki('init', '--authority', 'shop');
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('has an authority "shop" already')]);
    const keys = fs.readdirSync(path.join(home, 'keys/shop'));
    expect(keys.map((name) => (fs.statSync(path.join(home, 'keys/shop', name)).mode % 0o1000).toString(8))).toEqual(['600', '600']);
  });

  test.each([
    [['--key', 'dsa'], '--key is one of ecdsa-p256, ecdsa-p384, rsa-2048, rsa-3072, rsa-4096, not "dsa"'],
    [['--root-lifetime', 'long'], '--root-lifetime is a number with m, h, d or y behind it, such as 90d, not "long"'],
    [['--country', 'Germany'], 'invalid subject attribute C, got "Germany"'],
    [['--root-lifetime', '1y', '--issuer-lifetime', '1y'], '[MESH-E057]'],
  ])('refuses %j without a stack trace', async (options, text) => {
    const home = temporaryFolder();
    const { code, err } = await onStore({ folder: path.join(home, 'pki'), privateFolder: path.join(home, 'keys') }).pki('init', ...options);
    expect([code, err]).toEqual([2, expect.stringContaining(text)]);
    expect(err).not.toMatch(/mistake of ours|\n\s+at /);
    expect(fs.existsSync(path.join(home, 'pki/mesh/index.json'))).toBe(false);
  });

  test('refuses to keep keys within the public half', async () => {
    const folder = path.join(temporaryFolder(), 'pki');
    expect(await onStore({ folder, privateFolder: path.join(folder, 'keys') }).pki('init')).toMatchObject({ code: 2, err: expect.stringContaining('[MESH-E059]') });
  });
});

describe('pki issue', () => {
  test('issues one certificate by hand and prints its chain', async () => {
    const { pki } = onStore();
    const issued = await pki('issue', '--name', 'workload/vms/db', '--identity', 'spiffe://cluster.local/ns/vms/sa/db', '--dns', 'db.example.com, db', '--ip', '10.0.0.7', '--lifetime', '30d');
    expect(issued.code).toBe(0);
    expect(issued.err).toMatch(/warning: a workload certificate that lives 30 days/);
    expect(issued.err).toMatch(/its private key is \/.*\.pem\n$/);
    const [own, issuer] = certificatesIn(issued.out).map((pem) => readCertificate(pem, 'it'));
    expect([own.uris, own.dnsNames, own.ipAddresses, issuer.subject]).toEqual([['spiffe://cluster.local/ns/vms/sa/db'], ['db.example.com', 'db'], ['10.0.0.7'], 'CN=shop issuer']);
    // What is there already is printed, not made anew.
    const again = await pki('issue', '--name', 'workload/vms/db', '--identity', 'spiffe://cluster.local/ns/vms/sa/db', '--dns', 'db.example.com, db', '--ip', '10.0.0.7', '--lifetime', '30d');
    expect(again.out).toBe(issued.out);
  });

  test.each([
    [[], 'name a command that synthesizes an app'],
    [['--name', 'server/a/b'], 'the first word of --name is one of workload, gateway, intermediate, not "server"'],
    [['--name', 'workload/a'], '--name is workload/NAMESPACE/SECRET'],
    [['--name', 'workload/a/b'], '[MESH-E050]'],
    [['--name', 'gateway/a/b', '--dns', 'Shop.example'], 'invalid DNS name, got "Shop.example"'],
    [['--', 'no-such-program'], 'no-such-program could not be run'],
  ])('refuses %j', async (args, text) => {
    const { code, err } = await onStore().pki('issue', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(text)]);
  });

  test('runs a command that may issue what its app declares, and passes on how it ended', async () => {
    const { pki } = onStore();
    const script = 'process.exit(process.env.CDK8S_MESH_PKI === "issue" && process.env.CDK8S_MESH_PKI_PRIVATE ? 7 : 0)';
    expect((await pki('issue', '--', process.execPath, '-e', script)).code).toBe(7);
  });
});

describe('pki list', () => {
  test('shows every certificate ever issued, or those in use, and prints a chain', async () => {
    const place = storeNow();
    const { pki } = onStore(place);
    changeStore(place, new Date(), (draft) => { ensureCertificate(draft, { name: 'workload/shop/cart', request: requestFor('workload') }); });
    await pki('rotate', '--name', 'workload/shop/cart');
    const { out } = await pki('list');
    expect(out.split('\n').map((line) => line.split(/ {2,}/)[0])).toEqual(['NAME', 'issuer', 'root/1', 'workload/shop/cart', 'workload/shop/cart', '']);
    expect(out).toMatch(/^NAME +STANDS FOR +SERIAL +VALID UNTIL +LEFT +STATE$/m);
    const rows = JSON.parse((await pki('list', '--json')).out) as { name: string; state: string; serial: string }[];
    expect(rows.map(({ name, state }) => `${name} ${state}`).sort()).toEqual(['issuer valid', 'root/1 valid', 'workload/shop/cart replaced', 'workload/shop/cart valid']);
    expect(JSON.parse((await pki('list', '--json', '--current')).out)).toHaveLength(3);
    const replaced = rows.find(({ state }) => state === 'replaced')!;
    expect(readCertificate(certificatesIn((await pki('list', '--pem', replaced.serial)).out)[0], 'it').serial).toBe(replaced.serial);
    expect(certificatesIn((await pki('list', '--pem', 'root/1')).out)).toHaveLength(1);
    expect(await pki('list', '--pem', 'nobody')).toMatchObject({ code: 2, err: expect.stringContaining('no certificate is named "nobody"') });
  });

  test('still knows what has expired long ago', async () => {
    const place = storeNow({}, later(-30 * DAY, new Date()));
    changeStore(place, later(-30 * DAY, new Date()), (draft) => { ensureCertificate(draft, { name: 'workload/shop/old', request: requestFor('workload') }); });
    const { pki } = onStore(place);
    await pki('rotate');
    const rows = JSON.parse((await pki('list', '--json')).out) as { name: string; state: string }[];
    expect(rows.filter(({ name }) => name === 'workload/shop/old').map(({ state }) => state).sort()).toEqual(['replaced', 'valid']);
  });
});

describe('pki revoke', () => {
  test('says who reads the list and who does not', async () => {
    const place = storeNow();
    const { pki } = onStore(place);
    changeStore(place, new Date(), (draft) => { ensureCertificate(draft, { name: 'workload/shop/cart', request: requestFor('workload') }); });
    const revoked = await pki('revoke', 'workload/shop/cart', '--reason', 'key-compromise');
    expect(revoked).toMatchObject({ code: 0, out: expect.stringContaining('ca-crl.pem') });
    expect(revoked.out).toMatch(/read none, .*: Linkerd, Consul/);
    expect(openStore(place).revocationLists()).toContain('BEGIN X509 CRL');
    expect((await pki('list')).out).toMatch(/workload\/shop\/cart .* revoked$/m);
    expect(await pki('revoke', 'workload/shop/cart')).toMatchObject({ code: 2, err: expect.stringContaining('[MESH-E031]') });
    expect(await pki('revoke', 'nobody')).toMatchObject({ code: 2, err: expect.stringContaining('[MESH-E054]') });
    expect(await pki('revoke', 'x', '--reason', 'boredom')).toMatchObject({ code: 2, err: expect.stringContaining('--reason is one of unspecified, key-compromise') });
  });
});

describe('pki rotate', () => {
  test('renews what is due and nothing else', async () => {
    const place = storeNow({}, later(-2 * DAY, new Date()));
    changeStore(place, later(-DAY / 2, new Date()), (draft) => {
      ['short', 'long'].forEach((name) => ensureCertificate(draft, { name: `workload/shop/${name}`, request: requestFor('workload', name === 'long' ? { lifetime: 30 * DAY, renewBefore: 10 * DAY } : { lifetime: DAY, renewBefore: 0.6 * DAY }) }));
    });
    const { pki } = onStore(place);
    const { code, out } = await pki('rotate');
    expect([code, out]).toEqual([0, expect.stringMatching(/^authority "shop":\n {2}workload\/shop\/short [0-9a-f]{32} until [0-9TZ:-]+\n$/)]);
    expect((await pki('rotate')).out).toBe('authority "shop": nothing was renewed\n');
    expect(await pki('rotate', '--name', 'nobody')).toMatchObject({ code: 2, err: expect.stringContaining('[MESH-E054]') });
  });

  test('changes the root in three steps, in order, with what to do in between', async () => {
    const { pki } = onStore();
    expect(await pki('rotate', '--phase', 'switch-issuer')).toMatchObject({ code: 2, err: expect.stringContaining('the next one is add-root') });
    const first = await pki('rotate', '--phase', 'add-root');
    expect(first.out).toMatch(/^authority "shop":\n {2}root\/2 .*\n\nnow:\n(.*\n)+then, from .*\n {2}cdk8s-mesh pki rotate --store .* --authority shop --phase switch-issuer\n$/);
    const early = await pki('rotate', '--phase', 'switch-issuer');
    expect([early.code, early.err]).toEqual([2, expect.stringMatching(/switch-issuer before .*until everybody trusts the new root.*MESH-E057/s)]);
    expect((await pki('rotate', '--phase', 'switch-issuer', '--confirmed')).out).toContain('issuer ');
    expect((await pki('rotate', '--phase', 'drop-old-root', '--confirmed')).out).toContain('destroy the private keys of the old root');
    expect((await pki('list')).out).toMatch(/root\/1 .* replaced$/m);
    expect((await pki('verify')).code).toBe(0);
  });

  test('refuses what contradicts itself', async () => {
    const place = storeNow();
    const { pki } = onStore(place);
    expect(await pki('rotate', '--name', 'issuer', '--phase', 'add-root')).toMatchObject({ code: 2, err: expect.stringContaining('two different things') });
    await commandLine(['pki', 'init', '--store', place.folder, '--private', place.privateFolder!, '--authority', 'other']);
    expect(await pki('rotate', '--phase', 'add-root')).toMatchObject({ code: 2, err: expect.stringContaining('name one of other, shop with --authority') });
    expect((await pki('rotate')).out).toBe('authority "other": nothing was renewed\nauthority "shop": nothing was renewed\n');
  });

  test('without the private half says which key is missing', async () => {
    const place = storeNow();
    const { code, err } = await onStore({ folder: place.folder, privateFolder: path.join(temporaryFolder(), 'none') }).pki('rotate', '--name', 'issuer');
    expect([code, err]).toEqual([2, expect.stringMatching(/the private key of root\/1 of authority "shop" is not here.*CDK8S_MESH_PKI_KEYS/s)]);
  });
});

describe('pki status over a store', () => {
  test('ends with 1 when something in use ends within the given time', async () => {
    const place = storeNow();
    changeStore(place, new Date(), (draft) => { ensureCertificate(draft, { name: 'workload/shop/cart', request: requestFor('workload') }); });
    const { pki } = onStore(place);
    expect((await pki('status')).code).toBe(0);
    expect((await pki('status', '--within', '12h')).code).toBe(0);
    const soon = await pki('status', '--within', '30d');
    expect([soon.code, soon.out]).toEqual([1, expect.stringMatching(/1 of 3 end within 30d\n$/)]);
    // What ends first stands first.
    expect(soon.out.split('\n').slice(1, 4).map((line) => line.split(' ')[0])).toEqual(['workload/shop/cart', 'issuer', 'root/1']);
    expect((await pki('status', '--within', '2y')).out).toMatch(/2 of 3 end/);
    const late = await pki('status', '--at', '2099-01-01T00:00:00Z', '--json');
    expect([late.code, JSON.parse(late.out).map(({ state }: { state: string }) => state)]).toEqual([1, ['expired', 'expired', 'expired']]);
  });

  test('refuses options that say nothing, and stores that are none', async () => {
    const { pki } = onStore();
    expect(await pki('status', '--within', 'soon')).toMatchObject({ code: 2, err: expect.stringContaining('--within is a number') });
    expect(await pki('status', '--at', 'noon')).toMatchObject({ code: 2, err: expect.stringContaining('--at is an instant') });
    expect(await commandLine(['pki', 'status', '--store', temporaryFolder()])).toMatchObject({ code: 2, err: expect.stringContaining('cdk8s-mesh pki init') });
  });
});

describe('pki verify over a store', () => {
  const index = (folder: string) => path.join(folder, 'shop/index.json');

  test('finds nothing wrong with a good store, and what ends too soon', async () => {
    const { pki } = onStore();
    expect(await pki('verify')).toMatchObject({ code: 0, out: '0 problems in 2 certificates\n' });
    const soon = await pki('verify', '--within', '2y');
    expect([soon.code, soon.out]).toEqual([1, expect.stringMatching(/^issuer: ends at .*, in .*\n1 problem in 2 certificates\n$/)]);
    expect(await pki('verify', '--at', '2099-01-01T00:00:00Z')).toMatchObject({ code: 1, out: expect.stringContaining('shop: root/1: certificate "CN=shop root" expired at') });
  });

  test('refuses a store that somebody changed or that was written in part only', async () => {
    const { folder, pki } = onStore();
    const text = fs.readFileSync(index(folder), 'utf8');
    fs.writeFileSync(index(folder), text.replace('"trustDomain": "cluster.local"', '"trustDomain": "evil.local"'));
    expect(await pki('verify')).toMatchObject({ code: 2, err: expect.stringContaining('was changed by somebody who does not hold the keys') });
    fs.writeFileSync(index(folder), text.slice(0, text.length / 2));
    expect(await pki('verify')).toMatchObject({ code: 2, err: expect.stringContaining('is damaged; restore it from version control') });
  });

  test('signs a merge of two changes after somebody looked at it', async () => {
    const { folder, pki } = onStore();
    const issue = async (name: string) => pki('issue', '--name', `gateway/edge/${name}`, '--dns', `${name}.example.com`);
    const base = fs.readFileSync(index(folder), 'utf8');
    await issue('a');
    const ours = fs.readFileSync(index(folder), 'utf8');
    fs.writeFileSync(index(folder), base);
    await issue('b');
    const line = ours.split('\n').find((one) => one.includes('gateway/edge/a'))!;
    const theirs = fs.readFileSync(index(folder), 'utf8');
    fs.writeFileSync(index(folder), theirs.replace('"certificates": [\n', `"certificates": [\n${line.replace(/,?$/, ',')}\n`));
    expect((await pki('verify')).code).toBe(2);
    expect(await pki('verify', '--accept')).toMatchObject({ code: 0, out: '0 problems in 4 certificates\n' });
    expect((await pki('list')).out).toMatch(/gateway\/edge\/a[^]*gateway\/edge\/b/);
  });
});

test('every verb of pki has help with its options', async () => {
  for (const verb of ['init', 'issue', 'list', 'revoke', 'rotate', 'status', 'verify']) {
    const { code, out } = await commandLine(['pki', verb, '--help']);
    expect([verb, code, out.includes('--store <folder>')]).toEqual([verb, 0, true]);
  }
  expect((await commandLine(['pki', '--help'])).out).toMatch(/init[^]*issue[^]*rotate[^]*revoke[^]*list[^]*status[^]*verify/);
});
