import { X509Certificate } from 'crypto';
import { fingerprintOf, readCertificate, tryReadCertificate } from '../../../src/engine/pki/facts';
import { issueCertificate, newSerial } from '../../../src/engine/pki/issue';
import { keyId, makeKey } from '../../../src/engine/pki/keys';
import { YEAR } from '../../../src/engine/pki/lifetimes';
import { faultOf, MADE_AT, make, makeChain, requestFor } from '../../support/certificates';
import { hasOpenssl, openssl, withOpenssl } from '../../support/openssl';

const AT = ['-attime', String(MADE_AT.getTime() / 1000 + 60)];
const testWithOpenssl = hasOpenssl() ? test : test.skip;

describe('a certificate', () => {
  test('of a root says that it is an authority, and signs itself', () => {
    const { facts } = make(requestFor('root', { subject: { organizations: ['Shöp, Inc.'], countries: ['DE'], commonName: 'root' }, pathLength: 1 }));
    expect(facts).toMatchObject({
      subject: 'C=DE, O=Shöp\\, Inc., CN=root', issuer: facts.subject, isAuthority: true, pathLength: 1, keyUsages: ['keyCertSign', 'cRLSign'], issuerKeyId: undefined, extendedKeyUsages: undefined,
    });
    expect(facts.x509.verify(facts.publicKey)).toBe(true);
  });

  test('of a workload says who it is in a critical extension, since it has no subject', () => {
    const { leaf, intermediate } = makeChain();
    expect(leaf.facts).toMatchObject({
      subject: '',
      issuer: 'CN=intermediate',
      isAuthority: false,
      keyUsages: ['digitalSignature'],
      extendedKeyUsages: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
      uris: ['spiffe://cluster.local/ns/shop/sa/cart'],
      dnsNames: ['cart', 'cart.shop'],
      issuerKeyId: intermediate.facts.keyId,
      keyId: keyId(leaf.key),
      keyType: 'ecdsa-p256',
      notBefore: MADE_AT,
      notAfter: new Date(MADE_AT.getTime() + 86_400_000),
    });
    const critical = Buffer.from('0603551d110101ff', 'hex');
    expect(new X509Certificate(leaf.pem).raw.includes(critical)).toBe(true);
    expect(make(requestFor('workload', { subject: { commonName: 'cart' } }), intermediate).facts.x509.raw.includes(critical)).toBe(false);
  });

  test('of a gateway answers for its hosts and is for servers only', () => {
    const hosts = { dnsNames: ['*.example.com'], ipAddresses: ['10.0.0.1', '2001:db8::1', '::ffff:1.2.3.4'] };
    const { facts } = make(requestFor('gateway', hosts), makeChain().intermediate);
    expect(facts.extendedKeyUsages).toEqual(['1.3.6.1.5.5.7.3.1']);
    const node = facts.x509;
    expect(['shop.example.com', 'a.b.example.com', 'example.com'].map((host) => node.checkHost(host) !== undefined)).toEqual([true, false, false]);
    expect(hosts.ipAddresses.slice(0, 2).concat('::ffff:102:304').map((ip) => node.checkIP(ip) !== undefined)).toEqual([true, true, true]);
  });

  test('with an RSA key may take part in the key exchange of old TLS versions', () => {
    expect(makeChain('rsa-2048').leaf.facts.keyUsages).toEqual(['digitalSignature', 'keyEncipherment']);
  });

  test('of after 2049 has the form of date that such years need', () => {
    const facts = make(requestFor('root', { lifetime: 30 * YEAR })).facts;
    expect(facts.notAfter.getUTCFullYear()).toBe(2061);
    expect(facts.x509.validTo).toBe('Apr 28 07:08:09 2061 GMT');
  });

  test('has a serial number that nobody can guess, of one length', () => {
    const serials = Array.from({ length: 200 }, newSerial);
    expect(new Set(serials).size).toBe(200);
    expect(serials.filter((serial) => !/^[4-7][0-9a-f]{31}$/.test(serial))).toEqual([]);
  });

  test('that cannot be read is an error that says where it was', () => {
    expect(tryReadCertificate('nothing')).toBeUndefined();
    expect(tryReadCertificate('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')).toBeUndefined();
    expect(faultOf(() => readCertificate('nothing', 'ca.crt'))).toMatchObject({ code: 'MESH-E050', what: 'ca.crt holds no readable certificate' });
  });

  test('has the fingerprint that other programs show', () => {
    const { pem, facts } = make(requestFor('root'));
    expect(fingerprintOf(pem)).toBe(facts.fingerprint);
    expect(facts.fingerprint).toBe(new X509Certificate(pem).fingerprint256.replace(/:/g, '').toLowerCase());
  });
});

describe.each(['ecdsa-p256', 'ecdsa-p384', 'rsa-2048'] as const)('with %s keys', (keyType) => {
  testWithOpenssl(withOpenssl('openssl accepts every kind in its strict mode'), () => {
    const { root, intermediate, leaf } = makeChain(keyType);
    const gateway = make(requestFor('gateway', { keyType, dnsNames: ['shop.example.com', '*.shop.example.com'], ipAddresses: ['10.0.0.1', 'fe80::1'] }), intermediate);
    const files = { root: root.pem, intermediate: intermediate.pem, leaf: leaf.pem, gateway: gateway.pem };
    const verify = (...args: string[]) => openssl(files, 'verify', '-x509_strict', '-check_ss_sig', '-policy_check', ...AT, '-CAfile', '@root', ...args);
    expect(verify('@root').text).toBe('/root: OK\n');
    expect(verify('-purpose', 'any', '@intermediate').text).toBe('/intermediate: OK\n');
    expect(verify('-untrusted', '@intermediate', '-purpose', 'sslserver', '@leaf').text).toBe('/leaf: OK\n');
    expect(verify('-untrusted', '@intermediate', '-purpose', 'sslclient', '@leaf').text).toBe('/leaf: OK\n');
    expect(verify('-untrusted', '@intermediate', '-purpose', 'sslserver', '-verify_hostname', 'a.shop.example.com', '@gateway').text).toBe('/gateway: OK\n');
    expect(verify('-untrusted', '@intermediate', '-purpose', 'sslclient', '@gateway').code).not.toBe(0);
  });
});

testWithOpenssl(withOpenssl('openssl accepts larger RSA keys too'), () => {
  const { root, intermediate } = makeChain();
  const [smaller, larger] = (['rsa-3072', 'rsa-4096'] as const).map((keyType) => make(requestFor('workload', { keyType }), intermediate));
  expect([smaller.facts.keyType, larger.facts.keyType]).toEqual(['rsa-3072', 'rsa-4096']);
  const files = { root: root.pem, intermediate: intermediate.pem, smaller: smaller.pem, larger: larger.pem };
  expect(openssl(files, 'verify', '-x509_strict', ...AT, '-CAfile', '@root', '-untrusted', '@intermediate', '@smaller', '@larger').text).toBe('/smaller: OK\n/larger: OK\n');
});

describe('what openssl reads', () => {
  testWithOpenssl(withOpenssl('is what was asked for'), () => {
    const { intermediate } = makeChain();
    const subject = {
      countries: ['DE'],
      provinces: ['Hessen'],
      localities: ['Frankfurt'],
      streets: ['Zeil 1'],
      postalCodes: ['60313'],
      organizations: ['Shop'],
      units: ['Ops', 'SRE'],
      commonName: 'cart',
      serialNumber: '42',
      others: [{ oid: '2.5.4.12', text: 'Boss' }],
    };
    const { pem } = make(requestFor('workload', { subject }), intermediate);
    const { text } = openssl({ pem }, 'x509', '-noout', '-subject', '-nameopt', 'RFC2253,-esc_msb,sname', '-ext', 'subjectAltName,keyUsage,extendedKeyUsage,basicConstraints', '-in', '@pem');
    expect(text).toContain('title=Boss,serialNumber=42,CN=cart,OU=SRE,OU=Ops,O=Shop,postalCode=60313,street=Zeil 1,L=Frankfurt,ST=Hessen,C=DE');
    expect(text).toContain('URI:spiffe://cluster.local/ns/shop/sa/cart, DNS:cart, DNS:cart.shop');
    expect(text).toMatch(/Basic Constraints: critical\n +CA:FALSE/);
    expect(text).toMatch(/Key Usage: critical\n +Digital Signature\n/);
    expect(text).toContain('TLS Web Server Authentication, TLS Web Client Authentication');
  });
});

test('a certificate of a key that somebody else keeps is made from its public half', () => {
  const { intermediate } = makeChain();
  const key = makeKey('ecdsa-p256');
  const signer = { certificate: intermediate.pem, key: intermediate.key };
  const pem = issueCertificate({ request: requestFor('workload'), key, signer, serial: newSerial(), notBefore: MADE_AT, notAfter: MADE_AT });
  expect(new X509Certificate(pem).checkPrivateKey(key)).toBe(true);
});
