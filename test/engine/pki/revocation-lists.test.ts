import { issueCrl, readCrl } from '../../../src/engine/pki/crl';
import { newSerial } from '../../../src/engine/pki/issue';
import { DAY } from '../../../src/engine/pki/lifetimes';
import { later, MADE_AT, make, makeChain, requestFor } from '../../support/certificates';
import { hasOpenssl, openssl, withOpenssl } from '../../support/openssl';

const testWithOpenssl = hasOpenssl() ? test : test.skip;

describe('a revocation list', () => {
  const { root, intermediate, leaf } = makeChain();
  const other = make(requestFor('workload'), intermediate);
  const signer = { certificate: intermediate.pem, key: intermediate.key };
  const content = { number: 7, thisUpdate: MADE_AT, nextUpdate: later(DAY) };
  const revoked = [{ serial: leaf.facts.serial, at: later(1), reason: 'key-compromise' as const }, { serial: newSerial(), at: later(2), reason: 'unspecified' as const }];
  const list = issueCrl(signer, { ...content, revoked });

  test('names what was revoked and is signed by its issuer', () => {
    expect(readCrl(list, intermediate.facts.publicKey)).toEqual({ serials: revoked.map(({ serial }) => serial), thisUpdate: MADE_AT, nextUpdate: later(DAY), signed: true });
    expect(readCrl(list, root.facts.publicKey).signed).toBe(false);
    expect(readCrl(issueCrl(signer, { ...content, revoked: [] }), intermediate.facts.publicKey).serials).toEqual([]);
  });

  testWithOpenssl(withOpenssl('keeps out exactly what it names, for openssl too'), () => {
    const empty = issueCrl({ certificate: root.pem, key: root.key }, { ...content, revoked: [] });
    const files = { root: root.pem, intermediate: intermediate.pem, leaf: leaf.pem, other: other.pem, lists: `${list}${empty}` };
    const verify = (name: string) => openssl(files, 'verify', '-x509_strict', '-crl_check_all', '-attime', String(later(60).getTime() / 1000),
      '-CAfile', '@root', '-untrusted', '@intermediate', '-CRLfile', '@lists', name);
    expect(verify('@other').text).toBe('/other: OK\n');
    expect(verify('@leaf').text).toContain('certificate revoked');
    expect(openssl(files, 'crl', '-noout', '-text', '-in', '@lists').text).toMatch(/CRL Number: \n +7\n[\s\S]*Key Compromise/);
  });
});
