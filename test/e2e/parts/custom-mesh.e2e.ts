import * as assert from 'assert/strict';
import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { initAuthority } from '../../../src/engine/pki/store/init';
import { EXAMPLE_RUNNER } from '../../support/examples';
import { EnvoyPod, startPods } from '../custom-mesh/envoy-pods';
import { LabResponse } from '../lab/agent/protocol';
import { Manifest } from '../lab/api-client';
import { run } from '../lab/command';
import { waitFor } from '../lab/lab-process';
import { LabRun } from '../lab/lab-run';
import { envoy, iptables } from '../lab/parts';
import { SuitePart } from '../suite';

/** The mesh of `examples/custom-mesh`, made with certificates of its own, in real proxies: what the library tells a mesh that is not its own is enough for one. */
export const part: SuitePart = {
  name: 'custom-mesh',
  needs: [envoy, iptables],
  needsRoot: true,
  run: async (t) => {
    const pods = await startPods(t.lab, await manifests(t.lab), { api: 2 });
    const pod = (name: string) => pods.find((it) => it.name === name)!;
    const [web, reports, canary, api] = ['web-1', 'reports-1', 'api-canary-1', 'api-1'].map(pod);
    const endpoint = (name: string, from: EnvoyPod, stat: string) => from.stat(`cluster.${name}.shop.svc.cluster.local|80.${stat}`);
    // Checks begin with the proxies, so that endpoints become well one after another.
    await waitFor('both endpoints to get calls', async () => Object.keys(workloads(await web.ask('api', {}, {}))).length === 2, { seconds: 15 });

    await t.check('a declared caller is let in, by the name that it always used, round robin over both pods', async () => {
      const answers = await web.ask('api', ...Array.from({ length: 20 }, () => ({ path: '/carts' })));
      assert.deepEqual(workloads(answers), { 'api-1': 10, 'api-2': 10 });
      assert.match(answers[0].served!.headers['x-forwarded-client-cert'], /URI=spiffe:\/\/cluster\.local\/ns\/shop\/sa\/web/);
    });
    await t.check('a caller gets what was declared and nothing else', async () => {
      const answers = await reports.ask('api', { path: '/orders/1' }, { path: '/orders' }, { path: '/ordersx' }, { path: '/orders', method: 'POST' }, { path: '/' });
      assert.deepEqual(answers.map(({ status }) => status), [200, 200, 403, 403, 403]);
    });
    await t.check('whoever was not declared is refused with the best certificate, and the same request of a declared caller is not', async () => {
      const name = '80.api.shop.svc.cluster.local';
      assert.equal((await canary.askDirectly(api, 15006, name, '/')).status, 403);
      assert.equal((await web.askDirectly(api, 15006, name, '/')).status, 200);
    });
    await t.check('plain text is refused, and so is TLS without a certificate of the mesh', async () => {
      const plain = await canary.agent.send({ address: api.host.ip, port: 15006, path: '/' });
      const stranger = await canary.agent.send({ address: api.host.ip, port: 15006, path: '/', tls: { serverName: '80.api.shop.svc.cluster.local' } });
      assert.deepEqual([plain.status, stranger.status], [undefined, undefined]);
      return `${plain.error}, ${stranger.error}`;
    });
    await t.check('a header sends requests to another service', async () => {
      const answers = await web.ask('api', { headers: { 'x-tester': 'yes' } }, { headers: { 'x-tester': 'no' } });
      assert.deepEqual(answers.map(({ served }) => served?.workload.replace(/-\d$/, '')), ['api-canary', 'api']);
    });
    await t.check('weights divide requests', async () => {
      const answers = await web.ask('api', ...Array.from({ length: 1000 }, () => ({ path: '/offers/1' })));
      const share = workloads(answers)['api-canary-1'];
      assert.ok(share > 60 && share < 140, `${share} of 1,000`);
      return `${share} of 1,000 for a weight of 10`;
    });
    await t.check('a time-out ends calls', async () => {
      const [answer] = await web.ask('api', { path: '/slow', headers: { 'x-lab-delay-ms': '2600' } });
      assert.deepEqual([answer.status, answer.ms < 2500], [504, true]);
    });
    await t.check('failed calls are tried again at another endpoint, where the rule says so', async () => {
      await Promise.all(pods.map(async (it) => it.seen()));
      const fail = { headers: { 'x-lab-status': '503', 'x-lab-at': 'api-1' } };
      const answers = await web.ask('api', ...Array.from({ length: 2 }, () => ({ path: '/offers', ...fail })));
      assert.deepEqual(answers.map(({ status }) => status), [200, 200]);
    });
    await t.check('an endpoint that fails is ejected, and the others answer', async () => {
      // The failures of the check before may have ejected the other one.
      await waitFor('all endpoints to be there', async () => await endpoint('api', web, 'outlier_detection.ejections_active') === 0, { seconds: 60 });
      const fail = { headers: { 'x-lab-status': '500', 'x-lab-at': 'api-2' } };
      const before = await web.ask('api', ...Array.from({ length: 12 }, () => ({ path: '/carts', ...fail })));
      await waitFor('the ejection', async () => await endpoint('api', web, 'outlier_detection.ejections_active') === 1, { seconds: 5 });
      // Envoy counts an ejection a moment before those of its threads know that send calls.
      await waitFor('calls to go elsewhere', async () => Object.keys(workloads(await web.ask('api', {}, {}, {}, {}))).join() === 'api-1', { seconds: 5 });
      const after = await web.ask('api', ...Array.from({ length: 20 }, () => ({ path: '/carts', ...fail })));
      assert.deepEqual(workloads(after), { 'api-1': 20 });
      return `${before.filter(({ status }) => status === 500).length} of 12 calls failed before, none of 20 after`;
    });
    await t.check('proxies publish metrics, and nothing else of what can be asked of them', async () => {
      const ask = async (address: string) => canary.agent.send({ address: api.host.ip, port: 15090, path: address });
      const [metrics, config] = [await ask('/metrics'), await ask('/config_dump')];
      assert.match(metrics.body, /envoy_http_downstream_rq_xx\{envoy_response_code_class="2",envoy_http_conn_manager_prefix="inbound-80"\}|envoy_http_downstream_rq/);
      assert.equal(config.status, 404);
    });
    await t.check('an endpoint whose application is gone is found out by asking, before a call goes wrong', async () => {
      canary.stopApplication();
      await waitFor('the check to fail', async () => await endpoint('api-canary', web, 'membership_healthy') === 0, { seconds: 15 });
      const [answer] = await web.ask('api', { headers: { 'x-tester': 'yes' } });
      assert.equal(answer.status, 503);
    });
  },
};

/** What the example writes with a store of its own, private keys included. */
async function manifests(lab: LabRun): Promise<Manifest[]> {
  const [out, pki] = [lab.folder('out'), lab.folder('pki')];
  const place = { folder: path.join(pki, 'public'), authority: 'shop', privateFolder: path.join(pki, 'private'), environment: {} };
  initAuthority(place, { trustDomain: 'cluster.local', keyType: 'ecdsa-p256', subject: {} }, new Date());
  await run(process.execPath, [EXAMPLE_RUNNER, 'custom-mesh', '--out', out, '--store', place.folder, '--keys', 'plain'], {
    env: { ...process.env, CDK8S_MESH_PKI: 'issue', CDK8S_MESH_PKI_PRIVATE: place.privateFolder },
  });
  return fs.readdirSync(out).flatMap((file) => yaml.loadAll(fs.readFileSync(path.join(out, file), 'utf8')) as Manifest[]);
}

function workloads(answers: readonly LabResponse[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { served, status, error } of answers) {
    const name = served?.workload ?? `${status ?? error}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
