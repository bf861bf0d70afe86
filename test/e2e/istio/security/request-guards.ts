import * as assert from 'assert/strict';
import { Duration } from 'cdk8s';
import { Access, CountKey, ExternalAuthorizer, PathMatch, RateLimitCounter, RequestLimit } from '../../../../src';
import { LabRequest } from '../../lab/agent/protocol';
import { SuiteContext } from '../../suite';
import { RunningShop, Shop, shop as shopOf, times } from '../shop';
import { openToAll } from '../traffic/routing';

/** Asks `copy` about requests to `api`: it refuses those that order it to. */
function guarded({ api, copy }: Shop): void {
  api.authorizeBy(ExternalAuthorizer.http(copy, { requestHeaders: ['x-lab-status', 'x-lab-at', 'x-key'], headersToApplication: ['x-lab-workload'] }),
    Access.http({ paths: [PathMatch.prefix('/admin')] }));
}

/** The mesh config that an app needs whose services are asked about requests. */
export function guardConfig(): { readonly [field: string]: unknown } {
  let config = {};
  shopOf((it) => {
    guarded(it);
    config = { extensionProviders: it.mesh.meshConfig().extensionProviders };
  });
  return config;
}

/** What stands before requests, apart from who calls: services that decide, and limits. */
export async function checkRequestGuards(t: SuiteContext, shop: RunningShop): Promise<void> {
  const { client, partner } = shop;
  const filters = { mesh: { allowEscapeHatch: true } };

  await t.check('a service of one\'s own decides about requests, sees what it was to see, and tells the application', async () => {
    await shop.open((it) => {
      openToAll(it);
      guarded(it);
    });
    const ask = async (path: string, headers: Record<string, string> = {}, from = client) => {
      const { answer, by } = await shop.ask(from, shop.to('api', { path, headers }));
      const asked = by('copy').map((it) => [it.path, it.headers['x-key'], it.headers['x-secret']]);
      const served = [...by('api-v1'), ...by('api-v2')];
      return { status: answer.status, asked, told: served.map((it) => it.headers['x-lab-workload']) };
    };
    assert.deepEqual(await ask('/admin/x', { 'x-key': 'k', 'x-secret': 's' }), { status: 200, asked: [['/admin/x', 'k', undefined]], told: ['copy.shop'] });
    assert.deepEqual(await ask('/admin', { 'x-lab-status': '401', 'x-lab-at': 'copy.shop' }), { status: 401, asked: [['/admin', undefined, undefined]], told: [] });
    assert.deepEqual(await ask('/others'), { status: 200, asked: [], told: [undefined] });
    assert.equal((await ask('/admin', {}, partner)).status, 403, 'what it lets pass still needs to be declared');
  });

  const paths = async (...requests: LabRequest[]) => (await shop.askAll(client, requests, 'in turn')).answers.map((it) => it.status);

  await t.check('a limit that every proxy counts lets as many through as it says', async () => {
    await shop.open((it) => {
      openToAll(it);
      it.copy.limitRequests({ ruleName: 'orders', match: { path: PathMatch.prefix('/orders') }, limit: RequestLimit.perMinute(4) });
    }, filters);
    assert.deepEqual(await paths(...times(6, shop.to('copy', { path: '/orders/1' }))), [200, 200, 200, 200, 429, 429]);
    assert.deepEqual(await paths(...times(3, shop.to('copy', { path: '/others' }))), [200, 200, 200]);
  });

  await t.check('a limit that one service counts holds for all pods together, for every key by itself', async () => {
    await shop.open((it) => {
      openToAll(it);
      it.api.limitRequests({ ruleName: 'keys', countBy: [CountKey.header('x-key')], limit: RequestLimit.perMinute(3) }, RateLimitCounter.service(it.copy, { domain: 'lab', failClosed: true, timeout: Duration.seconds(2) }));
    }, filters);
    const key = (name: string) => shop.to('api', { headers: { 'x-key': name } });
    const { answers, by } = await shop.askAll(client, [...times(5, key('a')), ...times(2, key('b')), shop.to('api')], 'in turn');
    assert.deepEqual(answers.map((it) => it.status), [200, 200, 200, 429, 429, 200, 200, 200]);
    assert.ok(by('api-v1').length > 0 && by('api-v2').length > 0, 'both pods got some');
    const questions = by('copy').map((it) => JSON.parse(it.body));
    assert.equal(questions.length, 7, 'a request without the key is not counted');
    assert.deepEqual(questions[0], { domain: 'lab', descriptors: [['rule=keys', 'x-key=a']] });
  });
}
