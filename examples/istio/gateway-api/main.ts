import { parseArgs } from 'node:util';
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { AccessMode, gatewayapi, HeaderMatch, istio, MeshedService, MethodMatch, PathMatch, PathRewrite, Percent, Port, Redirect, Weight } from 'cdk8s-mesh';

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const edge = new Chart(app, 'edge', { namespace: 'edge', disableResourceNameHashes: true });
const shop = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });
['edge', 'shop'].forEach((name) => new kplus.Namespace(edge, `namespace-${name}`, { metadata: { name } }));

const mesh = new istio.IstioMesh(shop, 'mesh', { access: AccessMode.OPEN });
const service = (name: string, ...ports: Port[]) => new MeshedService(shop, name, { mesh, image: `registry.example.com/${name}:1.0.0`, ports });
const web = service('web', Port.http(80, { targetPort: 8080 }));
const webCanary = service('web-canary', Port.http(80, { targetPort: 8080 }));
const cart = service('cart', Port.grpc(7070));
const cartNext = service('cart-next', Port.grpc(7070));
const vault = service('vault', Port.tls(8443));
const database = service('database', Port.tcp(5432));

const { AllowedRoutes, CertificateRef, Listener, NamespaceSelector, RouteBackend, RouteMirror, RouteParent } = gatewayapi;

// One gateway, to which routes of the shop may attach.
const routes = AllowedRoutes.namespaces(NamespaceSelector.names('shop'));
const gateway = new gatewayapi.Gateway(edge, 'gateway', {
  className: 'istio',
  listeners: [
    Listener.http({ hostname: 'shop.example.com', routes }),
    Listener.https([CertificateRef.secret('shop-cert')], { hostname: 'shop.example.com', routes }),
    Listener.tlsPassthrough({ port: 8443, hostname: 'vault.example.com', routes }),
    Listener.tcp(5432, { routes }),
  ],
});
new kplus.Secret(edge, 'cert', { metadata: { name: 'shop-cert' }, type: 'kubernetes.io/tls', stringData: { 'tls.crt': '', 'tls.key': '' } });

new gatewayapi.HttpRoute(shop, 'to-https', {
  parents: [RouteParent.gateway(gateway, { listenerName: 'http' })], hostnames: ['shop.example.com'], rules: [{ redirect: Redirect.toHttps() }],
});

const web443 = new gatewayapi.HttpRoute(shop, 'web-route', {
  parents: [RouteParent.gateway(gateway, { listenerName: 'https' })],
  hostnames: ['shop.example.com'],
  rules: [{
    ruleName: 'testers',
    matches: [{ headers: [HeaderMatch.exact('x-tester', 'true')] }],
    backends: [RouteBackend.service(webCanary)],
  }],
});
web443.addRule({
  ruleName: 'legacy',
  matches: [{ path: PathMatch.prefix('/old'), method: MethodMatch.GET }],
  pathRewrite: PathRewrite.prefix('/new'),
  backends: [RouteBackend.service(web)],
});
web443.addRule({
  ruleName: 'everybody',
  backends: [RouteBackend.service(web, { weight: Weight.of(90) }), RouteBackend.service(webCanary, { weight: Weight.of(10) })],
  mirrors: [RouteMirror.to(RouteBackend.service(webCanary), Percent.of(1))],
  responseHeaders: { setHeaders: { 'strict-transport-security': 'max-age=31536000' } },
  timeout: Duration.seconds(10),
});

// Calls within the mesh: the parent is the service that is called.
new gatewayapi.GrpcRoute(shop, 'cart-route', {
  parents: [RouteParent.service(cart, 7070)],
  rules: [
    { matches: [{ call: gatewayapi.GrpcCall.method('shop.v1.Cart', 'AddItem') }], backends: [RouteBackend.service(cartNext)] },
    { backends: [RouteBackend.service(cart)] },
  ],
});

// Connections: by the name that TLS begins with, and by port alone.
new gatewayapi.TlsRoute(shop, 'vault-route', {
  parents: [RouteParent.gateway(gateway, { listenerName: 'tls-8443' })], hostnames: ['vault.example.com'], backends: [RouteBackend.service(vault)],
});
new gatewayapi.TcpRoute(shop, 'database-route', { parents: [RouteParent.gateway(gateway, { port: 5432 })], backends: [RouteBackend.service(database)] });

// A route of the edge into the shop: the grant that it needs is emitted in the shop.
new gatewayapi.HttpRoute(edge, 'status', {
  parents: [RouteParent.of({ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'internal' })],
  rules: [{ matches: [{ path: PathMatch.exact('/status') }], backends: [RouteBackend.service(web)] }],
});
new gatewayapi.Gateway(edge, 'internal', { metadata: { name: 'internal' }, className: 'istio', listeners: [Listener.http()] });

// The gateway calls the vault with TLS of its own.
new gatewayapi.BackendTlsPolicy(shop, 'vault-tls', {
  targets: [gatewayapi.TlsBackend.service(vault, 8443)], hostname: 'vault.example.com', authorities: gatewayapi.ServerAuthorities.system(),
});

app.synth();
