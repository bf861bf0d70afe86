import * as assert from 'assert/strict';
import {
  Access, AccessMode, Destination, HeaderMatch, Identity, Ingress, MethodMatch, MtlsMode, PathMatch, PathRewrite, Peer, Weight,
} from '../../../../src';
import { LabRequest } from '../../lab/agent/protocol';
import { Workload } from '../../lab/workload';
import { SuiteContext } from '../../suite';
import { PARTNERS, RunningShop, SHOP, times } from '../shop';
import { openToAll } from '../traffic/routing';

/** What became of a request: the status, or `refused` where the connection ended without an answer. */
type Outcome = number | 'refused';

/** Who may call, and how: mutual TLS, declared callers, refusals, audit. */
export async function checkAccess(t: SuiteContext, shop: RunningShop): Promise<void> {
  const { client, other, partner, outsider } = shop;

  /** What became of a request; the backends saw it exactly when it was answered with 200. */
  const outcome = async (from: Workload, request: LabRequest): Promise<Outcome> => {
    const { answer, seen } = await shop.ask(from, request);
    const status = answer.status ?? (answer.served ? 200 : 'refused');
    const grpc = answer.trailers?.['grpc-status'] ?? answer.headers['grpc-status'];
    // Envoy answers a refused gRPC call with 200 and PERMISSION_DENIED.
    const result = status === 200 && grpc === '7' ? 403 : status;
    assert.equal(seen.length, result === 200 ? 1 : 0, `${JSON.stringify(request)} was answered with ${result}, and backends saw ${seen.length}`);
    return result;
  };
  const outcomes = async (table: readonly (readonly [from: Workload, request: LabRequest, expected: Outcome])[]) => {
    for (const [from, request, expected] of table) {
      assert.equal(await outcome(from, request), expected, `${from.id}: ${request.method ?? 'GET'} ${request.path ?? '/'} on ${request.port}`);
    }
    return `${table.length} calls`;
  };
  const get = (path: string, more: Partial<LabRequest> = {}) => shop.to('api', { path, ...more });
  const post = (path: string, more: Partial<LabRequest> = {}) => get(path, { method: 'POST', ...more });
  const tcp = (more: Partial<LabRequest> = {}) => shop.to('api', { speak: 'tcp', port: 9000, ...more });
  const straight = (port: number, more: Partial<LabRequest> = {}): LabRequest => ({ address: shop.app.pod('api-v1').ip, port, ...more });

  await t.check('strict mutual TLS refuses plain text on every port, and callers of the mesh notice nothing', async () => {
    await shop.open(openToAll);
    await outcomes([
      [outsider, straight(8080), 'refused'], [outsider, straight(7070), 'refused'], [outsider, straight(9000, { speak: 'tcp' }), 'refused'],
      [outsider, straight(9090), 'refused'], [outsider, straight(8080, { tls: { serverName: 'api' } }), 'refused'],
      [client, get('/'), 200], [client, shop.grpcTo('api', '/a.B/C'), 200], [client, tcp(), 200],
    ]);
    const { seen: [seen] } = await shop.ask(client, get('/'));
    assert.match(seen.headers['x-forwarded-client-cert'] ?? '', /URI=spiffe:\/\/cluster\.local\/ns\/shop\/sa\/client$/);
  });

  await t.check('permissive mutual TLS takes plain text, but not from callers that must be known', async () => {
    await shop.open(openToAll, { api: { mtls: MtlsMode.PERMISSIVE } });
    await outcomes([[outsider, straight(8080), 403], [outsider, straight(9000, { speak: 'tcp' }), 'refused'], [client, get('/'), 200]]);
    await shop.open(openToAll, { api: { mtls: MtlsMode.PERMISSIVE, access: AccessMode.OPEN } });
    await outcomes([[outsider, straight(8080), 200], [outsider, straight(9000, { speak: 'tcp' }), 200], [client, get('/'), 200], [partner, get('/'), 200]]);
  });

  await t.check('a service without mutual TLS is called in plain text by everybody, those of the mesh too', async () => {
    await shop.open(() => undefined, { api: { mtls: MtlsMode.DISABLED, access: AccessMode.OPEN } });
    await outcomes([[outsider, straight(8080), 200], [client, tcp(), 200]]);
    const { answer, seen } = await shop.ask(client, get('/'));
    assert.deepEqual([answer.status, seen[0].headers['x-forwarded-client-cert']], [200, undefined]);
    await outcomes([[client, shop.to('copy'), 403]]);
  });

  await t.check('exactly the declared callers get in, with the methods, paths, headers and ports that they were given', async () => {
    await shop.open((it) => {
      it.client.connections.allowTo(it.api, Access.http({ methods: [MethodMatch.GET], paths: [PathMatch.prefix('/orders'), PathMatch.exact('/health')], servicePorts: [80] }));
      it.client.connections.allowTo(it.api, Access.http({ methods: [MethodMatch.POST], paths: [PathMatch.template('/users/{*}/cart')], headers: [HeaderMatch.exact('x-reason', 'buy')] }));
      it.other.connections.allowTo(it.api, Access.grpc('shop.v1.Cart', 'Add'));
      it.partner.connections.allowTo(it.api, Access.ports(9000));
    });
    const buying = { headers: { 'x-reason': 'buy' } };
    return outcomes([
      [client, get('/orders'), 200], [client, get('/orders/'), 200], [client, get('/orders/7?x=1'), 200], [client, get('/orders?x'), 200], [client, get('/health'), 200],
      [client, get('/ordersheet'), 403], [client, get('/'), 403], [client, get('/health/x'), 403], [client, post('/orders'), 403], [client, get('/Orders'), 403],
      [client, get('/orders/../admin'), 403], [client, get('/x/%2e%2e/orders'), 200],
      [client, post('/users/7/cart', buying), 200], [client, post('/users/7/cart'), 403], [client, post('/users/7/cart', { headers: { 'x-reason': 'buyer' } }), 403],
      [client, post('/users//cart', buying), 403], [client, post('/users/7/8/cart', buying), 403], [client, get('/users/7/cart', buying), 403],
      [client, shop.grpcTo('api', '/orders'), 403], [client, tcp(), 'refused'],
      [other, shop.grpcTo('api', '/shop.v1.Cart/Add'), 200], [other, shop.grpcTo('api', '/shop.v1.Cart/Drop'), 403], [other, shop.grpcTo('api', '/shop.v1.Cart2/Add'), 403],
      [other, get('/orders'), 403], [other, tcp(), 'refused'],
      [partner, tcp(), 200], [partner, get('/orders'), 403], [partner, shop.grpcTo('api', '/shop.v1.Cart/Add'), 403],
      [client, shop.to('copy'), 403], [partner, shop.to('copy'), 403],
    ]);
  });

  await t.check('callers are known by identity, namespace or address, or not at all', async () => {
    await shop.open((it) => {
      Peer.identity(Identity.serviceAccount(SHOP, 'other')).connections.allowTo(it.api, Access.http({ paths: [PathMatch.prefix('/identity')] }));
      Peer.namespace(PARTNERS).connections.allowTo(it.api, Access.http({ paths: [PathMatch.prefix('/namespace')] }));
      Peer.addresses(`${client.ip}/32`).connections.allowTo(it.api, Access.http({ paths: [PathMatch.prefix('/address')] }));
      Peer.anyone().connections.allowTo(it.api, Access.http({ paths: [PathMatch.prefix('/anyone')] }));
      Peer.addresses(outsider.ip).connections.allowTo(it.copy, Access.all());
    }, { copy: { mtls: MtlsMode.PERMISSIVE } });
    const paths = ['/identity', '/namespace', '/address', '/anyone'];
    const let200 = (pod: Workload, ...allowed: string[]) => paths.map((path) => [pod, get(path), allowed.includes(path) ? 200 : 403] as const);
    return outcomes([
      ...let200(other, '/identity', '/anyone'), ...let200(partner, '/namespace', '/anyone'), ...let200(client, '/address', '/anyone'),
      [outsider, { address: shop.app.pod('copy').ip, port: 8080 }, 200], [client, shop.to('copy'), 403],
    ]);
  });

  await t.check('a refusal keeps a caller, a method or a path out, whatever else lets it in', async () => {
    await shop.open((it) => {
      openToAll(it);
      Peer.namespace(PARTNERS).connections.allowTo(it.api);
      it.api.connections.denyFrom(it.other, Access.http({ paths: [PathMatch.prefix('/admin')] }));
      it.api.connections.denyFrom(Peer.anyone(), Access.http({ methods: [MethodMatch.DELETE] }));
      it.api.connections.denyFrom(it.partner);
    });
    return outcomes([
      [client, get('/admin'), 200], [client, get('/x', { method: 'DELETE' }), 403], [client, tcp(), 200],
      [other, get('/admin'), 403], [other, get('/admin/x'), 403], [other, get('/adminer'), 200], [other, get('/x', { method: 'DELETE' }), 403], [other, tcp(), 200],
      [partner, get('/'), 403], [partner, tcp(), 'refused'], [partner, shop.grpcTo('api', '/a.B/C'), 403],
    ]);
  });

  await t.check('who is kept out of a service is kept out wherever its splits lead', async () => {
    await shop.open((it) => {
      Peer.namespace(SHOP).connections.allowTo(it.api);
      it.api.connections.denyFrom(it.other);
      it.api.connections.denyFrom(Peer.anyone(), Access.http({ methods: [MethodMatch.DELETE] }));
      it.api.splitTo(Destination.subset(it.v1, Weight.of(50)), Destination.service(it.copy, Weight.of(50)));
    });
    const eachWay = (from: Workload, request: LabRequest, expected: Outcome) => times(8, request).map((it) => [from, it, expected] as const);
    return outcomes([...eachWay(client, get('/'), 200), ...eachWay(other, get('/'), 403), ...eachWay(client, get('/', { method: 'DELETE' }), 403)]);
  });

  await t.check('paths and headers of an access are those that arrive, after the rules of the service changed them', async () => {
    await shop.open((it) => {
      it.client.connections.allowTo(it.api, Access.http({ paths: [PathMatch.prefix('/v2')], headers: [HeaderMatch.exact('x-by', 'rule')] }));
      it.api.addRoute({
        matches: [{ path: PathMatch.prefix('/api') }], pathRewrite: PathRewrite.prefix('/v2'), requestHeaders: { setHeaders: { 'x-by': 'rule' } },
      });
    });
    await outcomes([[client, get('/api/x'), 200], [client, get('/other'), 403], [client, get('/v2/x'), 403]]);
  });

  await t.check('in audit everybody gets through, and the proxy reports who would not', async () => {
    await shop.open((it) => {
      it.client.connections.allowTo(it.api, Access.http({ methods: [MethodMatch.GET] }));
    }, { mesh: { access: AccessMode.AUDIT } });
    const before = await wouldDeny(shop);
    await outcomes([[client, get('/'), 200], [client, post('/'), 200], [partner, get('/'), 200], [client, shop.to('copy'), 200], [client, tcp(), 200]]);
    assert.equal(await wouldDeny(shop) - before, 2, 'two requests to `api` would be denied');
    await outcomes([[outsider, straight(8080), 'refused']]);
  });

  await t.check('who may call a service arrives wherever its splits and routes lead, and strangers do not', async () => {
    await shop.open((it) => {
      it.client.connections.allowTo(it.api, Access.http({ paths: [PathMatch.prefix('/orders')] }));
      it.api.splitTo(Destination.service(it.api, Weight.of(50)), Destination.service(it.copy, Weight.of(50)));
    });
    const { answers, by } = await shop.askAll(client, times(60, get('/orders/1')));
    assert.deepEqual(answers.map((it) => it.status).filter((it) => it !== 200), []);
    assert.ok(by('copy').length >= 14 && by('copy').length <= 46, `${by('copy').length} of 60`);
    await outcomes([...times(8, get('/')).map((it) => [client, it, 403] as const), ...times(8, get('/orders')).map((it) => [other, it, 403] as const)]);
    await outcomes([[other, shop.to('copy', { path: '/orders' }), 403]]);
    return `${by('copy').length} of 60 at the other service`;
  });

  await t.check('an ingress lets its gateway in, for what it routes and no further', async () => {
    await shop.open((it) => {
      new Ingress(it.chart, 'web', { mesh: it.mesh, hosts: ['shop.example.com'] }).route(it.api, { servicePort: 80, matches: [{ path: PathMatch.prefix('/public') }] });
    });
    const outside = (path: string) => shop.throughGateway('shop.example.com', { path });
    return outcomes([[outsider, outside('/public/x'), 200], [outsider, outside('/private'), 404], [client, get('/public'), 403], [outsider, straight(8080), 'refused']]);
  });
}

/** How many requests the proxies of `api` let through although the audited policy would not. */
async function wouldDeny(shop: RunningShop): Promise<number> {
  let sum = 0;
  for (const pod of ['api-v1', 'api-v2']) {
    const stats = await shop.app.pod(pod).agent.envoy('GET', '/stats?filter=^http.*shadow_denied');
    for (const [, count] of stats.matchAll(/shadow_denied: (\d+)/g)) sum += Number(count);
  }
  return sum;
}
