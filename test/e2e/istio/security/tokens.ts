import * as assert from 'assert/strict';
import * as http from 'http';
import { AddressInfo } from 'net';
import { Access, AccessMode, ClaimMatch, Destination, Jwt, PathMatch, Weight } from '../../../../src';
import { LabRequest } from '../../lab/agent/protocol';
import { Workload } from '../../lab/workload';
import { SuiteContext } from '../../suite';
import { Claims, TokenIssuer } from '../json-web-token';
import { RunningShop } from '../shop';
import { openToAll } from '../traffic/routing';

/** Tokens of end users: who needs one, which are good, and what they must say. */
export async function checkTokens(t: SuiteContext, shop: RunningShop): Promise<void> {
  const { client, other, partner } = shop;
  const issuer = new TokenIssuer('https://login.example.com');
  const second = new TokenIssuer('machines@example.com');
  const impostor = new TokenIssuer('https://login.example.com');
  const bearing = (token: string | undefined, request: Partial<LabRequest> = {}): LabRequest => shop.to('api', {
    ...request, headers: { ...request.headers, ...(token && { authorization: `Bearer ${token}` }) },
  });
  const status = async (from: Workload, request: LabRequest) => {
    const { answer, seen } = await shop.ask(from, request);
    assert.equal(seen.length, answer.status === 200 ? 1 : 0, `answered ${answer.status}, seen ${seen.length} times`);
    return answer.status;
  };
  const withToken = async (token: string | undefined, request?: Partial<LabRequest>) => status(client, bearing(token, request));

  await t.check('requests need a good token of the issuer; connections and other services need none', async () => {
    await shop.open((it) => {
      openToAll(it);
      it.api.requireJwt(Jwt.issuedBy(issuer.issuer, { jwks: issuer.keySet, audiences: ['shop', 'bank'] }));
    });
    const aud = 'shop';
    assert.equal(await withToken(issuer.token({ aud })), 200);
    assert.equal(await withToken(issuer.token({ aud: ['other', 'bank'] })), 200);
    assert.equal(await withToken(undefined), 403);
    assert.equal(await withToken(impostor.token({ aud })), 401);
    assert.equal(await withToken(second.token({ aud })), 401);
    assert.equal(await withToken('no.such.token'), 401);
    assert.equal(await withToken(`${issuer.token({ aud })}x`), 401);
    assert.equal(await withToken(issuer.token({ aud, exp: 1_000_000_000 })), 401);
    assert.equal(await withToken(issuer.token({ aud, nbf: 4_000_000_000 })), 401);
    assert.equal(await withToken(issuer.token({ aud: 'elsewhere' })), 403);
    assert.equal(await withToken(issuer.token()), 403);
    assert.equal(await status(partner, bearing(issuer.token({ aud }))), 403, 'a token opens nothing to callers who were not declared');
    const tcp = await shop.ask(client, shop.to('api', { speak: 'tcp', port: 9000 }));
    assert.equal(tcp.seen.length, 1);
    assert.equal(await status(client, shop.to('copy')), 200);
    const grpc = await shop.ask(client, shop.grpcTo('api', '/a.B/C'));
    assert.deepEqual([grpc.answer.headers['grpc-status'], grpc.seen.length], ['7', 0]);
    assert.equal((await shop.ask(client, shop.grpcTo('api', '/a.B/C', { authorization: `Bearer ${issuer.token({ aud })}` }))).seen.length, 1);
  });

  await t.check('claims decide who may do what, texts and lists and nested ones', async () => {
    await shop.open((it) => {
      it.api.requireJwt(Jwt.issuedBy(issuer.issuer, { jwks: issuer.keySet }));
      it.client.connections.allowTo(it.api, Access.http({ paths: [PathMatch.prefix('/admin')], claims: [ClaimMatch.oneOf('role', 'admin', 'owner')] }));
      it.client.connections.allowTo(it.api, Access.http({ paths: [PathMatch.prefix('/realm')], claims: [ClaimMatch.oneOf('realm_access.roles', 'clerk')] }));
      it.other.connections.allowTo(it.api, Access.http({ paths: [PathMatch.prefix('/free')] }));
    });
    const table: readonly [path: string, claims: Claims, expected: number][] = [
      ['/admin', { role: 'admin' }, 200], ['/admin/x', { role: ['guest', 'owner'] }, 200], ['/admin', { role: 'administrator' }, 403], ['/admin', {}, 403],
      ['/realm', { realm_access: { roles: ['clerk'] } }, 200], ['/realm', { roles: ['clerk'] }, 403], ['/realm', { role: 'admin' }, 403],
      ['/free', { role: 'admin' }, 403],
    ];
    for (const [path, claims, expected] of table) {
      assert.equal(await withToken(issuer.token(claims), { path }), expected, `${path} with ${JSON.stringify(claims)}`);
    }
    assert.equal(await status(other, bearing(issuer.token(), { path: '/free' })), 200);
    assert.equal(await status(other, bearing(undefined, { path: '/free' })), 403);
    return `${table.length + 2} requests`;
  });

  await t.check('several issuers, tokens in other headers, and tokens that the application sees or does not', async () => {
    await shop.open((it) => {
      openToAll(it);
      it.api.requireJwt(Jwt.issuedBy(issuer.issuer, { jwks: issuer.keySet, forwardToken: true }));
      it.api.requireJwt(Jwt.issuedBy(second.issuer, { jwks: second.keySet, headers: ['x-machine-token'] }));
    });
    const human = await shop.ask(client, bearing(issuer.token()));
    assert.deepEqual([human.answer.status, human.seen[0]?.headers.authorization?.slice(0, 9)], [200, 'Bearer ey']);
    const machine = await shop.ask(client, shop.to('api', { headers: { 'x-machine-token': second.token() } }));
    assert.deepEqual([machine.answer.status, machine.seen[0]?.headers['x-machine-token']], [200, undefined]);
    assert.equal(await withToken(second.token()), 401, 'its tokens come in the other header');
    assert.equal(await withToken(undefined, { headers: { 'x-machine-token': issuer.token() } }), 401);
  });

  await t.check('where everybody may call, a good token is still needed', async () => {
    await shop.open((it) => it.api.requireJwt(Jwt.issuedBy(issuer.issuer, { jwks: issuer.keySet })), { api: { access: AccessMode.OPEN } });
    assert.deepEqual([await withToken(issuer.token()), await withToken(undefined), await withToken(impostor.token())], [200, 403, 401]);
    assert.equal(await status(partner, bearing(issuer.token())), 200);
    assert.equal((await shop.ask(partner, shop.to('api', { speak: 'tcp', port: 9000 }))).seen.length, 1);
  });

  await t.check('the token that a service asks for is asked for wherever its rules send the calls, and of nobody else there', async () => {
    await shop.open((it) => {
      it.api.requireJwt(Jwt.issuedBy(issuer.issuer, { jwks: issuer.keySet }));
      it.client.connections.allowTo(it.api, Access.http({ paths: [PathMatch.prefix('/admin')], claims: [ClaimMatch.oneOf('role', 'admin')] }));
      it.client.connections.allowTo(it.api, Access.http({ paths: [PathMatch.prefix('/free')] }));
      it.other.connections.allowTo(it.copy);
      it.api.splitTo(Destination.service(it.copy, Weight.of(100)));
    });
    const asked = async (path: string, token?: string) => [path, await withToken(token, { path }), (await shop.ask(client, shop.to('copy', { path, headers: token ? { authorization: `Bearer ${token}` } : {} }))).answer.status];
    assert.deepEqual([
      await asked('/admin', issuer.token({ role: 'admin' })), await asked('/admin', issuer.token({ role: 'guest' })), await asked('/admin'),
      await asked('/free', issuer.token()), await asked('/free'), await asked('/free', impostor.token()),
    ], [['/admin', 200, 200], ['/admin', 403, 403], ['/admin', 403, 403], ['/free', 200, 200], ['/free', 403, 403], ['/free', 401, 401]]);
    assert.equal(await status(other, shop.to('copy')), 200, 'who calls directly needs no token');
  });

  await t.check('keys are fetched from where the issuer publishes them', async () => {
    const server = http.createServer((_, response) => response.end(issuer.keySet));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      const { port } = server.address() as AddressInfo;
      await shop.open((it) => {
        openToAll(it);
        it.api.requireJwt(Jwt.issuedBy(issuer.issuer, { jwksUri: `http://127.0.0.1:${port}/keys` }));
      });
      assert.deepEqual([await withToken(issuer.token()), await withToken(undefined), await withToken(impostor.token())], [200, 403, 401]);
    } finally {
      server.close();
    }
  });
}
