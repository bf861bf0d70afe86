import * as fs from 'fs';
import * as path from 'path';
import { Yaml } from 'cdk8s';
import { privateKeyPem } from '../../src/engine/pki/keys';
import { Made, make, makeChain, MADE_AT, requestFor, temporaryFolder } from '../support/certificates';
import { commandLine, Outcome } from '../support/command-line';

const AT = ['--at', MADE_AT.toISOString()];
const { root, intermediate, leaf } = makeChain();
const gateway = make(requestFor('gateway', { dnsNames: ['shop.example.com', '*.api.example.com'] }), intermediate);

function secret(name: string, own: Made, more: object = {}): object {
  const data = { 'tls.crt': own.pem + intermediate.pem, 'ca.crt': root.pem, ...more };
  return { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata: { name, namespace: 'shop' }, data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')])) };
}

async function pki(verb: string, objects: readonly object[], ...options: string[]): Promise<Outcome> {
  return commandLine(['pki', verb, '-', ...AT, ...options], { stdin: objects.map((object) => Yaml.stringify(object)).join('---\n') });
}

const istioGateway = (...hosts: string[]) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { name: 'web', namespace: 'edge' },
  spec: { servers: [{ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts, tls: { mode: 'SIMPLE', credentialName: 'web-tls' } }] },
});

describe('pki status over manifests', () => {
  test('is a table of all certificates, those that end first in front', async () => {
    const { code, out } = await pki('status', [secret('cart-tls', leaf), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'shop' }, data: { a: 'b' } }]);
    expect(code).toBe(0);
    expect(out.split('\n').slice(1, 4).map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['Secret shop/cart-tls', 'spiffe://cluster.local/ns/shop/sa/cart'], ['Secret shop/cart-tls', intermediate.facts.subject], ['Secret shop/cart-tls', root.facts.subject],
    ]);
  });

  test('ends with 1 when something ends within the given time', async () => {
    expect((await pki('status', [secret('cart-tls', leaf)], '--within', '1h')).code).toBe(0);
    expect((await pki('status', [secret('cart-tls', leaf)], '--within', '2d')).code).toBe(1);
  });
});

describe('pki verify over manifests', () => {
  test('finds nothing wrong with a certificate that chains to its root', async () => {
    expect(await pki('verify', [secret('cart-tls', leaf)])).toMatchObject({ code: 0, out: '0 problems in 3 certificates\n' });
  });

  test('checks chains against roots that are named', async () => {
    const file = path.join(temporaryFolder(), 'roots.pem');
    fs.writeFileSync(file, root.pem);
    expect((await pki('verify', [secret('cart-tls', leaf)], '--roots', file)).code).toBe(0);
    fs.writeFileSync(file, make(requestFor('root', { subject: { commonName: 'stranger' } })).pem);
    expect(await pki('verify', [secret('cart-tls', leaf)], '--roots', file)).toMatchObject({ code: 1, out: expect.stringContaining('chains to none of the 1 roots') });
    fs.writeFileSync(file, 'nothing');
    expect(await pki('verify', [secret('cart-tls', leaf)], '--roots', file)).toMatchObject({ code: 2, err: expect.stringContaining('holds no certificate') });
    expect(await pki('verify', [secret('cart-tls', leaf)], '--roots', '/no/such/file')).toMatchObject({ code: 2, err: expect.stringContaining('cannot be read') });
  });

  test('checks the names of end certificates, not of authorities', async () => {
    const authority = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system' }, stringData: { 'ca-cert.pem': intermediate.pem, 'cert-chain.pem': intermediate.pem, 'root-cert.pem': root.pem } };
    expect((await pki('verify', [secret('web-tls', gateway), authority], '--host', 'shop.example.com,v1.api.example.com')).code).toBe(0);
    expect(await pki('verify', [secret('web-tls', gateway)], '--host', 'pay.example.com')).toMatchObject({ code: 1, out: expect.stringContaining('does not answer for pay.example.com') });
    expect((await pki('verify', [secret('cart-tls', leaf)], '--identity', 'spiffe://cluster.local/ns/shop/sa/cart')).code).toBe(0);
    expect((await pki('verify', [secret('cart-tls', leaf)], '--identity', 'spiffe://cluster.local/ns/shop/sa/pay')).out).toContain('not for spiffe://cluster.local/ns/shop/sa/pay');
  });

  test.each([
    ['a gateway of Istio', istioGateway('pay.example.com', 'shop/shop.example.com'), 'Gateway edge/web'],
    ['a gateway of the Gateway API', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'web', namespace: 'edge' },
      spec: { listeners: [{ name: 'a', hostname: 'pay.example.com', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'web-tls', namespace: 'shop' }] } }] },
    }, 'Gateway edge/web'],
    ['an ingress', { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web', namespace: 'shop' }, spec: { tls: [{ hosts: ['pay.example.com'], secretName: 'web-tls' }] } }, 'Ingress shop/web'],
  ])('tells that %s answers for a host that its certificate does not name', async (_, object, by) => {
    const { code, out } = await pki('verify', [object, secret('web-tls', gateway)]);
    expect([code, out]).toEqual([1, expect.stringContaining(`does not answer for pay.example.com, which ${by} does with it`)]);
    expect(out).toContain('1 problem');
  });

  test('minds neither hosts that are covered nor certificates of other namespaces', async () => {
    const elsewhere = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web', namespace: 'pay' }, spec: { tls: [{ hosts: ['pay.example.com'], secretName: 'web-tls' }] } };
    expect((await pki('verify', [istioGateway('shop.example.com', '*.api.example.com', 'v2.api.example.com', '*'), elsewhere, secret('web-tls', gateway)])).code).toBe(0);
    expect((await pki('verify', [istioGateway('*.example.com'), secret('web-tls', gateway)])).code).toBe(1);
  });

  test('finds keys that do not belong, keys in the open, and what has expired', async () => {
    const { out, code } = await pki('verify', [secret('cart-tls', leaf, { 'tls.key': privateKeyPem(gateway.key) })]);
    expect(code).toBe(1);
    expect(out).toContain('the private key beside certificate "spiffe://cluster.local/ns/shop/sa/cart" is not its own');
    expect(out).toContain('a private key stands in the open at data.tls.key');
    expect(await commandLine(['pki', 'verify', '-', '--at', '2099-01-01T00:00:00Z'], { stdin: Yaml.stringify(secret('cart-tls', leaf)) })).toMatchObject({ code: 1, out: expect.stringContaining('expired at') });
    expect(await pki('verify', [secret('cart-tls', leaf)], '--accept')).toMatchObject({ code: 2, err: expect.stringContaining('--accept is for a store') });
  });
});
