import { parseArgs } from 'node:util';
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { AccessMode, certmanager, ClaimMatch, istio, Jwt, MeshedService, PathMatch, Port } from 'cdk8s-mesh';

const { Gateway, GatewayServer, Host, ProxyConfig, RouteTarget, ServerCertificate, ServerTls, TlsVersion, VirtualService, WorkloadSelector } = istio;

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'gateways', { namespace: 'shop', disableResourceNameHashes: true });
new kplus.Namespace(chart, 'namespace', { metadata: { name: 'shop' } });
const mesh = new istio.IstioMesh(chart, 'mesh');

const web = new MeshedService(chart, 'web', { mesh, image: 'registry.example.com/web:2.0.1', ports: [Port.http(8080)], access: AccessMode.OPEN });
const vault = new MeshedService(chart, 'vault', { mesh, image: 'registry.example.com/vault:1.2.0', ports: [Port.tls(8200)], access: AccessMode.OPEN });

// The Secrets of the certificates must be where the pods of the gateway run, not where the Gateway stands.
for (const name of ['shop', 'partners']) {
  new certmanager.crd.Certificate(chart, `${name}-certificate`, {
    metadata: { namespace: 'istio-system' },
    spec: { secretName: `${name}-cert`, dnsNames: [`${name}.example.com`], issuerRef: { kind: 'ClusterIssuer', name: 'public' } },
  });
}

const shop = [Host.fqdn('shop.example.com')];
const partners = [Host.fqdn('partners.example.com')];
const secrets = [Host.fqdn('vault.example.com')];
const gateway = new Gateway(chart, 'edge', {
  servers: [
    GatewayServer.http({ hosts: [...shop, ...partners], redirectToHttps: true }),
    GatewayServer.https(ServerTls.simple(ServerCertificate.secret('shop-cert'), { minVersion: TlsVersion.TLS_1_2 }), { hosts: shop, routesFrom: ['.'] }),
    GatewayServer.https(ServerTls.mutual(ServerCertificate.secret('partners-cert'), { clientNames: ['partner.example.org'] }), { hosts: partners }),
  ],
});
// What the application decrypts by itself is passed on by its server name.
gateway.addServer(GatewayServer.tls(ServerTls.passthrough(), { hosts: secrets }));

new VirtualService(chart, 'shop-routes', {
  hosts: shop,
  gateways: [gateway],
  httpRoutes: [
    { matches: [{ path: PathMatch.prefix('/admin'), claims: [ClaimMatch.oneOf('groups', 'admin')] }], destinations: [RouteTarget.host(Host.service(web))] },
    { matches: [{ path: PathMatch.prefix('/shop') }], destinations: [RouteTarget.host(Host.service(web))] },
  ],
});
new VirtualService(chart, 'partners-routes', { hosts: partners, gateways: [gateway], httpRoutes: [{ destinations: [RouteTarget.host(Host.service(web))] }] });
new VirtualService(chart, 'vault-routes', {
  hosts: secrets,
  gateways: [gateway],
  tlsRoutes: [{ matches: [{ sniHosts: secrets, servicePort: 443 }], destinations: [RouteTarget.host(Host.service(vault), { servicePort: 8200 })] }],
});

// Claims are known only where tokens are checked: at the gateway itself.
new istio.RequestAuthentication(chart, 'tokens', {
  metadata: { namespace: 'istio-system' },
  selector: WorkloadSelector.labels({ istio: 'ingressgateway' }),
  rules: [{ jwt: Jwt.issuedBy('https://login.example.com') }],
  // Most pages are for everybody; the route above asks for the claim.
  tokensOptional: true,
});

new ProxyConfig(chart, 'edge-proxies', {
  metadata: { namespace: 'istio-system' }, workloads: WorkloadSelector.labels({ istio: 'ingressgateway' }), concurrency: 4,
});

app.synth();
