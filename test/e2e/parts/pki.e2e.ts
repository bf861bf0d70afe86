import * as assert from 'assert/strict';
import * as crypto from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { App, Chart } from 'cdk8s';
import { Identity, pki } from '../../../src';
import { certificatesIn } from '../../../src/engine/pki/pem';
import { privateKeysIn } from '../../../src/engine/pki/private-keys';
import { exampleRuns } from '../../support/examples';
import { openssl } from '../../support/openssl';
import { outputOf } from '../example-output';
import { Manifest, nameOf } from '../lab/api-client';
import { ApiServer } from '../lab/api-server';
import { run } from '../lab/command';
import { waitFor } from '../lab/lab-process';
import { LabRun } from '../lab/lab-run';
import { MeshLab } from '../lab/mesh-lab';
import { certManager, envoy, etcd, iptables, istio, kubeApiserver, kubeseal } from '../lab/parts';
import { program } from '../lab/parts/part';
import { delegatedObjects, issuingObjects } from '../pki/delegated-app';
import { throughBoth } from '../pki/envoy-pair';
import { StoreApp, storeApp } from '../pki/store-app';
import { SuiteContext, SuitePart } from '../suite';

const spiffe = (account: string) => `spiffe://cluster.local/ns/shop/sa/${account}`;

/** Certificates of the library in the programs that read them. */
export const part: SuitePart = {
  name: 'pki',
  needs: [etcd, kubeApiserver, envoy, iptables, istio, kubeseal, certManager],
  needsRoot: true,
  needsCrds: true,
  run: async (t) => {
    const { ECDSA_P256, ECDSA_P384, RSA_2048 } = pki.KeyAlgorithm;
    const apps = new Map([ECDSA_P256, ECDSA_P384, RSA_2048].map((algorithm) => [algorithm, storeApp(t.lab, algorithm, algorithm)]));
    for (const [algorithm, app] of apps) {
      await t.check(`openssl verifies every certificate of ${algorithm} strictly, and reads what was asked for`, async () => checkWithOpenssl(app));
    }
    await checkEnvoys(t, apps.get(ECDSA_P256)!);
    await t.check('kubeseal opens what was sealed for its key, and nobody else does', async () => checkSealed(t.lab));
    await checkIstiod(t, 'our', cacertsOf(apps.get(ECDSA_P256)!));
    const issued = await checkDelegated(t);
    if (issued) { await checkIstiod(t, 'cert-manager\'s', issued); }
    await t.check('no example writes a private key', async () => checkExamples());
  },
};

function cacertsOf({ secrets }: StoreApp): Readonly<Record<string, string>> {
  return secrets.get('istio-system/cacerts')!;
}

/** The own certificate of a Secret, those above it, and its roots. */
function chainOf(secret: Readonly<Record<string, string>>): { readonly own: string; readonly above: string; readonly roots: string } {
  const chain = secret['tls.crt'] ?? secret['ca-cert.pem'] + secret['cert-chain.pem'];
  return { own: certificatesIn(chain)[0], above: certificatesIn(chain).slice(1).join(''), roots: secret['ca.crt'] ?? secret['root-cert.pem'] };
}

async function checkWithOpenssl({ secrets, root }: StoreApp): Promise<string> {
  for (const [name, secret] of secrets) {
    const { own, above, roots } = chainOf(secret);
    assert.equal(roots, root);
    const isAuthority = /cacerts|linkerd/.test(name);
    const purposes = isAuthority ? [] : name.startsWith('edge/') ? ['sslserver'] : ['sslserver', 'sslclient'];
    for (const purpose of purposes.length > 0 ? purposes.map((one) => ['-purpose', one]) : [[]]) {
      const untrusted = above === '' ? [] : ['-untrusted', '@above.pem'];
      const verdict = openssl({ 'own.pem': own, 'above.pem': above, 'root.pem': root }, 'verify', '-x509_strict', ...purpose, '-CAfile', '@root.pem', ...untrusted, '@own.pem');
      assert.deepEqual([name, verdict.code, verdict.text.trim()], [name, 0, '/own.pem: OK']);
    }
    const { text } = openssl({ 'own.pem': own }, 'x509', '-in', '@own.pem', '-noout', '-text');
    assert.match(text, isAuthority ? /CA:TRUE, pathlen:0[^]*Certificate Sign, CRL Sign/ : /CA:FALSE[^]*Digital Signature/);
    if (!isAuthority && !name.startsWith('edge/')) { assert.match(text, new RegExp(`Alternative Name: (critical)?\\s+URI:${spiffe(name.split('/')[1])}, DNS:`)); }
    if (name.startsWith('edge/')) { assert.match(text, /DNS:shop\.example\.com, DNS:\*\.api\.example\.com, IP Address:192\.0\.2\.7, IP Address:2001:DB8:0:0:0:0:0:7/); }
    const key = secret['tls.key'] ?? secret['ca-key.pem'];
    const halves = [openssl({ key }, 'pkey', '-in', '@key', '-pubout').text, openssl({ own }, 'x509', '-in', '@own', '-noout', '-pubkey').text];
    assert.equal(halves[0], halves[1], `the key of ${name}`);
  }
  const rooted = openssl({ 'root.pem': root }, 'verify', '-x509_strict', '-check_ss_sig', '-CAfile', '@root.pem', '@root.pem');
  assert.equal(rooted.code, 0, rooted.text);
  return `${secrets.size} certificates`;
}

async function checkEnvoys(t: SuiteContext, { secrets }: StoreApp): Promise<void> {
  const side = (account: string) => secrets.get(`shop/${account}`)!;
  const pair = { server: side('server'), client: side('client'), wantsClient: spiffe('client'), wantsServer: spiffe('server') };
  await t.check('two Envoys with certificates of ours talk to each other by mutual TLS', async () => {
    assert.deepEqual(await throughBoth(t.lab, 'friends', pair), { status: 200, body: 'hello', refusedBy: { client: false, server: false } });
  });
  await t.check('an Envoy refuses a client with another SPIFFE ID, and a server with another one', async () => {
    const stranger = await throughBoth(t.lab, 'stranger', { ...pair, client: side('stranger') });
    assert.deepEqual([stranger.status, stranger.refusedBy], [503, { client: false, server: true }]);
    const impostor = await throughBoth(t.lab, 'impostor', { ...pair, server: side('stranger') });
    assert.deepEqual([impostor.status, impostor.refusedBy], [503, { client: true, server: false }]);
  });
}

async function checkSealed(lab: LabRun): Promise<string> {
  const folder = lab.folder('sealed');
  const [controller, other] = await Promise.all([0, 1].map(async () => rsaCertificate(folder)));
  const { authority, privateFolder } = storeApp(lab, 'sealed', pki.KeyAlgorithm.ECDSA_P256);
  const app = new App({ outdir: path.join(folder, 'dist') });
  const chart = new Chart(app, 'test', { namespace: 'shop' });
  const { STRICT, NAMESPACE_WIDE, CLUSTER_WIDE } = pki.SealingScope;
  const store = pki.CertificateStore.folder(path.join(path.dirname(privateFolder), 'public'), { privateFolder, issueMissing: true });
  const its = new pki.MeshCertificateAuthority(chart, 'shop', { store, authorityName: authority.authorityName });
  for (const scope of [STRICT, NAMESPACE_WIDE, CLUSTER_WIDE]) {
    const sink = pki.SecretSink.sealedSecret(controller.cert, { scope });
    new pki.WorkloadCertificate(chart, `cart-${scope}`, { authority: its, sink, identity: Identity.serviceAccount('shop', 'cart') });
  }
  const sealed = (chart.toJson() as Manifest[]).filter(({ kind }) => kind === 'SealedSecret');
  const keys = path.join(folder, 'key.pem');
  for (const manifest of sealed) {
    const unseal = async (key: string) => {
      fs.writeFileSync(keys, key, { mode: 0o600 });
      return JSON.parse(await run(program(kubeseal, 'kubeseal'), ['--recovery-unseal', '--recovery-private-key', keys, '--format', 'json'], { input: JSON.stringify(manifest) })) as Manifest;
    };
    const { data } = await unseal(controller.key);
    const text = (entry: string) => Buffer.from(data[entry], 'base64').toString('utf8');
    const key = crypto.createPrivateKey(text('tls.key'));
    assert.ok(new crypto.X509Certificate(certificatesIn(manifest.spec.template.data['tls.crt'])[0]).checkPrivateKey(key), nameOf(manifest));
    await assert.rejects(unseal(other.key), nameOf(manifest));
  }
  return `${sealed.length} scopes`;
}

async function rsaCertificate(folder: string): Promise<{ readonly cert: string; readonly key: string }> {
  const name = path.join(folder, crypto.randomUUID());
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', '/CN=sealed-secrets']);
  return { cert: fs.readFileSync(`${name}.crt`, 'utf8'), key: fs.readFileSync(`${name}.key`, 'utf8') };
}

async function checkExamples(): Promise<string> {
  let count = 0;
  for (const example of exampleRuns()) {
    const { files, objects } = await outputOf(example);
    objects.forEach((object) => assert.deepEqual(privateKeysIn(object), [], `${example.title}: ${nameOf(object)}`));
    files.forEach((file) => assert.doesNotMatch(fs.readFileSync(file, 'utf8'), /PRIVATE KEY-----/, file));
    count += objects.length;
  }
  return `${count} objects of ${exampleRuns().length} examples`;
}

/** Starts istiod with what is plugged in, and looks at what its workloads get. */
async function checkIstiod(t: SuiteContext, whose: string, cacerts: Readonly<Record<string, string>>): Promise<void> {
  const lab = new LabRun();
  try {
    const mesh = await MeshLab.start(lab, { cacerts });
    const [client, server] = await mesh.addWorkloads({ name: 'client', namespace: 'shop' }, { name: 'server', namespace: 'shop', serviceAccount: 'api' });
    const [service] = await mesh.addServices({ name: 'server', namespace: 'shop', selector: { app: 'server' } });
    await mesh.settle();
    await t.check(`istiod starts with ${whose} cacerts, and what it issues chains to the root`, async () => {
      const { above, roots, own } = chainOf(cacerts);
      for (const workload of [client, server]) {
        const certificates = certificatesIn(await workloadChain(workload));
        const files = { 'own.pem': certificates[0], 'above.pem': [own, above, ...certificates.slice(1)].join(''), 'root.pem': roots };
        const verdict = openssl(files, 'verify', '-purpose', 'sslclient', '-CAfile', '@root.pem', '-untrusted', '@above.pem', '@own.pem');
        assert.equal(verdict.code, 0, verdict.text);
        assert.equal(new crypto.X509Certificate(certificates[0]).subjectAltName, `URI:${spiffe(workload.serviceAccount)}`);
        assert.ok(certificates.some((pem) => certificatesIn(own)[0] === pem), 'the chain holds the intermediate');
      }
    });
    await t.check(`two Envoys with certificates below ${whose} root check each other's SPIFFE IDs`, async () => {
      const ask = async () => client.send({ address: service.clusterIp, port: 80, host: 'server.shop' });
      await mesh.configure([strict(), talksTo('api')]);
      const answer = await ask();
      assert.equal(answer.status, 200);
      assert.match(answer.served?.headers['x-forwarded-client-cert'] ?? '', /URI=spiffe:\/\/cluster\.local\/ns\/shop\/sa\/client$/);
      await mesh.configure([strict(), talksTo('somebody-else')]);
      assert.equal((await ask()).status, 503);
    });
  } finally {
    lab.close();
  }
}

/** The certificates that an Envoy shows. */
async function workloadChain(workload: { envoyJson(adminPath: string): Promise<any> }): Promise<string> {
  const dump = await workload.envoyJson('/config_dump?resource=dynamic_active_secrets');
  const own = dump.configs.find(({ name }: { name: string }) => name === 'default');
  return Buffer.from(own.secret.tls_certificate.certificate_chain.inline_bytes, 'base64').toString('utf8');
}

function strict(): Manifest {
  return { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'shop' }, spec: { mtls: { mode: 'STRICT' } } };
}

function talksTo(account: string): Manifest {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'server', namespace: 'shop' },
    spec: { host: 'server', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL', subjectAltNames: [spiffe(account)] } } },
  };
}

/** Has the API server judge everything that is delegated, and cert-manager issue it; returns the intermediate of istiod. */
async function checkDelegated(t: SuiteContext): Promise<Readonly<Record<string, string>> | undefined> {
  const objects = delegatedObjects();
  const { client } = await t.apiServer();
  await t.check('the API server accepts everything that is delegated', async () => {
    for (const object of objects) {
      const verdict = await client.dryRun(object);
      assert.ok(verdict.ok, `${nameOf(object)}: ${verdict.message}`);
    }
    return `${objects.length} objects of ${new Set(objects.map(({ kind }) => kind)).size} kinds`;
  });
  let cacerts: Readonly<Record<string, string>> | undefined;
  await t.check('cert-manager issues it all, and every certificate chains to the root', async () => {
    const api = await ApiServer.start(t.lab, { crds: ['cert-manager'] });
    const controllers = t.lab.start('cert-manager', program(certManager, 'cert-manager-controllers'), [api.kubeconfig, 'cert-manager']);
    const wanted = issuingObjects(objects);
    for (const object of wanted) { await api.client.apply(object); }
    const secretOf = async (certificate: Manifest) => {
      await api.client.until(certificate, ({ status }) => status?.conditions?.some((one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True'), { seconds: 60, needs: [controllers] });
      const secret = await waitFor('its Secret', async () => api.client.get('v1', 'Secret', certificate.spec.secretName, certificate.metadata.namespace), { seconds: 10, needs: [controllers] });
      return Object.fromEntries(Object.entries(secret.data as Record<string, string>).map(([key, text]) => [key, Buffer.from(text, 'base64').toString('utf8')]));
    };
    const certificates = wanted.filter(({ kind }) => kind === 'Certificate');
    const root = (await secretOf(certificates.find(({ metadata }) => metadata.name === 'mesh-ca-root')!))['tls.crt'];
    for (const certificate of certificates) {
      const secret = await secretOf(certificate);
      const [own, ...above] = certificatesIn(secret['tls.crt']);
      const verdict = openssl({ own, above: above.join('') || own, root }, 'verify', '-CAfile', '@root', '-untrusted', '@above', '@own');
      assert.equal(verdict.code, 0, `${nameOf(certificate)}: ${verdict.text}`);
      const { ca, subjectAltName } = new crypto.X509Certificate(own);
      assert.equal(ca, certificate.spec.isCA === true, nameOf(certificate));
      if (certificate.metadata.name === 'cart-tls') { assert.equal(subjectAltName, `DNS:cart.shop.svc, URI:${spiffe('cart')}`); }
      if (certificate.metadata.name === 'cacerts') { cacerts = secret; }
    }
    return `${certificates.length} certificates`;
  });
  return cacerts;
}
