import { Folder } from './folder';
import { Decision, ErrorDecision } from '../../src/engine/simulate/decision';
import { security, service, virtualService } from '../engine/support/estate';
import { commandLine, Outcome } from '../support/command-line';

type Answer = Decision & ErrorDecision;

const folder = new Folder();
const GATEWAY = `
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: shop}
spec: {selector: {istio: ingress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}, {port: {number: 81, name: http-r, protocol: HTTP}, hosts: [b.com], tls: {httpsRedirect: true}}]}
`;
const SHOP = service('shop', 'api') + service('shop', 'web') + GATEWAY
  + security('AuthorizationPolicy', 'shop', 'api', '{selector: {matchLabels: {app: api}}, rules: [{from: [{source: {namespaces: [shop]}}], to: [{operation: {notMethods: [DELETE]}}]}]}')
  + virtualService('shop', 'in', '{hosts: [a.com], gateways: [gw], http: [{match: [{uri: {prefix: /old}}], redirect: {uri: /new}}, {match: [{uri: {exact: /teapot}}], directResponse: {status: 418}}, {match: [{uri: {prefix: /v9}}], route: [{destination: {host: api, subset: v9}}]}, {match: [{uri: {prefix: /api}}], route: [{destination: {host: web}}]}]}');
const shop = folder.write('shop/all.yaml', SHOP);

const ask = async (...args: string[]): Promise<Outcome> => commandLine(['simulate', shop, ...args]);
const batch = async (requests: readonly unknown[], manifests = SHOP, ...options: string[]): Promise<Answer[]> => {
  const lines = requests.map((it) => (typeof it === 'string' ? it : JSON.stringify(it))).join('\n');
  const { code, out, err } = await commandLine(['simulate', folder.write('batch/all.yaml', manifests), '--batch', folder.write('batch.jsonl', lines), ...options]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.trimEnd().split('\n').map((line) => JSON.parse(line) as Answer);
};
const one = async (request: unknown, manifests = SHOP, ...options: string[]): Promise<Answer> => (await batch([request], manifests, ...options))[0];

describe('one request', () => {
  test('leaves 0 when allowed, 1 when denied or unroutable, 2 on bad input', async () => {
    expect(await ask('--from', 'shop/web', '--to', 'http://api.shop/')).toMatchObject({ code: 0, out: expect.stringMatching(/^allowed\n/) });
    expect(await ask('--from', 'other/x', '--to', 'http://api.shop/')).toMatchObject({ code: 1, out: expect.stringMatching(/^denied, status 403\n/) });
    expect(await ask('--from', 'ip:1.2.3.4', '--from', 'gateway:shop/gw', '--to', 'http://a.com/none')).toMatchObject({ code: 1, out: expect.stringMatching(/^unroutable, status 404\n/) });
    expect(await ask('--from', 'shop/web', '--to', 'ftp://api')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('scheme "ftp" is unknown') });
  });

  test('takes method, headers and claims from its options', async () => {
    expect((await ask('--from', 'shop/web', '--to', 'http://api.shop/', '-X', 'DELETE')).code).toBe(1);
    const rules = service('shop', 'api') + security('RequestAuthentication', 'shop', 'jwt', '{jwtRules: [{issuer: me}]}')
      + security('AuthorizationPolicy', 'shop', 'api', '{rules: [{from: [{source: {requestPrincipals: [me/ann]}}], when: [{key: "request.headers[x-a]", values: [b]}]}]}');
    const file = folder.write('jwt.yaml', rules);
    const claims = folder.write('claims.json', '{"iss": "me", "sub": "ann"}');
    const token = folder.write('token.txt', `e30.${Buffer.from('{"iss": "me", "sub": "ann"}').toString('base64url')}.sig`);
    const run = async (...more: string[]): Promise<number> => (await commandLine(['simulate', file, '--from', 'shop/web', '--to', 'http://api.shop/', ...more])).code;
    expect([await run(), await run('--jwt', claims), await run('--jwt', claims, '-H', 'X-A: b'), await run('--jwt', token, '-H', 'x-a:b')]).toEqual([1, 1, 0, 0]);
  });

  test('answers as JSON too', async () => {
    const { code, out } = await ask('--from', 'shop/web', '--to', 'http://api.shop/', '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ verdict: 'allowed', route: { destinations: [{ host: 'api.shop.svc.cluster.local', port: 80, weight: 100 }] } });
  });

  test('is explained hop by hop, with each rule that was tried', async () => {
    const { out } = await ask('--from', 'shop/web', '--to', 'http://api.shop/', '--explain');
    expect(out).toContain('At the client\'s proxy');
    expect(out).toContain('mutual TLS (TLSv1.2 or TLSv1.3)');
    expect(out).toContain('rule 0 of AuthorizationPolicy shop/api matches\n      from namespaces shop: yes\n      to notMethods DELETE: yes');
    for (const word of ['identity', 'authorization', 'routing', 'reliability', 'observability']) expect(out).toMatch(new RegExp(`^  ${word}: `, 'm'));
  });

  test('is drawn with the evidence of each hop, as SVG or as Mermaid', async () => {
    const nasty = folder.write('nasty.yaml', SHOP.replace(/name: in,/, 'name: "in-x",'));
    await commandLine(['simulate', nasty, '--from', 'shop/web', '--to', 'http://api.shop/?a=<b>&c="d";e', '--diagram', folder.path('d.svg')]);
    await commandLine(['simulate', nasty, '--from', 'shop/web', '--to', 'http://api.shop/?a=<b>;e', '--diagram', folder.path('d.mmd')]);
    const svg = folder.read('d.svg');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg.replace(/<\/?(svg|title|rect|text|tspan|line|path)\b[^<>]*>/g, '')).not.toMatch(/[<>]|&(?!#\d+;)/);
    expect(svg).toContain('identity: the peer is');
    const mermaid = folder.read('d.mmd');
    expect(mermaid).toMatch(/sequenceDiagram\n {2}participant p0 as cluster.local\/ns\/shop\/sa\/web\n/);
    expect(mermaid).toContain('p1->>p2: request, in mutual TLS');
    expect(mermaid).toContain('identity: the peer is');
    expect(mermaid).toContain('#60;b#62;#59;e');
  });

  test.each([
    [['--from', 'a/b/c', '--to', 'http://x'], 'is no client'], [['--from', 'shop/web'], 'give --to URL'], [['--to', 'tcp://x'], 'names no port'],
    [['--to', 'http://x:99999'], 'names no port'], [['--to', 'http://x', '-H', 'nonsense'], 'is no header'], [['--to', 'http://x', '--jwt', shop], 'neither claims'],
    [['--to', 'http://x', '--jwt', '/does/not/exist'], 'cannot be read'], [['--to', 'http://x', '--only', 'x'], '--only is'], [['--to', 'tcp://x:1', '-X', 'GET'], 'are for HTTP'],
    [['--to', 'http://x', '--mesh', 'x'], '--mesh is one of'], [['--to', 'http://x', '--mesh-config', '/does/not/exist'], 'cannot be read'],
    [['--from', 'ip:x', '--to', 'http://x'], 'is no address'], [['--to', 'http://x', '--external', 'maybe'], '--external is'], [['--to', 'http://x', '--format', 'xml'], '--format is'],
    [['--batch', '/does/not/exist'], 'cannot be read'], [['--batch', shop, '--to', 'http://x'], 'give one of both'], [['--schema', 'x'], '--schema is'],
  ])('%j is refused in a line', async (args, message) => {
    const { code, err, out } = await ask(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a path that is not there is refused, though others are', async () => {
    expect(await ask('/does/not/exist.yaml', '--to', 'http://x')).toMatchObject({ code: 2, err: expect.stringContaining('/does/not/exist.yaml: no such file or folder') });
  });

  test('an estate without objects is one, of which all is assumed', async () => {
    expect((await commandLine(['simulate', folder.write('empty.yaml', '# nothing\n'), '--to', 'http://x.com']))).toMatchObject({ code: 0, out: expect.stringContaining('PassthroughCluster') });
  });
});

describe('a batch', () => {
  test('answers each line in order, and goes on after lines that it cannot read', async () => {
    const answers = await batch([{ id: 'a', client: { namespace: 'shop' }, server: { host: 'api' } }, '{"id": "b", "server": {', '7', '', { id: 'c', server: 3 }, { id: 4, server: { host: 'x.com' } }]);
    expect(answers.map((it) => [it.id, it.verdict])).toEqual([['a', 'allowed'], ['b', 'error'], [undefined, 'error'], ['c', 'error'], [4, 'allowed']]);
    for (const { error } of answers.slice(1, 4)) expect(error).toEqual({ code: 'MESH-E070', message: expect.any(String) });
  });

  test('comes from standard input too, and manifests do, from folders and files', async () => {
    const line = JSON.stringify({ client: { namespace: 'shop' }, server: { host: 'api' } });
    expect(JSON.parse((await commandLine(['simulate', folder.path('shop'), '--batch', '-'], { stdin: line })).out)).toMatchObject({ verdict: 'allowed' });
    const file = folder.write('line.jsonl', line);
    expect(JSON.parse((await commandLine(['simulate', '-', '--batch', file], { stdin: SHOP })).out)).toMatchObject({ verdict: 'allowed' });
    expect(await commandLine(['simulate', '-', '--batch', '-'], { stdin: line })).toMatchObject({ code: 2, err: expect.stringContaining('cannot be both') });
  });

  test('carries evidence when asked to explain', async () => {
    expect(await one({ client: { namespace: 'shop' }, server: { host: 'api' } }, SHOP, '--explain')).toMatchObject({ evidence: { hops: expect.any(Array) } });
    expect(await one({ client: { namespace: 'shop' }, server: { host: 'api' } })).not.toHaveProperty('evidence');
  });

  test('short names become the full name of their namespace, names with a dot stay', async () => {
    const manifests = service('shop', 'api') + virtualService('shop', 'v', '{hosts: [x.com, y.com], http: [{match: [{uri: {prefix: /a}}], route: [{destination: {host: api}}]}, {route: [{destination: {host: api.shop}}]}]}');
    const request = { client: { namespace: 'shop' }, server: { host: 'x.com', port: 80 }, only: 'routing' };
    expect(await one({ ...request, http: { path: '/a' } }, manifests)).toMatchObject({ verdict: 'allowed', route: { destinations: [{ host: 'api.shop.svc.cluster.local' }] } });
    expect(await one({ ...request, http: { path: '/b' } }, manifests)).toMatchObject({ verdict: 'unroutable', status: 503, route: { destinations: [{ host: 'api.shop', healthy: false }] } });
  });

  test('an unknown host is passed on or unroutable, by the outbound policy', async () => {
    const request = { client: { namespace: 'shop' }, server: { host: 'x.com', port: 80 }, only: 'routing' };
    expect(await one(request)).toMatchObject({ verdict: 'allowed', route: { destinations: [{ host: 'PassthroughCluster' }] } });
    const config = folder.write('mesh.yaml', 'outboundTrafficPolicy: {mode: REGISTRY_ONLY}\n');
    const wrapped = folder.write('map.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\ndata:\n  mesh: |\n    outboundTrafficPolicy: {mode: REGISTRY_ONLY}\n');
    for (const file of [config, wrapped]) expect(await one(request, SHOP, '--mesh-config', file)).toMatchObject({ verdict: 'unroutable', status: 502 });
  });

  const enter = (host: string, path: string, port = 80): object => ({ via: { gateway: 'shop/gw' }, client: { ip: '1.2.3.4' }, server: { host, port }, http: { path, authority: host }, only: 'routing' });

  test('a destination without subset keeps its name: unroutable, 503', async () => {
    const answer = await one(enter('a.com', '/v9'));
    expect(answer).toMatchObject({ verdict: 'unroutable', status: 503, route: { destinations: [{ host: 'api.shop.svc.cluster.local', subset: 'v9', healthy: false }] } });
    expect((await one(enter('a.com', '/api'))).route.destinations[0]).not.toHaveProperty('subset');
  });

  test('no route is unroutable, 404', async () => {
    for (const answer of await batch([enter('a.com', '/x'), enter('c.com', '/')])) expect(answer).toMatchObject({ verdict: 'unroutable', status: 404, route: { destinations: [] } });
  });

  test('redirects and direct responses are allowed, with status, location and no destinations', async () => {
    const [redirect, direct, upgrade] = await batch([enter('a.com', '/old'), enter('a.com', '/teapot'), enter('b.com', '/x?y', 81)]);
    expect(redirect).toMatchObject({ verdict: 'allowed', status: 301, location: 'http://a.com/new', route: { destinations: [] } });
    expect(direct).toMatchObject({ verdict: 'allowed', status: 418, route: { destinations: [] } });
    expect(upgrade).toMatchObject({ verdict: 'allowed', status: 301, location: 'https://b.com/x?y', route: { destinations: [] } });
  });

  test('one half only leaves the other out', async () => {
    const request = { client: { identity: 'cluster.local/ns/other/sa/x' }, server: { host: 'api.shop', port: 80, namespace: 'shop', labels: { app: 'api' }, workloadPort: 8080 } };
    expect(await one(request)).toMatchObject({ verdict: 'denied', status: 403 });
    expect(await one({ ...request, only: 'routing' })).toMatchObject({ verdict: 'allowed', authorization: { result: 'not evaluated' } });
    expect(await one({ ...request, server: { ...request.server, host: 'nowhere.example' }, only: 'authorization' })).toMatchObject({ verdict: 'denied', route: { destinations: [] } });
  });

  test('authorization needs no Service and no pod, only namespace, labels and port', async () => {
    const policy = security('AuthorizationPolicy', 'shop', 'p', '{selector: {matchLabels: {app: db}}, rules: [{to: [{operation: {ports: ["5432"]}}]}]}');
    const request = (labels: object, workloadPort: number): object => ({ server: { namespace: 'shop', labels, workloadPort }, protocol: 'tcp', only: 'authorization' });
    const answers = await batch([request({ app: 'db' }, 5432), request({ app: 'db' }, 5433), request({ app: 'x' }, 5433)], policy);
    expect(answers.map((it) => it.verdict)).toEqual(['allowed', 'denied', 'allowed']);
  });

  test('an object without namespace counts as in default', async () => {
    const policy = 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: none}\nspec: {}\n';
    const request = (namespace: string): object => ({ server: { namespace, labels: {}, workloadPort: 80 }, only: 'authorization' });
    expect((await batch([request('default'), request('shop')], policy)).map((it) => it.verdict)).toEqual(['denied', 'allowed']);
  });

  test('a client that is not known is told as an assumption', async () => {
    expect((await one({ server: { host: 'api.shop' } })).assumptions).toEqual(expect.arrayContaining([expect.stringContaining('the client is not known')]));
  });
});

test('the schemas are printed, and answers hold nothing else', async () => {
  const schema = async (name: string): Promise<any> => JSON.parse((await commandLine(['simulate', '--schema', name])).out);
  const [decided, failed] = (await schema('decision')).oneOf;
  for (const answer of await batch([{ id: 1, client: { namespace: 'shop' }, server: { host: 'api' } }, '{'], SHOP, '--explain')) {
    const expected = answer.verdict === 'error' ? failed : decided;
    expect(Object.keys(expected.properties)).toEqual(expect.arrayContaining(Object.keys(answer)));
    expect(Object.keys(answer)).toEqual(expect.arrayContaining(expected.required));
    if (answer.route) expect(Object.keys(decided.properties.route.properties)).toEqual(expect.arrayContaining(Object.keys(answer.route)));
  }
  expect(Object.keys((await schema('request')).properties)).toEqual(['id', 'client', 'via', 'server', 'protocol', 'http', 'jwt', 'only']);
  expect(await schema('evidence')).toMatchObject({ required: ['hops', 'statements'] });
});
