import * as fs from 'fs';
import * as path from 'path';
import * as fc from 'fast-check';
import { privateKeyPem } from '../../../../src/engine/pki/keys';
import { seal, sealingKey, unseal } from '../../../../src/engine/pki/seal';
import { AuthorityStore } from '../../../../src/engine/pki/store/authority-store';
import { changeStore, openStore, StorePlace } from '../../../../src/engine/pki/store/change';
import { initAuthority } from '../../../../src/engine/pki/store/init';
import { ensureCertificate, standingOf } from '../../../../src/engine/pki/store/issue-certificates';
import { verifyStore } from '../../../../src/engine/pki/store/verify-store';
import { faultOf, later, MADE_AT, make, newStore, publicHalf, requestFor, temporaryFolder } from '../../../support/certificates';
import { holds } from '../../../support/properties';

const CART = { name: 'workload/shop/cart', request: requestFor('workload') };
const indexOf = ({ folder }: StorePlace) => path.join(folder, 'shop', 'index.json');
const filesIn = (folder: string) => fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

function issueCart(place: StorePlace, now: Date = MADE_AT): void {
  changeStore(place, now, (draft) => { ensureCertificate(draft, CART); });
}

describe('a new store', () => {
  test('has a public half without private keys and a private half that its owner alone can read', () => {
    const place = newStore();
    expect(filesIn(place.folder)).toEqual(['.gitattributes', '.gitignore', 'shop', 'shop/bundle.pem', 'shop/index.json', 'store.json']);
    expect(filesIn(place.folder).map((file) => path.join(place.folder, file)).filter((file) => fs.statSync(file).isFile() && /PRIVATE/.test(fs.readFileSync(file, 'utf8')))).toEqual([]);
    const keys = filesIn(place.privateFolder!).filter((file) => file.endsWith('.pem'));
    expect(keys).toHaveLength(2);
    keys.forEach((file) => expect((fs.statSync(path.join(place.privateFolder!, file)).mode % 0o1000).toString(8)).toBe('600'));
    expect((fs.statSync(path.join(place.privateFolder!, 'shop')).mode % 0o1000).toString(8)).toBe('700');
  });

  test('has a root of ten years and an issuer of one', () => {
    const store = openStore(newStore({ subject: { organizations: ['Shop'] } }));
    expect(store.records.all().map(({ name, notAfter, request }) => [name, notAfter, request.subject, request.pathLength])).toEqual([
      ['issuer', '2032-05-05T07:08:09Z', { organizations: ['Shop'], commonName: 'shop issuer' }, 0],
      ['root/1', '2041-05-03T07:08:09Z', { organizations: ['Shop'], commonName: 'shop root' }, 1],
    ]);
    expect(verifyStore(store, MADE_AT)).toEqual([]);
  });

  test('is not made twice, nor with an impossible name, nor by an issuer that outlives its root', () => {
    const place = newStore();
    const again = { trustDomain: 'a', keyType: 'ecdsa-p256' as const, subject: {} };
    expect(faultOf(() => initAuthority(place, again, MADE_AT))).toMatchObject({ code: 'MESH-E031', what: expect.stringContaining('has an authority "shop" already') });
    expect(faultOf(() => initAuthority({ ...place, authority: '../x' }, again, MADE_AT)).code).toBe('MESH-E001');
    expect(faultOf(() => newStore({ rootLifetime: 86_400 * 300 })).code).toBe('MESH-E057');
  });

  test('may hold several authorities', () => {
    const place = newStore();
    initAuthority({ ...place, authority: 'other' }, { trustDomain: 'other.example', keyType: 'ecdsa-p384', subject: {} }, MADE_AT);
    expect(openStore({ ...place, authority: 'other' }).index.trustDomain).toBe('other.example');
    expect(openStore(place).index.trustDomain).toBe('cluster.local');
  });

  test('keeps its keys out of repositories, of its own public half and of outputs', () => {
    const folder = temporaryFolder();
    fs.mkdirSync(path.join(folder, 'repository', '.git'), { recursive: true });
    fs.mkdirSync(path.join(folder, 'elsewhere'));
    fs.symlinkSync(path.join(folder, 'repository'), path.join(folder, 'elsewhere', 'link'));
    const init = (privateFolder: string) => () => initAuthority(
      { folder: path.join(folder, 'public'), authority: 'shop', privateFolder, environment: {}, forbidden: [{ folder: path.join(folder, 'dist'), what: 'the output' }] },
      { trustDomain: 'a', keyType: 'ecdsa-p256', subject: {} }, MADE_AT);
    expect(faultOf(init(path.join(folder, 'repository', 'a', 'b')))).toMatchObject({ code: 'MESH-E059', what: expect.stringContaining(`within the repository ${path.join(fs.realpathSync(folder), 'repository')}`) });
    expect(faultOf(init(path.join(folder, 'elsewhere', 'link', 'keys'))).code).toBe('MESH-E059');
    expect(faultOf(init(path.join(folder, 'public', 'keys'))).what).toContain('within the public half of the store');
    expect(faultOf(init(path.join(folder, 'dist', 'keys'))).what).toContain('within the output');
    expect(fs.existsSync(path.join(folder, 'public'))).toBe(false);
  });

  test('is never made by opening one', () => {
    const folder = path.join(temporaryFolder(), 'pki');
    const place = { folder, authority: 'shop', environment: { CI: 'true' } };
    expect(faultOf(() => openStore(place))).toMatchObject({ code: 'MESH-E051', what: `there is no certificate store in ${folder}`, fix: `make one with "cdk8s-mesh pki init --store ${folder}" and commit it` });
    expect(faultOf(() => { issueCart(place); }).code).toBe('MESH-E051');
    expect(fs.existsSync(folder)).toBe(false);
    expect(faultOf(() => openStore({ ...newStore(), authority: 'cart' })).fix).toContain('--authority cart", or name one of those that it has: shop');
  });
});

describe('the public half', () => {
  test('is enough to read, to check and to tell what is missing', () => {
    const place = newStore();
    issueCart(place);
    const elsewhere = openStore(publicHalf(place));
    expect(elsewhere.privateHalf.isMissing).toBe(true);
    expect(standingOf(elsewhere, CART)).toBe('ready');
    expect(standingOf(elsewhere, { ...CART, name: 'workload/shop/web' })).toBe('not-issued');
    expect(standingOf(elsewhere, { ...CART, request: { ...CART.request, dnsNames: ['cart'] } })).toBe('changed');
    expect(verifyStore(elsewhere, MADE_AT)).toEqual([]);
    const record = elsewhere.records.current(CART.name)!;
    expect(elsewhere.chainOf(record)).toBe(openStore(place).chainOf(record));
    expect(elsewhere.chainOf(record).match(/BEGIN/g)).toHaveLength(2);
  });

  test('is not enough to issue, and the error says which key is missing', () => {
    const place = publicHalf(newStore());
    expect(faultOf(() => { issueCart(place); })).toMatchObject({ code: 'MESH-E058', what: 'the private key of issuer of authority "shop" is not here', fix: expect.stringContaining('CDK8S_MESH_PKI_PRIVATE') });
    expect(openStore(place).records.all()).toHaveLength(2);
  });

  test('is written once and not again when nothing is missing', () => {
    const place = newStore();
    issueCart(place);
    const before = fs.readFileSync(indexOf(place), 'utf8');
    issueCart(place, later(3600));
    expect(fs.readFileSync(indexOf(place), 'utf8')).toBe(before);
  });

  test('survives version control that changes the ends of lines', () => {
    const place = newStore();
    issueCart(place);
    const text = fs.readFileSync(indexOf(place), 'utf8');
    fs.writeFileSync(indexOf(place), text.replace(/\n/g, '\r\n'));
    expect(standingOf(openStore(place), CART)).toBe('ready');
  });

  test('that somebody else changed is refused, wherever the change is', () => {
    const place = newStore();
    issueCart(place);
    const text = fs.readFileSync(indexOf(place), 'utf8');
    const elsewhere = publicHalf(place);
    holds(150, fc.record({ at: fc.nat(text.lastIndexOf('"}') - 4), character: fc.constantFrom('0', 'a', '"', '{', ' ', '\n') }), ({ at, character }) => {
      if (text[at] === character) { return; }
      fs.writeFileSync(indexOf(place), `${text.slice(0, at)}${character}${text.slice(at + 1)}`);
      expect(faultOf(() => openStore(elsewhere)).code).toBe('MESH-E052');
    });
  });

  test('that was half written is refused, wherever it breaks off', () => {
    const place = newStore();
    const text = fs.readFileSync(indexOf(place), 'utf8');
    for (let length = 0; length < text.length - 3; length += 37) {
      fs.writeFileSync(indexOf(place), text.slice(0, length));
      expect(faultOf(() => openStore(place))).toMatchObject({ code: 'MESH-E052', fix: 'restore it from version control' });
    }
  });

  test('signed by another authority is refused', () => {
    const [own, other] = [newStore(), newStore()];
    const signature = (place: StorePlace) => /"signature": .*/.exec(fs.readFileSync(indexOf(place), 'utf8'))![0];
    fs.writeFileSync(indexOf(own), fs.readFileSync(indexOf(own), 'utf8').replace(signature(own), signature(other)));
    expect(faultOf(() => openStore(own))).toMatchObject({ code: 'MESH-E052', fix: expect.stringContaining('cdk8s-mesh pki verify --accept') });
  });

  test('signed by an intermediate of a mesh is refused, since its key is in a cluster', () => {
    const place = newStore();
    changeStore(place, MADE_AT, (draft) => { ensureCertificate(draft, { name: 'intermediate/east', request: requestFor('intermediate') }); });
    const store = openStore(place);
    const { serial } = store.records.current('intermediate/east')!;
    const text = fs.readFileSync(indexOf(place), 'utf8');
    fs.writeFileSync(indexOf(place), text.replace(/"by":"[0-9a-f]+"/, `"by":"${serial}"`));
    expect(faultOf(() => openStore(place)).code).toBe('MESH-E052');
  });

  test('that lost its name or belongs to another is refused', () => {
    const place = newStore();
    fs.writeFileSync(path.join(place.folder, 'store.json'), '{"id":"../../etc"}');
    expect(faultOf(() => openStore(place))).toMatchObject({ code: 'MESH-E052', what: `${path.join(place.folder, 'store.json')} is damaged` });
    const other = newStore();
    fs.renameSync(path.join(other.folder, 'shop'), path.join(other.folder, 'cart'));
    expect(faultOf(() => openStore({ ...other, authority: 'cart' })).what).toContain('is that of authority "shop"');
  });
});

describe('private keys', () => {
  const keyFile = (place: StorePlace, name: string) => {
    const store = AuthorityStore.open(place.folder, 'shop', place);
    return store.privateHalf.fileOf(store.records.current(name)!.keyId);
  };

  test('that others can read are refused', () => {
    const place = newStore();
    fs.chmodSync(keyFile(place, 'issuer'), 0o640);
    expect(faultOf(() => { issueCart(place); })).toMatchObject({ code: 'MESH-E059', fix: expect.stringContaining('chmod 600') });
  });

  test('that are others than their names say, or no keys at all, are refused', () => {
    const place = newStore();
    fs.writeFileSync(keyFile(place, 'issuer'), privateKeyPem(make(requestFor('root')).key));
    expect(faultOf(() => { issueCart(place); })).toMatchObject({ code: 'MESH-E058', what: expect.stringContaining('holds another key than its name says') });
    fs.writeFileSync(keyFile(place, 'issuer'), 'half a k');
    expect(faultOf(() => { issueCart(place); })).toMatchObject({ code: 'MESH-E058', what: expect.stringContaining('holds no readable private key') });
  });

  test('may be handed in by the environment, for what is sealed at once', () => {
    const place = newStore();
    const keys = ['issuer', 'root/1'].map((name) => fs.readFileSync(keyFile(place, name), 'utf8')).join('\n');
    const handed: StorePlace = { ...publicHalf(place), privateFolder: undefined, environment: { CDK8S_MESH_PKI_KEYS: keys, XDG_DATA_HOME: temporaryFolder() } };
    const controller = make(requestFor('root', { keyType: 'rsa-2048' }));
    expect(faultOf(() => { issueCart(handed); })).toMatchObject({ code: 'MESH-E058', what: expect.stringContaining('the new private key of workload/shop/cart would be lost') });
    changeStore(handed, MADE_AT, (draft) => { ensureCertificate(draft, { ...CART, sealTo: { label: 'shop/cart', certificate: controller.pem } }); });
    const store = openStore(place);
    const record = store.records.current(CART.name)!;
    const text = store.sealedText(record.serial, 'shop/cart', controller.facts.fingerprint)!;
    expect(unseal(text, 'shop/cart', controller.key)).toContain('BEGIN PRIVATE KEY');
    expect(fs.readdirSync(handed.environment.XDG_DATA_HOME!)).toEqual([]);
  });

  test('are sealed once for each place and controller, and the text is kept', () => {
    const place = newStore();
    const [first, second] = [1, 2].map(() => make(requestFor('root', { keyType: 'rsa-2048' })));
    const want = (controller: typeof first, label: string) => changeStore(place, MADE_AT, (draft) => {
      ensureCertificate(draft, { ...CART, sealTo: { label, certificate: controller.pem } });
    });
    const { serial } = want(first, 'shop/cart') ?? openStore(place).records.current(CART.name)!;
    const textOf = (controller: typeof first, label: string) => openStore(publicHalf(place)).sealedText(serial, label, controller.facts.fingerprint);
    const text = textOf(first, 'shop/cart');
    want(first, 'shop/cart');
    want(second, 'shop/cart');
    want(first, 'shop/web');
    expect(textOf(first, 'shop/cart')).toBe(text);
    expect(new Set([text, textOf(second, 'shop/cart'), textOf(first, 'shop/web')]).size).toBe(3);
    expect(seal('x', 'y', sealingKey(first.pem))).not.toBe(text);
    expect(standingOf(openStore(place), { ...CART, sealTo: { label: 'other', certificate: first.pem } })).toBe('not-sealed');
  });
});
