import { parseArgs } from 'node:util';
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { AccessMode, HeaderMatch, istio, MeshedService, MethodMatch, MtlsMode, PathMatch, Port } from 'cdk8s-mesh';

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });
['shop', 'ops', 'policy'].forEach((name) => new kplus.Namespace(chart, `namespace-${name}`, { metadata: { name } }));

// Here policies are written by hand. With AccessMode.DECLARED, the default, the mesh writes them for the declared connections.
const mesh = new istio.IstioMesh(chart, 'mesh', { access: AccessMode.OPEN });
const image = (name: string) => `registry.example.com/${name}:1.0.0`;
const web = new MeshedService(chart, 'web', { mesh, image: image('web'), ports: [Port.http(80, { targetPort: 8080 })] });
const orders = new MeshedService(chart, 'orders', {
  mesh, image: image('orders'), ports: [Port.http(80, { targetPort: 8080 }), Port.tcp(9000, { name: 'events' })],
});
const opa = new MeshedService(chart, 'opa', { mesh, namespace: 'policy', image: 'openpolicyagent/opa:1.0.0-envoy', ports: [Port.grpc(9191)] });

// Nobody gets in whom no other policy lets in.
new istio.AuthorizationPolicy(chart, 'allow-nothing', { action: istio.AuthorizationAction.ALLOW_NOTHING });

// The web shop may read and write orders; whoever runs in the namespace ops may call the port for events.
const pods = istio.WorkloadSelector.service(orders);
const allow = new istio.AuthorizationPolicy(chart, 'orders-access', {
  selector: pods,
  rules: [{
    sources: [{ identities: [web.identity] }],
    operations: [{ methods: [MethodMatch.GET, MethodMatch.POST], paths: [PathMatch.prefix('/orders'), PathMatch.template('/carts/{*}/order')] }],
  }],
});
allow.addRule({ sources: [{ namespaces: ['ops'] }], operations: [{ ports: [istio.PolicyPort.service(9000)] }] });

// The web shop is for everybody, by its names, with or without port.
new istio.AuthorizationPolicy(chart, 'web-access', {
  selector: istio.WorkloadSelector.service(web),
  rules: [{ operations: [{ hosts: ['shop.example.com', 'web.shop.svc.cluster.local'], ports: [istio.PolicyPort.service(80)] }] }],
});

// Nobody reaches the administration without the header of the office network. It is about requests, so the port for events stays open.
new istio.AuthorizationPolicy(chart, 'no-admin', {
  action: istio.AuthorizationAction.DENY,
  selector: pods,
  rules: [{
    operations: [{ paths: [PathMatch.prefix('/orders/admin')] }],
    conditions: [istio.AuthorizationCondition.not(istio.AuthorizationCondition.header(HeaderMatch.exact('x-network', 'office')))],
  }],
});

// What a stricter policy would refuse is only reported.
new istio.AuthorizationPolicy(chart, 'trial', {
  dryRun: true,
  action: istio.AuthorizationAction.DENY,
  selector: pods,
  rules: [{ sources: [{ excluding: { identities: [web.identity] } }] }],
});

// A service of ours decides about everything below /partners, and knows the partners by their addresses behind the load balancer.
const decisions = istio.ExtensionProvider.externalAuthorizationGrpc('opa', { host: istio.Host.service(opa), port: 9191 });
new istio.AuthorizationPolicy(chart, 'partners', {
  action: istio.AuthorizationAction.custom(decisions),
  selector: istio.WorkloadSelector.service(web),
  rules: [{
    sources: [{ clientAddresses: istio.ClientAddresses.forwardedFor(1, '203.0.113.0/24') }],
    operations: [{ paths: [PathMatch.prefix('/partners')] }],
  }],
});

// A workload that is not of this app: mutual TLS, but for the port that a collector without mesh asks.
new istio.PeerAuthentication(chart, 'legacy-mtls', {
  selector: istio.WorkloadSelector.labels({ app: 'legacy' }),
  mode: MtlsMode.STRICT,
  ports: [{ port: istio.PolicyPort.container(9100), mode: MtlsMode.PERMISSIVE }],
});
new kplus.Deployment(chart, 'legacy', { podMetadata: { labels: { app: 'legacy' } }, containers: [{ image: image('legacy'), portNumber: 9100 }] });

app.synth();
