import * as assert from 'assert/strict';
import { Duration } from 'cdk8s';
import { Access, CircuitBreaker, Destination, ExternalService, ExternalServiceProps, PathMatch, Port, Retries, RetryOn, Weight } from '../../../../src';
import { LabRequest } from '../../lab/agent/protocol';
import { Workload } from '../../lab/workload';
import { SuiteContext } from '../../suite';
import { OUTSIDER, RunningShop, Shop, times } from '../shop';

/** An address of nobody: the proxy decides by name where requests for it go. */
const NOWHERE = '203.0.113.7';

/** What may leave the mesh, in a mesh whose proxies let out only what they know. */
export async function checkEgress(t: SuiteContext, shop: RunningShop): Promise<void> {
  const { client, other, partner, outsider } = shop;
  const out = async (from: Workload, request: Partial<LabRequest>) => shop.ask(from, { address: NOWHERE, port: 80, host: OUTSIDER, ...request });
  const status = async (from: Workload, request: Partial<LabRequest>) => {
    const { answer, seen } = await out(from, request);
    const result = answer.status ?? (answer.served ? 200 : 'refused');
    assert.equal(seen.length, result === 200 ? 1 : 0, `${JSON.stringify(request)} was answered with ${result}`);
    return result;
  };

  await t.check('a host that nobody declared is refused, whatever address and port it is called by', async () => {
    await shop.open(() => undefined);
    assert.equal(await status(client, {}), 502);
    assert.equal(await status(client, { address: outsider.ip, port: 8080 }), 'refused');
    assert.equal(await status(client, { address: outsider.ip, port: 9000, speak: 'tcp' }), 'refused');
    assert.equal(await status(client, { address: outsider.ip, port: 8443, tls: { serverName: OUTSIDER } }), 'refused');
  });

  await t.check('a declared external service answers those who may call it, and only by its hosts and ports', async () => {
    await shop.open((it) => partnerApi(it, { hosts: [OUTSIDER], ports: [Port.http(80, { targetPort: 8080 })], endpoints: [outsider.ip] }));
    const { answer, seen } = await out(client, { path: '/x' });
    assert.deepEqual([answer.status, seen[0]?.workload, seen[0]?.host, seen[0]?.path], [200, 'outsider.outside', OUTSIDER, '/x']);
    assert.equal(seen[0].headers['x-forwarded-client-cert'], undefined, 'it is called without mutual TLS');
    assert.equal(await status(client, { host: 'else.example.com' }), 502);
    assert.equal(await status(client, { port: 8080 }), 'refused');
    assert.equal(await status(partner, {}), 502, 'its namespace was not declared as a caller');
  });

  await t.check('the name of an external service resolves at the proxy, which knows its addresses', async () => {
    await shop.open((it) => partnerApi(it, { hosts: [OUTSIDER], ports: [Port.http(80, { targetPort: 8080 })], endpoints: [outsider.ip] }));
    const { answer } = await shop.ask(client, { address: OUTSIDER, port: 80 });
    assert.deepEqual([answer.status, answer.served?.host], [200, OUTSIDER]);
    assert.notEqual((await shop.ask(client, { address: 'else.example.com', port: 80 })).answer.error, undefined);
  });

  await t.check('retries, timeouts and limits hold for external services', async () => {
    await shop.open((it) => partnerApi(it, {
      hosts: [OUTSIDER],
      ports: [Port.http(80, { targetPort: 8080 })],
      endpoints: [outsider.ip],
      timeout: Duration.millis(500),
      retries: Retries.attempts(2, { conditions: [RetryOn.SERVER_ERROR] }),
      circuitBreaker: CircuitBreaker.of({ pool: { maxConnections: 1, maxPendingRequests: 1 } }),
    }));
    const failing = await out(client, { headers: { 'x-lab-status': '500' } });
    assert.deepEqual([failing.answer.status, failing.seen.length], [500, 3]);
    const slow = await out(client, { headers: { 'x-lab-delay-ms': '2000' } });
    assert.deepEqual([slow.answer.status, slow.seen.length], [504, 1]);
    const full = await shop.askAll(client, times(10, { address: NOWHERE, port: 80, host: OUTSIDER, headers: { 'x-lab-delay-ms': '200' } }));
    assert.ok(full.answers.filter((it) => it.status === 503).length >= 5);
  });

  await t.check('connections and TLS that the application speaks itself reach the external service, by address and by server name', async () => {
    await shop.open((it) => {
      partnerApi(it, { hosts: ['db.example.com'], ports: [Port.tcp(9000)], endpoints: [outsider.ip] }, 'db');
      partnerApi(it, { hosts: [OUTSIDER], ports: [Port.tls(8443)], endpoints: [outsider.ip] }, 'secure');
    });
    assert.equal(await status(client, { address: outsider.ip, port: 9000, speak: 'tcp' }), 200);
    assert.equal(await status(client, { address: shop.app.pod('copy').ip, port: 9000, speak: 'tcp' }), 'refused', 'the port at another address');
    assert.equal(await status(client, { address: OUTSIDER, port: 8443, tls: { serverName: OUTSIDER } }), 200);
    assert.equal(await status(client, { address: outsider.ip, port: 8443, tls: { serverName: 'else.example.com' } }), 'refused');
  });

  await t.check('a wildcard lets out to all names below it, wherever the application found them', async () => {
    await shop.open((it) => partnerApi(it, { hosts: ['*.example.com'], ports: [Port.http(8080), Port.tls(8443)] }));
    assert.equal(await status(client, { address: outsider.ip, port: 8080, host: 'a.example.com' }), 200);
    assert.equal(await status(client, { address: outsider.ip, port: 8443, tls: { serverName: 'b.example.com' } }), 200);
    assert.equal(await status(client, { address: outsider.ip, port: 8080, host: 'example.org' }), 502);
    assert.equal(await status(client, { address: outsider.ip, port: 8443, tls: { serverName: 'example.org' } }), 'refused');
  });

  await t.check('the proxy adds TLS where it was told to, and checks who answers', async () => {
    const secured = { ports: [Port.http(80, { targetPort: 8443 })], endpoints: [outsider.ip], originateTls: true };
    await shop.open((it) => partnerApi(it, { hosts: [OUTSIDER], ...secured }));
    const { answer, seen } = await out(client, { path: '/x' });
    assert.deepEqual([answer.status, seen[0]?.port, seen[0]?.path], [200, 8443, '/x']);
    assert.equal(await status(other, {}), 503, 'this pod does not trust who signed the certificate');
    await shop.open((it) => partnerApi(it, { hosts: ['else.example.com'], ...secured }));
    assert.equal(await status(client, { host: 'else.example.com' }), 503, 'the certificate is for another name');
  });

  await t.check('a proxy with an egress scope knows what was declared to be called and nothing else', async () => {
    const declare = (it: Shop) => {
      it.client.connections.allowTo(it.api);
      it.other.connections.allowTo(it.copy);
      partnerApi(it, { hosts: [OUTSIDER], ports: [Port.http(80, { targetPort: 8080 })], endpoints: [outsider.ip] });
    };
    await shop.open(declare, { client: { egressScope: true } });
    assert.deepEqual(await knownHosts(client), ['api.shop.svc.cluster.local', OUTSIDER]);
    assert.deepEqual([(await shop.ask(client, shop.to('api'))).answer.status, await status(client, {})], [200, 200]);
    assert.equal((await shop.ask(client, shop.to('copy'))).answer.status, 502);
    assert.ok((await knownHosts(other)).includes('api.shop.svc.cluster.local'));
    assert.equal((await shop.ask(other, shop.to('copy'))).answer.status, 200);
  });

  await t.check('an egress scope knows where the rules of the called services lead', async () => {
    await shop.open((it) => {
      it.client.connections.allowTo(it.api, Access.http({ paths: [PathMatch.prefix('/')] }));
      it.api.splitTo(Destination.subset(it.v1, Weight.of(50)), Destination.service(it.copy, Weight.of(50)));
    }, { client: { egressScope: true } });
    const { answers, by } = await shop.askAll(client, times(40, shop.to('api')));
    assert.deepEqual(answers.map((it) => it.status).filter((it) => it !== 200), []);
    assert.ok(by('copy').length > 5 && by('api-v1').length > 5 && by('api-v2').length === 0);
  });

  await t.check('a proxy with an egress scope and nothing declared lets nothing out', async () => {
    await shop.open((it) => it.other.connections.allowTo(it.api), { client: { egressScope: true } });
    assert.deepEqual(await knownHosts(client), []);
    const { answer, seen } = await shop.ask(client, shop.to('api'));
    assert.deepEqual([answer.error, seen.length], ['ECONNRESET', 0]);
    assert.equal((await shop.ask(other, shop.to('api'))).answer.status, 200);
  });
}

/** Declares a service outside of the mesh that `client` and `other` call. */
function partnerApi(it: Shop, props: Omit<ExternalServiceProps, 'mesh'>, id: string = 'partner-api'): ExternalService {
  const external = new ExternalService(it.chart, id, { mesh: it.mesh, ...props });
  it.client.connections.allowTo(external);
  it.other.connections.allowTo(external);
  return external;
}

/** Hosts that a proxy has clusters for. */
async function knownHosts(workload: Workload): Promise<string[]> {
  const { configs } = await workload.envoyJson('/config_dump?resource=dynamic_active_clusters');
  const names: string[] = configs.map((it: any) => it.cluster.name).filter((name: string) => name.startsWith('outbound|'));
  return [...new Set(names.map((name) => name.split('|')[3]))].sort();
}
