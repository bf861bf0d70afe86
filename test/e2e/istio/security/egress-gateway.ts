import * as assert from 'assert/strict';
import { Duration } from 'cdk8s';
import { EgressGateway, ExternalService, ExternalServiceProps, Port, Retries, RetryOn } from '../../../../src';
import { LabRequest } from '../../lab/agent/protocol';
import { Workload } from '../../lab/workload';
import { SuiteContext } from '../../suite';
import { OUTSIDER, RunningShop, Shop } from '../shop';

/** An address of nobody: the proxy decides by name where requests for it go. */
const NOWHERE = '203.0.113.7';

/** Calls leave by a gateway, which knows who calls; in a mesh whose proxies let out only what they know. */
export async function checkEgressGateway(t: SuiteContext, shop: RunningShop): Promise<void> {
  const { client, other, partner, outsider } = shop;
  await shop.lab.addServices({
    name: 'istio-egressgateway', namespace: 'istio-system', selector: { istio: 'egressgateway' }, ports: [{ name: 'https', port: 443, targetPort: 8443 }],
  });
  const [gateway] = await shop.lab.addWorkloads({
    name: 'egress',
    namespace: 'istio-system',
    proxy: 'gateway',
    labels: { istio: 'egressgateway' },
    serviceAccount: 'istio-egressgateway-service-account',
    trusts: shop.outsiderCertificate,
    hosts: { [`any.${OUTSIDER}`]: outsider.ip, 'a.example.org': outsider.ip, 'b.example.org': outsider.ip },
  });
  await shop.lab.settle();

  /** Where a call arrived, by which way, or how it was refused. */
  const way = async (from: Workload, request: Partial<LabRequest>) => {
    const { answer, seen } = await shop.ask(from, { address: NOWHERE, port: 80, host: OUTSIDER, ...request });
    const [saw] = seen;
    if (!saw) return answer.status ?? 'refused';
    assert.ok(answer.served, 'who sent it got the answer');
    return [saw.workload, saw.port, saw.peer === gateway.ip ? 'by the gateway' : `from ${saw.peer}`];
  };
  const arrives = (port: number) => ['outsider.outside', port, 'by the gateway'];

  await t.check('requests leave by the gateway, for declared callers only', async () => {
    await shop.open((it) => outward(it, [it.client], { hosts: [OUTSIDER], ports: [Port.http(80, { targetPort: 8080 })], endpoints: [outsider.ip] }));
    assert.deepEqual(await way(client, { path: '/x' }), arrives(8080));
    assert.equal(await way(other, {}), 403, 'a pod of the same namespace that was not declared');
    assert.equal(await way(partner, {}), 502, 'its namespace does not know the host');
    assert.equal(await way(client, { host: 'else.example.com' }), 502);
  });

  await t.check('the gateway adds TLS and checks who answers', async () => {
    await shop.open((it) => outward(it, [it.client], { hosts: [OUTSIDER], ports: [Port.http(80, { targetPort: 8443 })], endpoints: [outsider.ip], originateTls: true }));
    assert.deepEqual(await way(client, {}), arrives(8443));
    assert.equal(await way(other, {}), 403);
  });

  await t.check('TLS of the application and byte streams leave by the gateway, each where it was to go', async () => {
    await shop.open((it) => {
      outward(it, [it.client], { hosts: [OUTSIDER, `second.${OUTSIDER}`], ports: [Port.tls(8443)], endpoints: [outsider.ip] }, 'secure');
      outward(it, [it.client], { hosts: ['db.example.com'], ports: [Port.tcp(9000)], endpoints: [outsider.ip] }, 'db');
    });
    for (const serverName of [OUTSIDER, `second.${OUTSIDER}`]) {
      assert.deepEqual(await way(client, { address: serverName, port: 8443, tls: { serverName } }), arrives(8443), serverName);
    }
    assert.deepEqual(await way(client, { address: outsider.ip, port: 9000, speak: 'tcp' }), arrives(9000));
    for (const request of [{ address: OUTSIDER, port: 8443, tls: { serverName: OUTSIDER } }, { address: outsider.ip, port: 9000, speak: 'tcp' as const }]) {
      assert.equal(await way(other, request), 'refused', JSON.stringify(request));
    }
    assert.equal(await way(client, { address: outsider.ip, port: 8443, tls: { serverName: 'else.example.com' } }), 'refused');
  });

  await t.check('all names below a wildcard leave by the gateway, which asks DNS for them', async () => {
    await shop.open((it) => {
      outward(it, [it.client], { hosts: ['*.example.org'], ports: [Port.http(8080)] }, 'requests');
    });
    assert.deepEqual(await way(client, { port: 8080, host: 'a.example.org:8080' }), arrives(8080));
    assert.equal(await way(other, { port: 8080, host: 'a.example.org:8080' }), 403);
    await shop.open((it) => {
      outward(it, [it.client], { hosts: ['*.example.org'], ports: [Port.tls(8443)], endpoints: [outsider.ip] }, 'secure');
    });
    for (const serverName of ['a.example.org', 'b.example.org']) {
      assert.deepEqual(await way(client, { address: outsider.ip, port: 8443, tls: { serverName } }), arrives(8443));
    }
  });

  await t.check('retries and timeouts hold once on the way, not at both proxies', async () => {
    await shop.open((it) => outward(it, [it.client], {
      hosts: [OUTSIDER],
      ports: [Port.http(80, { targetPort: 8080 })],
      endpoints: [outsider.ip],
      timeout: Duration.millis(500),
      retries: Retries.attempts(2, { conditions: [RetryOn.SERVER_ERROR] }),
    }));
    const failing = await shop.ask(client, { address: NOWHERE, port: 80, host: OUTSIDER, headers: { 'x-lab-status': '503' } });
    assert.deepEqual([failing.answer.status, failing.seen.length], [503, 3]);
    const slow = await shop.ask(client, { address: NOWHERE, port: 80, host: OUTSIDER, headers: { 'x-lab-delay-ms': '2000' } });
    assert.deepEqual([slow.answer.status, slow.seen.length], [504, 1]);
  });

  await t.check('where everybody may call, everybody who knows the host gets out', async () => {
    const props = { hosts: [OUTSIDER], ports: [Port.http(80, { targetPort: 8080 })], endpoints: [outsider.ip] };
    await shop.open((it) => outward(it, [], props));
    for (const from of [client, other, partner]) assert.deepEqual(await way(from, {}), arrives(8080));
  });
}

function outward(it: Shop, callers: readonly Shop['client'][], props: Omit<ExternalServiceProps, 'mesh'>, id: string = 'partner-api'): void {
  const external = new ExternalService(it.chart, id, { mesh: it.mesh, egressGateway: EgressGateway.ofMesh(), ...props });
  callers.forEach((caller) => caller.connections.allowTo(external));
}
