import * as assert from 'assert/strict';
import { Ingress, TlsSource } from '../../../../src';
import { makeCertificate } from '../../lab/certificate';
import { SuiteContext } from '../../suite';
import { RunningShop } from '../shop';

const SECRET = 'shop-cert';

/** A way into the mesh with a certificate. */
export async function checkIngressTls(t: SuiteContext, shop: RunningShop): Promise<void> {
  await t.check('an ingress with a certificate answers by HTTPS and sends plain HTTP there', async () => {
    await installCertificate(t, shop);
    await shop.open((it) => {
      const web = new Ingress(it.chart, 'web', { mesh: it.mesh, hosts: ['shop.example.com'], tls: TlsSource.secret(SECRET) });
      web.route(it.api, { servicePort: 80 });
    });
    const plain = await shop.ask(shop.outsider, shop.throughGateway('shop.example.com', { path: '/x?y=1' }));
    assert.deepEqual([plain.answer.status, plain.answer.headers.location, plain.seen.length], [301, 'https://shop.example.com/x?y=1', 0]);
    const secure = await shop.ask(shop.outsider, shop.throughGateway('shop.example.com', { port: 8443, path: '/x', tls: { serverName: 'shop.example.com' } }));
    assert.deepEqual([secure.answer.status, secure.seen.map((it) => [it.path, it.headers['x-forwarded-proto']])], [200, [['/x', 'https']]]);
    const other = await shop.ask(shop.outsider, shop.throughGateway('other.example.com', { port: 8443, tls: { serverName: 'other.example.com' } }));
    assert.deepEqual([other.answer.status, other.seen.length], [undefined, 0], 'another name finds no certificate');
  });
}

/** The Secret stands beside the gateway, whose ServiceAccount may read it, as every installation allows. */
async function installCertificate(t: SuiteContext, { lab, gateway }: RunningShop): Promise<void> {
  const { cert, key } = await makeCertificate(t.lab, 'shop.example.com');
  const { namespace } = gateway.options;
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const data = { 'tls.crt': base64(cert), 'tls.key': base64(key) };
  const rbac = 'rbac.authorization.k8s.io';
  await lab.api.client.apply({ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata: { name: SECRET, namespace }, data });
  await lab.api.client.apply({
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    metadata: { name: 'gateway', namespace },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
  });
  await lab.api.client.apply({
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'gateway', namespace },
    roleRef: { apiGroup: rbac, kind: 'Role', name: 'gateway' },
    subjects: [{ kind: 'ServiceAccount', name: gateway.serviceAccount, namespace }],
  });
}
