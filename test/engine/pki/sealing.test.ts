import { createPublicKey, generateKeyPairSync } from 'crypto';
import * as fc from 'fast-check';
import { makeKey, privateKeyPem } from '../../../src/engine/pki/keys';
import { holdsPrivateKey, privateKeysIn } from '../../../src/engine/pki/private-keys';
import { seal, sealingKey, sealingLabel, unseal } from '../../../src/engine/pki/seal';
import { faultOf, make, requestFor } from '../../support/certificates';
import { holds } from '../../support/properties';

describe('sealing', () => {
  const controller = make(requestFor('root', { keyType: 'rsa-2048' }));
  const key = sealingKey(controller.pem);

  test('is undone by the key of the controller alone, and only where it was sealed for', () => {
    const stranger = makeKey('rsa-2048');
    holds(30, fc.record({ text: fc.string({ unit: 'binary' }), namespace: fc.string(), name: fc.string() }), ({ text, namespace, name }) => {
      const label = sealingLabel('strict', namespace, name);
      const sealed = seal(text, label, key);
      expect(unseal(sealed, label, controller.key)).toBe(text);
      expect(unseal(sealed, `${label}x`, controller.key)).toBeUndefined();
      expect(unseal(sealed, label, stranger)).toBeUndefined();
    });
  });

  test('shows when the text was changed', () => {
    const bytes = Buffer.from(seal('secret', 'a/b', key), 'base64');
    [0, 10, bytes.length - 20, bytes.length - 1].forEach((at) => {
      const changed = Buffer.from(bytes);
      changed[at] = changed[at] === 0 ? 1 : 0;
      expect(unseal(changed.toString('base64'), 'a/b', controller.key)).toBeUndefined();
    });
  });

  test('gives another text every time, in the form of the controller', () => {
    const [first, second] = [seal('secret', 'a/b', key), seal('secret', 'a/b', key)];
    expect(first).not.toBe(second);
    expect(Buffer.from(first, 'base64').readUInt16BE(0)).toBe(256);
    expect(Buffer.from(first, 'base64')).toHaveLength(2 + 256 + 'secret'.length + 16);
  });

  test('binds to a name, a namespace or nothing', () => {
    expect((['strict', 'namespace-wide', 'cluster-wide'] as const).map((scope) => sealingLabel(scope, 'ns', 'name'))).toEqual(['ns/name', 'ns', '']);
  });

  test.each([['text', 'nothing'], ['an ECDSA certificate', make(requestFor('root')).pem]])('for %s is refused', (_, certificate) => {
    expect(faultOf(() => sealingKey(certificate, 'app/x'))).toMatchObject({ code: 'MESH-E050', what: 'a sealing certificate that is none', path: 'app/x' });
  });
});

describe('private keys', () => {
  const pem = privateKeyPem(makeKey('ecdsa-p256'));
  const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

  test.each([
    ['a PEM text', pem], ['a PEM text within others', `x\n${pem}y`], ['base64 of it', base64(pem)], ['base64 of a bundle', base64(`some text first ${pem}`)],
    ['PKCS#1', rsa.export({ type: 'pkcs1', format: 'pem' }) as string], ['SEC1', makeKey('ecdsa-p384').export({ type: 'sec1', format: 'pem' }) as string],
    ['base64 of DER', base64(rsa.export({ type: 'pkcs8', format: 'der' }))], ['base64 of SEC1 DER', base64(makeKey('ecdsa-p256').export({ type: 'sec1', format: 'der' }))],
    ['an encrypted key', makeKey('ecdsa-p256').export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }) as string],
  ])('are found as %s', (_, text) => {
    expect(holdsPrivateKey(text)).toBe(true);
    expect(privateKeysIn({ data: { 'tls.key': text, 'other': 'x' }, list: [{ a: text }], none: null })).toEqual(['data.tls.key', 'list.0.a']);
  });

  test.each([
    ['certificates', make(requestFor('root')).pem], ['base64 of certificates', base64(make(requestFor('root')).pem)], ['base64 of DER certificates', base64(make(requestFor('root')).facts.x509.raw)],
    ['public keys', createPublicKey(rsa).export({ type: 'spki', format: 'pem' }) as string], ['sealed keys', seal(pem, 'a/b', createPublicKey(rsa))], ['words', 'PRIVATE KEY'],
  ])('are not %s', (_, text) => {
    expect(holdsPrivateKey(text)).toBe(false);
  });
});
