import * as assert from 'assert/strict';
import { AccessMode, ClaimMatch, gatewayapi, HeaderMatch, istio, Jwt, MethodMatch, MtlsMode, PathMatch } from '../../../../src';
import { LabRequest } from '../../lab/agent/protocol';
import { Workload } from '../../lab/workload';
import { SuiteContext } from '../../suite';
import { TokenIssuer } from '../json-web-token';
import { RunningShop, Shop, ShopProps } from '../shop';

const { AuthorizationAction, AuthorizationCondition, AuthorizationPolicy, Host, PeerAuthentication, PolicyPort, RequestAuthentication, WorkloadSelector } = istio;
const { AllowedRoutes, HttpRoute, Listener, NamespaceSelector, RouteBackend, RouteParent } = gatewayapi;

/** Everybody may call, unless a policy of the scenario says otherwise. */
const OPEN: ShopProps = { api: { access: AccessMode.OPEN }, copy: { access: AccessMode.OPEN } };
/** Routes of the shop may attach to it. */
const LISTENER = Listener.http({ hostname: 'shop.example.com', routes: AllowedRoutes.namespaces(NamespaceSelector.names('shop')) });
/** The status of an answer, or that there was none. */
type Outcome = number | 'refused';

/** Policies and routes written with the constructs for single kinds, in force in real proxies. */
export async function checkPolicies(t: SuiteContext, shop: RunningShop): Promise<void> {
  const { client, other, outsider } = shop;
  const api = (request: Partial<LabRequest> = {}) => shop.to('api', request);
  const tcp = api({ speak: 'tcp', port: 9000 });
  const outcomes = async (...table: readonly (readonly [from: Workload, request: LabRequest, expected: Outcome])[]) => {
    const seen: Outcome[] = [];
    for (const [from, request] of table) {
      const { answer, seen: arrived } = await shop.ask(from, request);
      seen.push(request.speak === 'tcp' ? (arrived.length > 0 ? 200 : 'refused') : answer.status ?? 'refused');
    }
    assert.deepEqual(seen, table.map(([, , expected]) => expected));
    return `${table.length} calls`;
  };
  const open = async (declare: (it: Shop, pods: istio.WorkloadSelector) => void) =>
    shop.open((it) => declare(it, WorkloadSelector.service(it.api)), OPEN);

  await t.check('a policy lets in by caller, method, path, host and the number of the Service port, and nothing else', async () => {
    await open((it, selector) => new AuthorizationPolicy(it.chart, 'policy', {
      selector,
      rules: [{
        sources: [{ identities: [it.client.identity] }],
        operations: [{
          methods: [MethodMatch.GET], paths: [PathMatch.prefix('/orders'), PathMatch.template('/carts/{*}/items')], hosts: ['api.shop'], ports: [PolicyPort.service(80)],
        }],
      }],
    }));
    return outcomes(
      [client, api({ path: '/orders' }), 200], [client, api({ path: '/orders/7?x=1' }), 200], [client, api({ path: '/carts/3/items' }), 200],
      [client, api({ path: '/orders', host: 'api.shop:80' }), 200], [client, api({ path: '/orders', host: 'API.shop:8080' }), 200],
      [client, api({ path: '/ordersx' }), 403], [client, api({ path: '/carts/3/4/items' }), 403], [client, api({ path: '/orders', method: 'POST' }), 403],
      [client, api({ path: '/orders', host: 'api.shop.svc' }), 403], [other, api({ path: '/orders' }), 403], [client, tcp, 'refused'],
    );
  });

  await t.check('a refusal by path refuses requests, and leaves connections alone', async () => {
    await open((it, selector) => new AuthorizationPolicy(it.chart, 'policy', {
      action: AuthorizationAction.DENY,
      selector,
      rules: [{
        operations: [{ paths: [PathMatch.prefix('/admin')] }],
        conditions: [AuthorizationCondition.not(AuthorizationCondition.header(HeaderMatch.exact('x-network', 'office')))],
      }],
    }));
    return outcomes(
      [client, api({ path: '/admin' }), 403], [client, api({ path: '/admin/x' }), 403], [client, api({ path: '/administrators' }), 200],
      [client, api({ path: '/admin', headers: { 'x-network': 'office' } }), 200], [client, tcp, 200], [client, shop.to('copy', { path: '/admin' }), 200],
    );
  });

  await t.check('a policy that allows nothing refuses all, one that is tried refuses nothing', async () => {
    await open((it, selector) => new AuthorizationPolicy(it.chart, 'policy', { selector, action: AuthorizationAction.ALLOW_NOTHING }));
    await outcomes([client, api(), 403], [client, tcp, 'refused'], [client, shop.to('copy'), 200]);
    await open((it, selector) => new AuthorizationPolicy(it.chart, 'policy', { selector, action: AuthorizationAction.DENY, dryRun: true, rules: [{ everything: true }] }));
    return outcomes([client, api(), 200], [client, tcp, 200]);
  });

  await t.check('mutual TLS is asked for, but for the port that is excepted by the number of the Service', async () => {
    const straight = (port: number): LabRequest => ({ address: shop.app.pod('api-v1').ip, port });
    await open((it, selector) => new PeerAuthentication(it.chart, 'policy', {
      selector, mode: MtlsMode.STRICT, ports: [{ port: PolicyPort.service(80), mode: MtlsMode.PERMISSIVE }],
    }));
    await outcomes([outsider, straight(8080), 200], [outsider, straight(7070), 'refused'], [client, api(), 200], [client, tcp, 200]);
    await open((it, selector) => new PeerAuthentication(it.chart, 'policy', { selector, mode: MtlsMode.STRICT }));
    return outcomes([outsider, straight(8080), 'refused'], [client, api(), 200]);
  });

  await t.check('a required token is required in requests, but for public paths, and must hold its claims', async () => {
    const issuer = new TokenIssuer('https://login.example.com');
    const impostor = new TokenIssuer('https://login.example.com');
    await open((it, selector) => new RequestAuthentication(it.chart, 'tokens', {
      selector,
      rules: [{ jwt: Jwt.issuedBy(issuer.issuer, { jwks: issuer.keySet }), headers: [{ name: 'x-token', prefix: 'Token ' }], claimHeaders: { 'x-role': 'role' } }],
    }).requireJwt({ publicPaths: [PathMatch.prefix('/public')], claims: [ClaimMatch.oneOf('role', 'clerk', 'admin')] }));
    const bearing = (token: string, path = '/') => api({ path, headers: { 'x-token': `Token ${token}` } });
    await outcomes(
      [client, bearing(issuer.token({ role: 'clerk' })), 200], [client, bearing(issuer.token({ role: ['guest', 'admin'] })), 200],
      [client, bearing(issuer.token({ role: 'guest' })), 403], [client, bearing(issuer.token()), 403], [client, api(), 403],
      [client, bearing(impostor.token({ role: 'clerk' })), 401], [client, bearing('no.such.token', '/public'), 401],
      [client, api({ path: '/public/x' }), 200], [client, api({ path: '/publicx' }), 403], [client, tcp, 200], [client, shop.to('copy'), 200],
    );
    const { seen } = await shop.ask(client, bearing(issuer.token({ role: 'clerk' })));
    assert.equal(seen[0]?.headers['x-role'], 'clerk');
  });

  await t.check('routes of the Gateway API go where they say, from a gateway and within the mesh', async () => {
    const { Gateway, GatewayAddress } = gatewayapi;
    await open((it) => {
      const gateway = new Gateway(it.chart, 'web', {
        className: 'istio',
        metadata: { namespace: 'istio-system' },
        addresses: [GatewayAddress.hostname('istio-ingressgateway.istio-system.svc.cluster.local')],
        listeners: [LISTENER],
      });
      shopRoutes(it, gateway);
      new HttpRoute(it.chart, 'testers', {
        parents: [RouteParent.service(it.api, 80)],
        rules: [
          { matches: [{ headers: [HeaderMatch.exact('x-tester', 'yes')] }], backends: [RouteBackend.service(it.copy, { servicePort: 80 })] },
          { backends: [RouteBackend.service(it.api, { servicePort: 80 })] },
        ],
      });
    });
    const by = async (from: Workload, request: LabRequest) => (await shop.ask(from, request)).seen[0]?.workload.split(/[-.]/)[0];
    const outside = (path: string) => shop.throughGateway('shop.example.com', { path });
    assert.deepEqual([await by(outsider, outside('/')), await by(outsider, outside('/copy/x')), await by(outsider, outside('/copyx'))], ['api', 'copy', 'api']);
    assert.deepEqual([await by(client, api()), await by(client, api({ headers: { 'x-tester': 'yes' } }))], ['api', 'copy']);
    return outcomes([outsider, shop.throughGateway('other.example.com'), 404]);
  });

  await t.check('a policy at a gateway is enforced on the ports of its listeners', async () => {
    const label = { 'gateway.networking.k8s.io/gateway-name': 'edge' };
    await shop.lab.addServices({ name: 'edge-istio', namespace: 'istio-system', selector: label, ports: [{ name: 'http', port: 80, targetPort: 80 }] });
    const [edge] = await shop.lab.addWorkloads({ name: 'edge', namespace: 'istio-system', proxy: 'gateway', labels: label, serviceAccount: 'edge-istio' });
    await shop.lab.settle();
    await open((it) => {
      const gateway = new gatewayapi.Gateway(it.chart, 'edge', { className: 'istio', metadata: { name: 'edge', namespace: 'istio-system' }, listeners: [LISTENER] });
      shopRoutes(it, gateway);
      new AuthorizationPolicy(it.chart, 'policy', {
        metadata: { namespace: 'istio-system' },
        action: AuthorizationAction.DENY,
        targets: [istio.PolicyTarget.gateway(gateway)],
        rules: [{ operations: [{ paths: [PathMatch.prefix('/admin')], hosts: ['shop.example.com'] }] }],
      });
    });
    const ask = (path: string, host = 'shop.example.com'): LabRequest => ({ address: edge.ip, port: 80, host, path });
    return outcomes(
      [outsider, ask('/admin/x'), 403], [outsider, ask('/admin', 'shop.example.com:80'), 403], [outsider, ask('/administrators'), 200], [outsider, ask('/copy'), 200],
    );
  });

  await t.check('a script runs in the proxies of the pods that it is for', async () => {
    await open((it, selector) => new istio.TrafficExtension(it.chart, 'script', {
      selector, filter: istio.TrafficFilter.lua('function envoy_on_response(handle) handle:headers():add("x-served-by", "lua") end'),
    }));
    const [answer, plain] = [(await shop.ask(client, api())).answer, (await shop.ask(client, shop.to('copy'))).answer];
    assert.deepEqual([answer.headers['x-served-by'], plain.headers['x-served-by']], ['lua', undefined]);
  });

  await t.check('the calls of a custom policy are refused as long as its provider is not in the configuration of the mesh, and others are not', async () => {
    await open((it, selector) => new AuthorizationPolicy(it.chart, 'policy', {
      action: AuthorizationAction.custom(istio.ExtensionProvider.externalAuthorizationHttp('nobody', { host: Host.service(it.copy), port: 80 })),
      selector,
      rules: [{ operations: [{ paths: [PathMatch.prefix('/partners')] }] }],
    }));
    return outcomes([client, api({ path: '/partners/x' }), 403], [client, api({ path: '/others' }), 200]);
  });
}

/** What comes in by a gateway goes to `api`, and what is below `/copy` to `copy`. */
function shopRoutes({ chart, api, copy }: Shop, gateway: gatewayapi.Gateway): void {
  new HttpRoute(chart, 'routes', {
    parents: [RouteParent.gateway(gateway)],
    hostnames: ['shop.example.com'],
    rules: [
      { matches: [{ path: PathMatch.prefix('/copy') }], backends: [RouteBackend.service(copy, { servicePort: 80 })] },
      { backends: [RouteBackend.service(api, { servicePort: 80 })] },
    ],
  });
}
