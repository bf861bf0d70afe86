import * as assert from 'assert/strict';
import { LabRequest, LabResponse } from '../lab/agent/protocol';
import { Manifest } from '../lab/api-client';
import { LabService, MeshLab } from '../lab/mesh-lab';
import { envoy, etcd, iptables, istio, kubeApiserver } from '../lab/parts';
import { Workload } from '../lab/workload';
import { SuitePart } from '../suite';

const NS = 'shop';
const ISTIO = 'networking.istio.io/v1';

/** Proves that the lab is a real mesh: what is configured is what happens, and a change is in force when `configure` returns. */
export const part: SuitePart = {
  name: 'istio-lab',
  needs: [etcd, kubeApiserver, envoy, iptables, istio],
  needsRoot: true,
  needsCrds: true,
  run: async (t) => {
    const start = Date.now();
    const mesh = await MeshLab.start(t.lab);
    const [client, , , outsider, ingress] = await mesh.addWorkloads(
      { name: 'client', namespace: NS },
      { name: 'api-v1', namespace: NS, labels: { app: 'api', version: 'v1' }, serviceAccount: 'api' },
      { name: 'api-v2', namespace: NS, labels: { app: 'api', version: 'v2' }, serviceAccount: 'api' },
      { name: 'outsider', namespace: 'outside', proxy: 'none' },
      { name: 'ingress', namespace: NS, proxy: 'gateway', labels: { istio: 'ingress' } },
    );
    const [api] = await mesh.addServices(
      {
        name: 'api',
        namespace: NS,
        selector: { app: 'api' },
        ports: [
          { name: 'http', port: 80, targetPort: 8080 },
          { name: 'grpc', port: 7070, targetPort: 7070 },
          { name: 'tcp', port: 9000, targetPort: 9000 },
        ],
      },
      { name: 'ingress', namespace: NS, selector: { istio: 'ingress' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    );
    await mesh.settle();
    t.say(`the mesh was up after ${((Date.now() - start) / 1000).toFixed(1)} s`);

    await t.check('without any policy both versions answer, and see who calls', async () => {
      const answers = await ask(client, api, 20);
      assert.deepEqual(servers(answers), ['api-v1.shop', 'api-v2.shop']);
      assert.match(answers[0].served?.headers['x-forwarded-client-cert'] ?? '', /URI=spiffe:\/\/cluster\.local\/ns\/shop\/sa\/client$/);
    });
    await t.check('a 90/10 split sends about a tenth of 300 requests to the second version, and a header sends all', async () => {
      await mesh.configure([subsets(), splitWithHeader()]);
      const second = servedBy(await ask(client, api, 300), 'api-v2.shop');
      // Four standard deviations of a binomial distribution.
      assert.ok(second >= 10 && second <= 50, `${second} of 300 went to the second version`);
      assert.equal(servedBy(await ask(client, api, 30, { headers: { 'x-version': '2' } }), 'api-v2.shop'), 30);
      return `${second} of 300`;
    });
    await t.check('plain text is accepted until mutual TLS is strict', async () => {
      const plain = async () => outsider.send({ address: mesh.workload('api-v1.shop').ip, port: 8080 });
      assert.equal((await plain()).status, 200);
      await mesh.configure([strict()]);
      assert.equal((await plain()).error, 'ECONNRESET');
      assert.equal((await ask(client, api, 1))[0].status, 200);
    });
    await t.check('a denied path is refused by the sidecar of the server', async () => {
      await mesh.configure([strict(), deny('/admin*')]);
      const [denied] = await ask(client, api, 1, { path: '/admin/x' });
      assert.equal(denied.status, 403);
      assert.match(denied.body, /RBAC: access denied/);
      assert.equal((await ask(client, api, 1, { path: '/public' }))[0].status, 200);
    });
    await t.check('gRPC and TCP reach the backend', async () => {
      await mesh.configure([]);
      const grpc = await client.send({
        speak: 'http2',
        address: api.clusterIp,
        port: 7070,
        host: 'api.shop:7070',
        method: 'POST',
        path: '/pkg.Service/Method',
        headers: { 'content-type': 'application/grpc', 'te': 'trailers' },
        body: 'hello',
      });
      assert.deepEqual([grpc.trailers?.['grpc-status'], grpc.served?.body, grpc.served?.protocol], ['0', 'hello', 'http2']);
      const tcp = await client.send({ address: api.clusterIp, port: 9000, speak: 'tcp', body: 'line' });
      assert.equal(tcp.served?.body, 'line');
    });
    await t.check('a host of a ServiceEntry resolves in the workload and leads to its endpoints', async () => {
      await mesh.configure([object(ISTIO, 'ServiceEntry', 'partner', {
        hosts: ['partner.example'],
        addresses: ['240.7.0.1'],
        ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
        resolution: 'STATIC',
        endpoints: [{ address: outsider.ip, ports: { http: 8080 } }],
      })]);
      const answer = await client.send({ address: 'partner.example', port: 80 });
      assert.deepEqual([answer.served?.workload, answer.served?.host], ['outsider.outside', 'partner.example']);
    });
    await t.check('a gateway lets in what its routes say', async () => {
      await mesh.configure([subsets(), ...ingressRoute()]);
      const outside = async (host: string) => outsider.send({ address: ingress.ip, port: 8080, host });
      assert.equal((await outside('shop.example')).served?.workload, 'api-v2.shop');
      assert.equal((await outside('other.example')).status, 404);
    });
    await t.check('an HTTPRoute with a Service as parent rules the calls to it', async () => {
      await mesh.configure([gammaRoute()]);
      const [answer] = await ask(client, api, 1, { path: '/old' });
      assert.deepEqual([answer.status, answer.headers.location], [302, 'http://api.shop/new']);
    });
    await t.check('of 60 changes each is in force when `configure` returns', async () => {
      const times: number[] = [];
      for (let round = 0; round < 60; round++) {
        const target = `v${round % 2 + 1}`;
        const report = await mesh.configure([subsets(), everythingTo(target), ...(round % 3 === 0 ? [deny(`/secret-${round}`)] : [])]);
        assert.deepEqual([report.ignored, report.refused], [[], []]);
        times.push(report.ms.done);
        assert.equal(servedBy(await ask(client, api, 3), `api-${target}.shop`), 3, `round ${round}`);
        assert.equal((await ask(client, api, 1, { path: `/secret-${round}` }))[0].status, round % 3 === 0 ? 403 : 200, `round ${round}`);
      }
      times.sort((a, b) => a - b);
      return `median ${times[30]} ms, slowest ${times[59]} ms`;
    });
  },
};

async function ask(from: Workload, service: LabService, times: number, more: Partial<LabRequest> = {}): Promise<LabResponse[]> {
  return from.sendAll(Array.from({ length: times }, () => ({ address: service.clusterIp, port: 80, host: 'api.shop', ...more })));
}

function servers(answers: readonly LabResponse[]): string[] {
  return [...new Set(answers.map((it) => it.served?.workload ?? `none: ${it.status} ${it.error}`))].sort();
}

function servedBy(answers: readonly LabResponse[], workload: string): number {
  return answers.filter((it) => it.served?.workload === workload).length;
}

function object(apiVersion: string, kind: string, name: string, spec: object): Manifest {
  return { apiVersion, kind, metadata: { name, namespace: NS }, spec };
}

function subsets(): Manifest {
  return object(ISTIO, 'DestinationRule', 'api', {
    host: 'api', subsets: [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { version: 'v2' } }],
  });
}

function splitWithHeader(): Manifest {
  const to = (subset: string) => ({ destination: { host: 'api', subset } });
  return object(ISTIO, 'VirtualService', 'api', {
    hosts: ['api'],
    http: [
      { match: [{ headers: { 'x-version': { exact: '2' } } }], route: [to('v2')] },
      { route: [{ ...to('v1'), weight: 90 }, { ...to('v2'), weight: 10 }] },
    ],
  });
}

function everythingTo(subset: string): Manifest {
  return object(ISTIO, 'VirtualService', 'api', { hosts: ['api'], http: [{ route: [{ destination: { host: 'api', subset } }] }] });
}

function strict(): Manifest {
  return object('security.istio.io/v1', 'PeerAuthentication', 'default', { mtls: { mode: 'STRICT' } });
}

function deny(path: string): Manifest {
  return object('security.istio.io/v1', 'AuthorizationPolicy', 'deny', {
    selector: { matchLabels: { app: 'api' } }, action: 'DENY', rules: [{ to: [{ operation: { paths: [path] } }] }],
  });
}

function ingressRoute(): Manifest[] {
  return [
    object(ISTIO, 'Gateway', 'ingress', {
      selector: { istio: 'ingress' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop.example'] }],
    }),
    object(ISTIO, 'VirtualService', 'shop', {
      hosts: ['shop.example'], gateways: ['ingress'], http: [{ route: [{ destination: { host: 'api', subset: 'v2', port: { number: 80 } } }] }],
    }),
  ];
}

function gammaRoute(): Manifest {
  return object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'api', {
    parentRefs: [{ group: '', kind: 'Service', name: 'api', port: 80 }],
    rules: [{
      matches: [{ path: { type: 'Exact', value: '/old' } }],
      filters: [{ type: 'RequestRedirect', requestRedirect: { path: { type: 'ReplaceFullPath', replaceFullPath: '/new' } } }],
    }],
  });
}
