import { App } from 'cdk8s';
import {
  Access, AccessMode, Capabilities, ClaimMatch, Destination, ExternalService, HeaderMatch, HttpRule, Jwt, MeshedService, MethodMatch, Mirror, PathMatch,
  PathRewrite, Peer, Port, Weight,
} from '../../src';
import { FakeMesh } from '../support/fake-mesh';
import { chartIn, serviceIn } from '../support/fixtures';
import { errorOf, errorsOf, namesOf } from '../support/manifests';

function setUp(profile: string = 'istio') {
  const chart = chartIn(new App(), 'shop', { namespace: 'shop' });
  const mesh = new FakeMesh(chart, 'mesh', Capabilities.of(profile), { access: AccessMode.DECLARED });
  const service = (id: string, ...ports: Port[]): MeshedService => serviceIn(chart, id, mesh, ports.length > 0 ? { ports } : {});
  const planOf = (id: string) => { namesOf(chart); return mesh.plan.services.find((plan) => plan.serviceName === id)!; };
  const into = (id: string) => planOf(id).inbound.map(({ caller, access, via }) => [caller.identity?.serviceAccountName ?? caller.kind, access.toString(), via?.split('.')[0]]);
  return { chart, mesh, service, planOf, into };
}

/** A service that some caller may call and whose rule sends calls on. */
function relay(rule: Partial<HttpRule>, access: Access = Access.all(), profile?: string) {
  const made = setUp(profile);
  const [web, front, back] = [made.service('web'), made.service('front', Port.http(80), Port.http(81), Port.tcp(1)), made.service('back', Port.http(80), Port.http(82), Port.tcp(1))];
  web.connections.allowTo(front, access);
  front.addRoute({ destinations: [Destination.service(back, undefined, 82)], ...rule });
  return { ...made, web, front, back };
}

const LOGIN = Jwt.issuedBy('https://login.example.com', { jwksUri: 'https://login.example.com/keys' });
const OTHER = Jwt.issuedBy('https://other.example.com');

describe('callers whose calls are sent on', () => {
  test.each<[string, Partial<HttpRule>, Access, string | undefined]>([
    ['arrive by the port that calls are sent to', {}, Access.all(), 'everything on port 82'],
    ['arrive by ports of the same number', { destinations: undefined, mirrors: undefined }, Access.all(), undefined],
    ['arrive with the requests of the rule', { matches: [{ path: PathMatch.prefix('/a'), method: MethodMatch.GET, headers: [HeaderMatch.exact('x-a', '1')] }] }, Access.all(), 'GET prefix /a x-a exact 1 on port 82'],
    ['arrive with what they may do of it', { matches: [{ path: PathMatch.prefix('/a') }] }, Access.http({ methods: [MethodMatch.POST], paths: [PathMatch.prefix('/a/b'), PathMatch.exact('/c'), PathMatch.prefix('/')] }), 'POST prefix /a/b|prefix /a on port 82'],
    ['arrive where their template and the rule meet', { matches: [{ path: PathMatch.prefix('/a/b') }] }, Access.http({ paths: [PathMatch.template('/a/{*}/c')] }), 'template /a/{*}/c on port 82'],
    ['do not arrive with paths that they may not ask for', { matches: [{ path: PathMatch.prefix('/a') }] }, Access.http({ paths: [PathMatch.exact('/b')] }), undefined],
    ['do not arrive with methods that they may not use', { matches: [{ method: MethodMatch.GET }] }, Access.http({ methods: [MethodMatch.POST] }), undefined],
    ['do not arrive with headers that they may not send', { matches: [{ headers: [HeaderMatch.exact('x', '1')] }] }, Access.http({ headers: [HeaderMatch.exact('x', '2')] }), undefined],
    ['do not arrive by ports that they may not use', { matches: [{ servicePort: 80 }] }, Access.ports(81), undefined],
    ['do not arrive with connections', {}, Access.ports(1), undefined],
    ['arrive with the path that the prefix becomes', { matches: [{ path: PathMatch.prefix('/a') }], pathRewrite: PathRewrite.prefix('/v2/a') }, Access.all(), 'prefix /v2/a on port 82'],
    ['arrive with the path that is put in place', { matches: [{ path: PathMatch.prefix('/a') }], pathRewrite: PathRewrite.full('/b') }, Access.all(), 'exact /b on port 82'],
    ['arrive with any path where a pattern is replaced', { matches: [{ path: PathMatch.exact('/a') }], pathRewrite: PathRewrite.regex('a', 'b') }, Access.all(), 'everything on port 82'],
    ['arrive with any path that a pattern stands for', { matches: [{ path: PathMatch.regex('/a.*') }] }, Access.all(), 'everything on port 82'],
    ['arrive without headers that are changed', { matches: [{ headers: [HeaderMatch.exact('x', '1'), HeaderMatch.present('y')] }], requestHeaders: { setHeaders: { X: '2' } } }, Access.all(), 'y present on port 82'],
    ['arrive with headers that a pattern stands for', { matches: [{ headers: [HeaderMatch.regex('x', '1+'), HeaderMatch.prefix('y', '*')] }] }, Access.all(), 'everything on port 82'],
  ])('%s', (_, rule, access, expected) => {
    expect(relay(rule, access).into('back')).toEqual(expected === undefined ? [] : [['web', expected, 'front']]);
  });

  test('are not told apart where the mesh does not check what tells them apart', () => {
    const rule = { matches: [{ path: PathMatch.prefix('/a'), method: MethodMatch.GET }] };
    expect(relay(rule, Access.all(), 'consul').into('back')).toEqual([['web', 'GET prefix /a', 'front']]);
    expect(relay(rule, Access.all(), 'istio-ambient').into('back')).toEqual([['web', 'everything on port 82', 'front']]);
  });

  test('arrive with connections by the ports of rules for connections', () => {
    const { into, front, back, planOf } = relay({ destinations: undefined }, Access.ports(1, 80));
    front.addTcpRoute({ destinations: [Destination.service(back)] });
    expect(into('back')).toEqual([['web', 'everything on port 1', 'front']]);
    expect(planOf('front').inbound[0]).not.toHaveProperty('via');
  });

  test('arrive with copies by the names that the requests are for', () => {
    const { chart, mesh, front, back } = relay({ destinations: undefined });
    front.addRoute({ matches: [{ path: PathMatch.exact('/x') }], mirrors: [Mirror.to(Destination.service(back))] });
    namesOf(chart);
    const copied = () => mesh.plan.services.find(({ serviceName }) => serviceName === 'back')!.inbound.map(({ access, copiedHosts }) => [access.toString(), copiedHosts]);
    expect(copied()).toEqual([['exact /x on port 80', ['front', 'front.shop', 'front.shop.svc', 'front.shop.svc.cluster.local']]]);
    front.addRoute({ matches: [{ path: PathMatch.exact('/y') }], mirrors: [Mirror.to(Destination.service(back))], hostRewrite: 'other.example.com' });
    namesOf(chart);
    expect(copied()[1]).toEqual(['exact /y on port 80', ['other.example.com']]);
  });

  test('go to ports that carry requests', () => {
    const { chart, front, back } = relay({});
    front.addRoute({ matches: [{ path: PathMatch.exact('/x') }], destinations: [Destination.service(back, undefined, 1)] });
    expect(errorOf(() => namesOf(chart))).toMatchObject({
      code: 'MESH-E018', constructPath: 'shop/front', what: 'requests to shop/front go to port tcp 1 of back, which carries none that a mesh can see',
    });
  });
});

describe('callers who are kept out of a service that sends calls on', () => {
  test('are kept out there of the requests that are sent', () => {
    const { front, web, planOf } = relay({ matches: [{ path: PathMatch.prefix('/a') }] });
    front.connections.denyFrom(web, Access.http({ methods: [MethodMatch.DELETE] }));
    front.connections.denyFrom(Peer.anyone(), Access.http({ paths: [PathMatch.exact('/b')] }));
    expect(planOf('back').refused.map(({ access, via }) => [access.toString(), via])).toEqual([['DELETE prefix /a on port 82', 'front.shop.svc.cluster.local']]);
  });

  test.each<[string, (it: ReturnType<typeof relay>) => void]>([
    ['may do there what they were let in for directly', ({ web, back }) => web.connections.allowTo(back)],
    ['may come there with everybody', ({ back }) => Peer.anyone().connections.allowTo(back)],
    ['may come there with their namespace', ({ back }) => Peer.namespace('shop').connections.allowTo(back, Access.ports(82))],
    ['may come there by way of others', ({ web, back, service }) => {
      const way = service('way', Port.http(80));
      web.connections.allowTo(way);
      way.addRoute({ destinations: [Destination.service(back, undefined, 82)] });
    }],
    ['are kept out there once', ({ web, back }) => back.connections.denyFrom(web)],
  ])('%s', (name, also) => {
    const it = relay({});
    it.front.connections.denyFrom(it.web, Access.http({ methods: [MethodMatch.DELETE] }));
    also(it);
    expect(it.planOf('back').refused.filter(({ via }) => via !== undefined)).toEqual([]);
    expect(it.planOf('back').refused).toHaveLength(name === 'are kept out there once' ? 1 : 0);
  });

  test('stay out where what they may do there is something else', () => {
    const { web, front, back, planOf } = relay({});
    front.connections.denyFrom(web, Access.http({ methods: [MethodMatch.DELETE] }));
    web.connections.allowTo(back, Access.http({ methods: [MethodMatch.GET] }));
    Peer.addresses('10.0.0.1').connections.allowTo(back, Access.ports(80));
    expect(planOf('back').refused.map(({ access }) => access.toString())).toEqual(['DELETE on port 82']);
  });

  test('cannot do a part there of what they must not do here', () => {
    const { chart, web, front, back } = relay({});
    front.connections.denyFrom(web, Access.http({ methods: [MethodMatch.DELETE] }));
    web.connections.allowTo(back, Access.http({ paths: [PathMatch.prefix('/own')] }));
    expect(errorOf(() => namesOf(chart))).toMatchObject({
      code: 'MESH-E027',
      constructPath: 'shop/front',
      what: 'cluster.local/ns/shop/sa/web is kept out of shop/front (DELETE on port 82), which sends calls on to shop/back, where cluster.local/ns/shop/sa/web may do some of it (prefix /own), and proxies cannot tell by which way a call came',
    });
  });
});

describe('tokens that a service asks for', () => {
  const tokensOf = ({ planOf }: ReturnType<typeof relay>) => planOf('back').inbound.map(({ tokens, via }) => [via?.split('.')[0], tokens.map(({ issuer }) => issuer)]);

  test('are asked for wherever its rules send calls, and of nobody else', () => {
    const it = relay({}, Access.http({ claims: [ClaimMatch.oneOf('role', 'admin')] }));
    it.front.requireJwt(LOGIN);
    it.service('direct').connections.allowTo(it.back);
    expect(tokensOf(it)).toEqual([[undefined, []], ['front', [LOGIN.issuer]]]);
    expect(it.planOf('back').tokens).toEqual([]);
  });

  test('are those that both services take', () => {
    const it = relay({});
    [LOGIN, OTHER].forEach((jwt) => it.front.requireJwt(jwt));
    it.back.requireJwt(LOGIN);
    expect(tokensOf(it)).toEqual([['front', [LOGIN.issuer]]]);
    const unasked = relay({});
    unasked.back.requireJwt(LOGIN);
    expect(tokensOf(unasked)).toEqual([['front', [LOGIN.issuer]]]);
  });

  test.each<[string, Jwt, string]>([
    ['of another issuer', OTHER, 'of different issuers'],
    ['with other keys', Jwt.issuedBy(LOGIN.issuer), 'in different ways (https://login.example.com)'],
  ])('cannot be %s than those of a service that its calls are sent to', (_, jwt, problem) => {
    const it = relay({});
    it.front.requireJwt(LOGIN);
    it.back.requireJwt(jwt);
    expect(errorOf(() => namesOf(it.chart))).toMatchObject({
      code: 'MESH-E027', constructPath: 'shop/front', what: `shop/front sends calls on to shop/back, and the two ask for tokens ${problem}`,
    });
  });

  test('are needed wherever its rules send calls, or nobody would ask for them', () => {
    const { chart, mesh, service } = setUp();
    const front = service('front', Port.http(80));
    const open = serviceIn(chart, 'open', mesh, { access: AccessMode.OPEN, ports: [Port.http(80)] });
    const asking = serviceIn(chart, 'asking', mesh, { access: AccessMode.OPEN, ports: [Port.http(80)] });
    const pay = new ExternalService(chart, 'pay', { mesh, hosts: ['pay.example.com'], ports: [Port.http(80)] });
    front.requireJwt(LOGIN);
    asking.requireJwt(LOGIN);
    front.addRoute({ matches: [{ path: PathMatch.exact('/a') }], mirrors: [Mirror.to(Destination.service(open))] });
    front.splitTo(Destination.service(asking, Weight.of(50)), Destination.service(pay, Weight.of(50)));
    expect(errorsOf(() => namesOf(chart)).map(({ code, what, constructPath }) => [code, constructPath, what])).toEqual([
      ['MESH-E037', 'shop/front', 'requests to shop/front need a token, and its rules send some to shop/open, where everybody may call without one'],
      ['MESH-E037', 'shop/front', 'requests to shop/front need a token, and its rules send some to shop/pay, outside of the mesh, where nobody checks it'],
    ]);
  });
});
