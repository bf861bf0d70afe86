import { parseArgs } from 'node:util';
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { AccessMode, ClaimMatch, gatewayapi, istio, Jwt, MeshedService, MeshRules, PathMatch, Port } from 'cdk8s-mesh';

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });
new kplus.Namespace(chart, 'namespace', { metadata: { name: 'shop' } });

const mesh = new istio.IstioMesh(chart, 'mesh', { access: AccessMode.OPEN });
const ports = [Port.http(80, { targetPort: 8080 })];
const web = new MeshedService(chart, 'web', { mesh, image: 'registry.example.com/web:1.0.0', ports });
const orders = new MeshedService(chart, 'orders', { mesh, image: 'registry.example.com/orders:1.0.0', ports });
const catalog = new MeshedService(chart, 'catalog', { mesh, image: 'registry.example.com/catalog:1.0.0', ports });

const customers = Jwt.issuedBy('https://login.example.com', { audiences: ['shop'], jwksUri: 'https://login.example.com/.well-known/jwks.json', forwardToken: true });
const machines = Jwt.issuedBy('https://machines.example.com', { jwksUri: 'https://machines.example.com/keys', headers: ['x-machine-token'] });

// The short way, for a service of this app.
catalog.requireJwt(customers);

// All that Istio can do. Both resources are emitted: one says which tokens are good, the other refuses requests without one.
const tokens = new istio.RequestAuthentication(chart, 'orders-tokens', {
  selector: istio.WorkloadSelector.service(orders),
  rules: [
    { jwt: customers, cookies: ['session'], headers: [{ name: 'Authorization', prefix: 'Bearer ' }], claimHeaders: { 'x-customer': 'sub', 'x-tenant': 'org.tenant' }, timeout: Duration.seconds(2) },
    { jwt: machines },
  ],
});
tokens.requireJwt({
  publicPaths: [PathMatch.exact('/healthz')],
  claims: [ClaimMatch.oneOf('scope', 'orders.read', 'orders.write')],
});

// Only clerks see the invoices. The claim is looked at where the token was checked.
new istio.AuthorizationPolicy(chart, 'invoices', {
  action: istio.AuthorizationAction.DENY,
  selector: istio.WorkloadSelector.service(orders),
  rules: [{
    operations: [{ paths: [PathMatch.prefix('/invoices')] }],
    conditions: [istio.AuthorizationCondition.not(istio.AuthorizationCondition.claim(ClaimMatch.oneOf('realm_access.roles', 'clerk')))],
  }],
});

// At the gateway tokens are looked at early, and optional: the services behind decide.
const gateway = new gatewayapi.Gateway(chart, 'edge', { className: 'istio', listeners: [gatewayapi.Listener.http({ hostname: 'shop.example.com' })] });
new gatewayapi.HttpRoute(chart, 'web-route', {
  parents: [gatewayapi.RouteParent.gateway(gateway)], rules: [{ backends: [gatewayapi.RouteBackend.service(web)] }],
});
const edgeTokens = new istio.RequestAuthentication(chart, 'edge-tokens', {
  targets: [istio.PolicyTarget.gateway(gateway)],
  rules: [{ jwt: customers, cookies: ['session'], payloadHeader: 'x-claims', spaceDelimitedClaims: ['roles'] }],
  tokensOptional: true,
});
MeshRules.suppress(edgeTokens, 'MESH0304', { reason: 'the services behind the gateway decide' });

app.synth();
