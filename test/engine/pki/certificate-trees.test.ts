import * as fc from 'fast-check';
import { KeyType } from '../../../src/engine/pki/keys';
import { chainToRoot, signedBy, verifyCertificate, VerifyOptions } from '../../../src/engine/pki/verify';
import { later, MADE_AT, Made, make, requestFor } from '../../support/certificates';
import { hasOpenssl, openssl, withOpenssl } from '../../support/openssl';
import { holds } from '../../support/properties';

/** Making an RSA key takes long, so few samples have one. */
const KEYS = fc.oneof({ weight: 12, arbitrary: fc.constantFrom<KeyType>('ecdsa-p256', 'ecdsa-p384') }, { weight: 1, arbitrary: fc.constant<KeyType>('rsa-2048') });
const testWithOpenssl = hasOpenssl() ? test : test.skip;

/** A random tree: every authority names the one above it, 0 being the root; every leaf its authority. */
const trees = fc.record({
  keys: fc.array(KEYS, { minLength: 6, maxLength: 6 }),
  parents: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  pathLengths: fc.array(fc.option(fc.nat(3), { nil: undefined }), { minLength: 5, maxLength: 5 }),
  lifetimes: fc.array(fc.integer({ min: 7200, max: 900_000 }), { minLength: 6, maxLength: 6 }),
  leafOf: fc.nat(),
  subject: fc.record({
    commonName: fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), { nil: undefined }),
    organizations: fc.array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 }).filter((text) => /^[ -~]+$/.test(text)), { maxLength: 2 }),
  }),
  account: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  seconds: fc.integer({ min: -100, max: 1_000_000 }),
});

interface Tree {
  readonly root: Made;
  readonly authorities: readonly Made[];
  readonly leaf: Made;
  /** The chain as it was made, the leaf first. */
  readonly chain: readonly Made[];
}

function grow({ keys, parents, pathLengths, lifetimes, leafOf, subject, account }: typeof trees extends fc.Arbitrary<infer T> ? T : never): Tree {
  const root = make(requestFor('root', { keyType: keys[0], pathLength: pathLengths[0], lifetime: 1_000_000 }));
  const authorities = [root];
  const above = new Map<Made, Made>();
  parents.forEach((parent, index) => {
    const signer = authorities[parent % authorities.length];
    const made = make(requestFor('intermediate', {
      keyType: keys[index + 1], pathLength: pathLengths[index + 1], lifetime: lifetimes[index], subject: { commonName: `authority ${index}` },
    }), signer);
    above.set(made, signer);
    authorities.push(made);
  });
  const signer = authorities[leafOf % authorities.length];
  const named = { ...subject, organizations: subject.organizations.length > 0 ? subject.organizations : undefined };
  const leaf = make(requestFor('workload', { keyType: keys[5], subject: named, lifetime: lifetimes[5], uris: [`spiffe://cluster.local/ns/a/sa/${account}`] }), signer);
  const chain = [leaf, signer];
  for (let next = above.get(signer); next; next = above.get(next)) { chain.push(next); }
  return { root, authorities, leaf, chain };
}

describe('random trees of certificates', () => {
  test('are signed link by link, as Node.js sees it', () => {
    holds(12, trees, (sample) => {
      const { chain, leaf, authorities } = grow(sample);
      chain.slice(0, -1).forEach((made, index) => {
        const issuer = chain[index + 1];
        expect(made.facts.x509.verify(issuer.facts.publicKey)).toBe(true);
        expect(made.facts.x509.checkIssued(issuer.facts.x509)).toBe(true);
      });
      expect(leaf.facts.x509.checkPrivateKey(leaf.key)).toBe(true);
      const strangers = authorities.filter((authority) => !chain.includes(authority));
      expect(strangers.filter((stranger) => leaf.facts.x509.verify(stranger.facts.publicKey) || signedBy(leaf.facts, stranger.facts))).toEqual([]);
    });
  });

  testWithOpenssl(withOpenssl('are good or bad for us exactly when they are for openssl'), () => {
    const seen = { good: 0, bad: 0 };
    holds(30, trees, (sample) => {
      const { root, authorities, leaf } = grow(sample);
      const at = later(sample.seconds);
      const options: VerifyOptions = { roots: [root.facts], intermediates: authorities.slice(1).map(({ facts }) => facts), at };
      const problems = verifyCertificate(leaf.facts, options);
      const files = { root: root.pem, others: authorities.map(({ pem }) => pem).join(''), leaf: leaf.pem };
      const args = ['-x509_strict', '-attime', String(Math.floor(at.getTime() / 1000)), '-CAfile', '@root', '-untrusted', '@others', '@leaf'];
      const verdict = openssl(files, 'verify', ...args);
      expect({ good: problems.length === 0, problems, openssl: verdict.text }).toEqual({ good: verdict.code === 0, problems, openssl: verdict.text });
      seen[problems.length === 0 ? 'good' : 'bad'] += 1;
    });
    expect(Math.min(seen.good, seen.bad)).toBeGreaterThan(1);
  });

  test('lose their leaf when a link is left out or another root is trusted', () => {
    const stranger = make(requestFor('root', { lifetime: 1_000_000 }));
    holds(8, trees, (sample) => {
      const { root, authorities, leaf, chain } = grow({ ...sample, pathLengths: [undefined, undefined, undefined, undefined, undefined] });
      const all: VerifyOptions = { roots: [root.facts], intermediates: authorities.slice(1).map(({ facts }) => facts), at: later(60) };
      expect(chainToRoot(leaf.facts, all)?.map(({ serial }) => serial)).toEqual(chain.map(({ facts }) => facts.serial));
      expect(verifyCertificate(leaf.facts, { ...all, roots: [stranger.facts] }).map(({ kind }) => kind)).toEqual(['untrusted']);
      for (const link of chain.slice(1, -1)) {
        const without = all.intermediates.filter((facts) => facts !== link.facts);
        expect(verifyCertificate(leaf.facts, { ...all, intermediates: without }).map(({ kind }) => kind)).toEqual(['untrusted']);
      }
    });
  });

  test('are read back as they were asked for', () => {
    holds(12, trees, (sample) => {
      const { leaf } = grow(sample);
      expect(leaf.facts).toMatchObject({ uris: [`spiffe://cluster.local/ns/a/sa/${sample.account}`], notBefore: MADE_AT, notAfter: later(sample.lifetimes[5]), keyType: sample.keys[5] });
      if (sample.subject.commonName !== undefined) { expect(leaf.facts.subject).toContain('CN='); }
    });
  });
});
