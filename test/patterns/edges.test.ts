import { App, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import {
  Access, AccessMode, Capabilities, ClaimMatch, Connections, Destination, ExternalService, HeaderMatch, HttpRulePlan, IConnectable, Ingress, Jwt,
  MeshedService, MeshedWorkload, MethodMatch, Mirror, PathMatch, Peer, PeerKind, Port, Retries, Weight,
} from '../../src';
import { FakeMesh } from '../support/fake-mesh';
import { chartIn, serviceIn } from '../support/fixtures';
import { errorOf, namesOf } from '../support/manifests';

function setUp(access: AccessMode = AccessMode.DECLARED) {
  const chart = chartIn(new App(), 'shop', { namespace: 'shop' });
  const ingress = { selector: {}, namespace: 'gateways', serviceAccountName: 'gateway', className: 'own' };
  const mesh = new FakeMesh(chart, 'mesh', Capabilities.of('istio'), { access, ingress });
  const service = (id: string, ...ports: Port[]): MeshedService => serviceIn(chart, id, mesh, ports.length > 0 ? { ports } : {});
  const planOf = (id: string) => { namesOf(chart); return mesh.plan.services.find((plan) => plan.serviceName === id)!; };
  const callersOf = (id: string) => planOf(id).inbound.map(({ caller }) => caller.identity?.serviceAccountName ?? caller.namespace ?? caller.kind);
  return { chart, mesh, service, planOf, callersOf };
}

const ONE = { timeout: Duration.seconds(1) };
const TWO = { timeout: Duration.seconds(2) };

describe('an edge', () => {
  test('is the same from both of its ends', () => {
    const { service, planOf } = setUp();
    const [a, b, c] = ['a', 'b', 'c'].map((id) => service(id));
    a.connections.allowTo(c, Access.ports(8080));
    c.connections.allowFrom(b, Access.ports(8080));
    a.allowFrom(c);
    expect(planOf('c').inbound).toMatchObject([{ caller: { labels: { 'app.kubernetes.io/name': 'a' } } }, { caller: { labels: { 'app.kubernetes.io/name': 'b' } } }]);
    expect(planOf('c').outbound).toMatchObject([{ host: 'a.shop.svc.cluster.local', hosts: ['a.shop.svc.cluster.local'], ports: [{ number: 8080 }], external: false }]);
  });

  test('may come from anybody that is known by something', () => {
    const { service, planOf } = setUp();
    const a = service('a');
    [Peer.anyone(), Peer.namespace('x'), Peer.addresses('10.0.0.0/8')].forEach((peer) => peer.connections.allowTo(a));
    expect(planOf('a').inbound.map(({ caller }) => [caller.kind, caller.namespace, caller.blocks])).toEqual([
      [PeerKind.ADDRESSES, undefined, ['10.0.0.0/8']], [PeerKind.ANYONE, undefined, undefined], [PeerKind.NAMESPACE, 'x', undefined],
    ]);
  });

  test('may not come from something unknown', () => {
    const { chart, service } = setUp();
    class Stranger extends Construct implements IConnectable {
      public readonly connections = Connections._of(this);
    }
    service('a').connections.allowFrom(new Stranger(chart, 'stranger'));
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E018', constructPath: 'shop/a', what: 'a caller that this app did not declare' });
  });

  test('leads to ports that are there', () => {
    const { chart, service } = setUp();
    service('a').connections.allowFrom(Peer.anyone(), Access.ports(1, 8080));
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E005', constructPath: 'shop/a', what: 'access to port 1, which shop/a does not have', fix: 'use one of 8080' });
  });

  test('about requests leads to ports that carry some', () => {
    const { chart, service } = setUp();
    service('redis', Port.tcp(6379)).connections.allowFrom(Peer.anyone(), Access.http({ methods: [MethodMatch.GET] }));
    expect(errorOf(() => namesOf(chart))).toMatchObject({
      code: 'MESH-E018', constructPath: 'shop/redis', what: 'access by request (GET) to shop/redis, whose ports carry no requests that a mesh can see (tcp 6379)',
    });
  });

  test('about claims leads to a service that asks for tokens', () => {
    const { chart, service } = setUp();
    service('a').connections.allowFrom(Peer.anyone(), Access.http({ claims: [ClaimMatch.oneOf('role', 'admin')] }));
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E018', what: 'access by claim (role in admin) to shop/a, which asks for no tokens' });
  });

  test('that leaves the mesh is about whole ports, which nobody checks there', () => {
    const { chart, mesh, service } = setUp();
    const pay = new ExternalService(chart, 'pay', { mesh, hosts: ['pay.example.com'], ports: [Port.http(80)] });
    service('a').connections.allowTo(pay, Access.http({ paths: [PathMatch.exact('/a')] }));
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E018', constructPath: 'shop/pay', what: 'access by request (exact /a) to shop/pay, which is outside of the mesh, where nobody checks it' });
    expect(errorOf(() => pay.connections.denyFrom(Peer.anyone()))).toMatchObject({ code: 'MESH-E018', constructPath: 'shop/pay', what: 'a refusal at a service outside of the mesh' });
  });

  test('that keeps a caller out is none that lets it in', () => {
    const { service, planOf } = setUp();
    const [a, b] = ['a', 'b'].map((id) => service(id));
    a.connections.denyFrom(b);
    expect([planOf('a').inbound, planOf('b').outbound]).toEqual([[], []]);
    expect(planOf('a').refused).toMatchObject([{ caller: { identity: { serviceAccountName: 'b' } } }]);
  });
});

describe('callers of a service', () => {
  test('are let in wherever its rules send their calls, and copies of them', () => {
    const { service, callersOf, planOf } = setUp();
    const [web, apex, stable, canary, shadow] = ['web', 'apex', 'stable', 'canary', 'shadow'].map((id) => service(id));
    web.connections.allowTo(apex, Access.http({ methods: [MethodMatch.GET] }));
    apex.splitTo(Destination.service(stable, Weight.of(90)), Destination.service(canary, Weight.of(10)));
    apex.addRoute({ matches: [{ path: PathMatch.exact('/x') }], mirrors: [Mirror.to(Destination.service(shadow))] });
    for (const id of ['apex', 'stable', 'canary', 'shadow']) { expect(callersOf(id)).toEqual(['web']); }
    expect(planOf('canary').inbound[0].access.methods).toEqual([MethodMatch.GET]);
    expect(planOf('canary').httpRules).toEqual([]);
  });

  test('who are kept out stay out wherever its rules send their calls, unless everybody may come there', () => {
    const { chart, mesh, service, planOf } = setUp();
    const [web, apex, stable] = ['web', 'apex', 'stable'].map((id) => service(id));
    const open = serviceIn(chart, 'open', mesh, { access: AccessMode.OPEN });
    Peer.anyone().connections.allowTo(apex);
    apex.connections.denyFrom(web, Access.http({ methods: [MethodMatch.DELETE] }));
    apex.splitTo(Destination.service(stable, Weight.of(90)), Destination.service(open, Weight.of(10)));
    for (const id of ['apex', 'stable']) {
      expect(planOf(id).refused).toMatchObject([{ caller: { identity: { serviceAccountName: 'web' } }, access: { methods: [MethodMatch.DELETE] } }]);
    }
    expect(planOf('open').refused).toEqual([]);
    expect(planOf('stable').inbound).toMatchObject([{ caller: { kind: PeerKind.ANYONE } }]);
  });

  test('are let in by the ports that the destination has', () => {
    const { service, planOf } = setUp();
    const [web, apex, other] = [service('web'), service('apex', Port.http(80)), service('other', Port.http(8080), Port.tcp(1))];
    web.connections.allowTo(apex, Access.ports(80));
    apex.addRoute({ destinations: [Destination.service(other)] });
    expect(planOf('other').inbound[0].access.servicePorts).toEqual([8080]);
  });

  test('arrive at an external service, which their namespaces learn of', () => {
    const { chart, mesh, service } = setUp();
    const pay = new ExternalService(chart, 'pay', { mesh, hosts: ['pay.example.com'], ports: [Port.http(80)] });
    const apex = service('apex', Port.http(80));
    serviceIn(chart, 'far', mesh, { namespace: 'far' }).connections.allowTo(apex);
    apex.addRoute({ destinations: [Destination.service(pay)] });
    namesOf(chart);
    expect(mesh.plan.externals[0].callerNamespaces).toEqual(['far']);
  });
});

describe('timeouts and retries of callers', () => {
  const timeouts = (rules: readonly HttpRulePlan[]) => rules.map(({ policy, clients }) => [
    clients?.map(({ identity }) => identity!.serviceAccountName).join() ?? '*', policy.timeout?.toSeconds(),
  ]);

  test('are those of the service when all that may call say the same', () => {
    const { service, planOf } = setUp();
    const [a, b, c] = ['a', 'b', 'c'].map((id) => service(id));
    [a, b].forEach((caller) => caller.connections.allowTo(c, Access.all(), ONE));
    expect(timeouts(planOf('c').httpRules)).toEqual([['*', 1]]);
  });

  test('are told apart by caller when they differ, or when others may call', () => {
    const { service, planOf } = setUp();
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => service(id));
    [a, b].forEach((caller) => caller.connections.allowTo(d, Access.all(), ONE));
    c.connections.allowTo(d, Access.all(), TWO);
    expect(timeouts(planOf('d').httpRules)).toEqual([['a,b', 1], ['c', 2], ['*', undefined]]);
    const open = setUp(AccessMode.OPEN);
    const [x, y] = ['x', 'y'].map((id) => open.service(id));
    x.connections.allowTo(y, Access.all(), ONE);
    expect(timeouts(open.planOf('y').httpRules)).toEqual([['x', 1], ['*', undefined]]);
  });

  test('hold over those of mesh, service and rules, however many callers there are', () => {
    for (const callers of [['a'], ['a', 'b']]) {
      const { service, planOf } = setUp();
      const c = service('c');
      c.addRoute({ matches: [{ path: PathMatch.exact('/slow') }], timeout: Duration.seconds(9) });
      callers.forEach((id) => service(id).connections.allowTo(c, Access.all(), id === 'a' ? ONE : TWO));
      const rules = timeouts(planOf('c').httpRules);
      expect(rules.filter(([clients]) => callers.length === 1 || clients === 'a').map(([, timeout]) => timeout)).toEqual([1, 1]);
      if (callers.length > 1) { expect(rules).toEqual([['a', 1], ['b', 2], ['*', 9], ['a', 1], ['b', 2], ['*', undefined]]); }
    }
  });

  test('of a way in hold at the way in, not among services', () => {
    const { chart, mesh, service, planOf } = setUp();
    const [a, b] = ['a', 'b'].map((id) => service(id));
    a.connections.allowTo(b, Access.all(), ONE);
    new Ingress(chart, 'in', { mesh, hosts: ['shop.example.com'] }).route(b, TWO);
    expect(timeouts(planOf('b').httpRules)).toEqual([['*', 1]]);
    expect(timeouts(mesh.plan.ingresses[0].httpRules)).toEqual([['*', 2]]);
  });

  test('of one caller may differ by request, the most specific first', () => {
    const { service, planOf } = setUp();
    const [a, b, c] = ['a', 'b'].map((id) => service(id)).concat(service('c', Port.http(8080), Port.http(9090), Port.tcp(1)));
    a.connections.allowTo(c, Access.http({ methods: [MethodMatch.GET, MethodMatch.HEAD] }), ONE);
    a.connections.allowTo(c, Access.http({ methods: [MethodMatch.POST], paths: [PathMatch.prefix('/orders')] }), TWO);
    a.connections.allowTo(c, Access.ports(9090, 1));
    b.connections.allowTo(c, Access.http({ methods: [MethodMatch.GET] }), ONE);
    c.addRoute({ matches: [{ path: PathMatch.prefix('/orders') }], requestHeaders: { removeHeaders: ['x'] } });
    const shown = planOf('c').httpRules.map(({ matches, clients, policy }) => [
      matches.map(({ method, path, servicePort }) => [method, path, servicePort].filter((part) => part !== undefined).join(' ')).join(' | '),
      clients?.map(({ identity }) => identity!.serviceAccountName).join() ?? '*', policy.timeout?.toSeconds(),
    ]);
    expect(shown).toEqual([
      ['POST prefix /orders', 'a', 2], ['prefix /orders 9090', 'a', undefined], ['GET prefix /orders', 'a', 1], ['HEAD prefix /orders', 'a', 1],
      ['prefix /orders', 'b', 1], ['prefix /orders', '*', undefined],
      ['POST prefix /orders', 'a', 2], ['9090', 'a', undefined], ['GET', 'a', 1], ['HEAD', 'a', 1], ['', 'b', 1], ['', '*', undefined],
    ]);
  });

  test.each<[string, Access, Access, string]>([
    ['the same requests', Access.http({ methods: [MethodMatch.GET] }), Access.http({ methods: [MethodMatch.GET] }), 'give edges for the same requests the same ones, or tell the requests apart by path, method, header or port'],
    ['requests that only their tokens tell apart', Access.all(), Access.http({ claims: [ClaimMatch.oneOf('role', 'admin')] }), 'tell them apart by path, method, header or port, as claims are not seen by the proxy of the caller'],
  ])('of one caller for %s are the same', (_, one, other, fix) => {
    const { chart, service } = setUp();
    const [a, b] = ['a', 'b'].map((id) => service(id));
    b.requireJwt(Jwt.issuedBy('https://login.example.com'));
    a.connections.allowTo(b, one, { retries: Retries.attempts(2) });
    a.connections.allowTo(b, other, { retries: Retries.none() });
    expect(errorOf(() => namesOf(chart))).toMatchObject({
      code: 'MESH-E027', constructPath: 'shop/b', what: 'two edges of one caller (shop/a) with different timeouts or retries', fix,
    });
  });

  test('cannot be those of callers whose proxies nobody can name', () => {
    const { chart, service } = setUp(AccessMode.OPEN);
    service('a').connections.allowFrom(Peer.namespace('x'), Access.all(), ONE);
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E018', constructPath: 'shop/a', what: 'timeout or retries for calls from namespace x, whose proxies cannot be named' });
  });

  test('are refused at once when they make no sense', () => {
    const { chart, mesh, service } = setUp();
    const pay = new ExternalService(chart, 'pay', { mesh, hosts: ['pay.example.com'], ports: [Port.http(80)] });
    for (const target of [service('a'), pay]) {
      expect(errorOf(() => service(`caller-of-${target.serviceName}`).connections.allowTo(target, Access.all(), { timeout: Duration.millis(0) }))).toMatchObject({ code: 'MESH-E010', constructPath: `shop/${target.serviceName}` });
    }
  });

  test('mean nothing for ports without requests', () => {
    const { chart, service } = setUp();
    service('a').connections.allowTo(service('redis', Port.tcp(6379)), Access.all(), ONE);
    expect(errorOf(() => namesOf(chart))).toMatchObject({ code: 'MESH-E018', constructPath: 'shop/redis', what: 'routes, timeouts or retries for shop/redis, whose ports carry no requests that a mesh can see' });
  });

  test('hold for calls to external services as well', () => {
    const { chart, mesh, service } = setUp();
    const pay = new ExternalService(chart, 'pay', { mesh, hosts: ['pay.example.com'], ports: [Port.http(80)], timeout: Duration.seconds(5) });
    service('a').connections.allowTo(pay, Access.all(), ONE);
    service('b').connections.allowTo(pay);
    namesOf(chart);
    expect(timeouts(mesh.plan.externals[0].httpRules)).toEqual([['a', 1], ['*', 5]]);
  });
});

describe('ports of an edge', () => {
  test('are those that it is about', () => {
    const { service, planOf } = setUp();
    const [a, b] = [service('a'), service('b', Port.http(80), Port.tcp(90), Port.grpc(100))];
    a.connections.allowTo(b, Access.http({ headers: [HeaderMatch.present('x')] }));
    a.connections.allowTo(b, Access.ports(90));
    expect(planOf('a').outbound.map(({ ports }) => ports.map(String))).toEqual([['http 80', 'grpc 100'], ['tcp 90']]);
  });
});

describe('plans', () => {
  test('do not depend on the order of declarations', () => {
    const plan = (reversed: boolean) => {
      const { chart, mesh, service } = setUp();
      const ids = ['a', 'b', 'c', 'd'];
      const services = new Map((reversed ? [...ids].reverse() : ids).map((id) => [id, service(id)]));
      const load = new MeshedWorkload(chart, 'load', { mesh, image: 'load' });
      const steps = [
        ...ids.slice(1).map((id, index) => () => services.get(id)!.connections.allowTo(services.get('a')!, Access.ports(8080), index === 1 ? TWO : ONE)),
        () => load.connections.allowTo(services.get('b')!),
        () => load.connections.allowTo(services.get('d')!),
        () => services.get('a')!.connections.allowFrom(Peer.namespace('x')),
        () => services.get('b')!.addRoute({ matches: [{ path: PathMatch.exact('/x') }], timeout: Duration.seconds(1) }),
        () => services.get('b')!.addRoute({ matches: [{ path: PathMatch.exact('/y') }], timeout: Duration.seconds(2) }),
      ];
      (reversed ? steps.reverse() : steps).forEach((step) => step());
      namesOf(chart);
      return mesh.plan.services.map(({ serviceName, inbound, outbound, httpRules }) => ({
        serviceName,
        inbound: inbound.map(({ caller, access }) => [caller.identity?.spiffeId ?? caller.namespace, access.toString()]),
        outbound: outbound.map(({ host }) => host),
        rules: httpRules.map(({ matches, clients, policy }) => [
          matches.map((match) => match.path?.toString()), clients?.map(({ identity }) => identity!.spiffeId), policy.timeout?.toSeconds(),
        ]),
      }));
    };
    expect(plan(true)).toEqual(plan(false));
  });
});
