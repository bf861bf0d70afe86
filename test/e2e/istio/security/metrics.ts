import * as assert from 'assert/strict';
import { Metrics, MtlsMode } from '../../../../src';
import { LabRequest } from '../../lab/agent/protocol';
import { SuiteContext } from '../../suite';
import { RunningShop } from '../shop';
import { openToAll } from '../traffic/routing';

/** Metrics that a collector outside of the mesh reads from the application itself. */
export async function checkMetrics(t: SuiteContext, shop: RunningShop): Promise<void> {
  const { client, outsider } = shop;
  const outcome = async (port: number, path: string, request: Partial<LabRequest> = {}) => {
    const { answer, seen } = await shop.ask(outsider, { address: shop.app.pod('api-v1').ip, port, path, ...request });
    assert.equal(seen.length, answer.status === 200 ? 1 : 0);
    return answer.status ?? answer.error;
  };

  await t.check('a port for metrics is read in plain text under strict mutual TLS, and all other ports refuse', async () => {
    await shop.open(openToAll, { api: { metrics: Metrics.direct(9090) } });
    assert.equal(await outcome(9090, '/metrics'), 200);
    assert.deepEqual([await outcome(8080, '/metrics'), await outcome(7070, '/'), await outcome(9000, '/')], ['ECONNRESET', 'ECONNRESET', 'ECONNRESET']);
    assert.equal((await shop.ask(client, shop.to('api'))).answer.status, 200);
  });

  await t.check('where metrics share the port with requests, only they are read in plain text', async () => {
    await shop.open((it) => {
      it.client.connections.allowTo(it.api);
    }, { api: { metrics: Metrics.direct(8080, '/stats') } });
    assert.deepEqual([await outcome(8080, '/stats'), await outcome(8080, '/stats?name=x')], [200, 200]);
    assert.deepEqual([await outcome(8080, '/stats', { method: 'POST' }), await outcome(8080, '/'), await outcome(8080, '/stats/x')], [403, 403, 403]);
    assert.deepEqual([await outcome(7070, '/stats'), await outcome(9090, '/stats')], ['ECONNRESET', 'ECONNRESET']);
    const { answer, seen } = await shop.ask(client, shop.to('api', { path: '/orders' }));
    assert.deepEqual([answer.status, seen.length], [200, 1]);
    assert.match(seen[0].headers['x-forwarded-client-cert'] ?? '', /sa\/client$/, 'callers of the mesh go on speaking mutual TLS');
  });

  await t.check('metrics need no exception where plain text is taken anyway', async () => {
    await shop.open(openToAll, { api: { metrics: Metrics.direct(9090), mtls: MtlsMode.PERMISSIVE } });
    assert.deepEqual([await outcome(9090, '/metrics'), await outcome(8080, '/')], [200, 403]);
  });
}
