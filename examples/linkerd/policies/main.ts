import { parseArgs } from 'node:util';
import { App, Chart, Duration } from 'cdk8s';
import { gatewayapi, linkerd, MeshedService, PathMatch, Port } from 'cdk8s-mesh';

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });
const mesh = new linkerd.LinkerdMesh(chart, 'mesh');

const cart = new MeshedService(chart, 'cart', { mesh, image: 'registry.example.com/cart:1.4.2', ports: [Port.http(80, { targetPort: 8080 })] });
const web = new MeshedService(chart, 'web', { mesh, image: 'registry.example.com/web:1.0.0', ports: [Port.http(80, { targetPort: 8080 })] });
web.connections.allowTo(cart);

mesh.tuneCalls(cart, linkerd.CallSettings.of({ responseTimeout: Duration.seconds(2), failureAccrual: linkerd.FailureAccrual.consecutive({ maxFailures: 5 }) }));
linkerd.ProxySettings.of({ nativeSidecar: true, telemetry: { accessLog: linkerd.AccessLogFormat.JSON } }).applyToService(cart);

// An admin port that no Service names: tools may read it, and the kubelet may probe it.
const admin = new linkerd.Server(chart, 'admin', {
  pods: linkerd.LabelSelector.service(cart), port: linkerd.ServerPort.number(9000), proxyProtocol: linkerd.ProxyProtocol.HTTP1,
});
const probes = new gatewayapi.HttpRoute(chart, 'probes', { parents: [admin.routeParent], rules: [{ matches: [{ path: PathMatch.exact('/ready') }] }] });
const reading = new gatewayapi.HttpRoute(chart, 'reading', { parents: [admin.routeParent], rules: [{ matches: [{ path: PathMatch.prefix('/stats') }] }] });
const kubelet = new linkerd.NetworkAuthentication(chart, 'kubelet', { networks: [{ cidr: '10.128.0.0/16' }] });
const tools = new linkerd.MeshTlsAuthentication(chart, 'tools', { clients: [linkerd.ClientIdentity.namespace('tools')] });
new linkerd.AuthorizationPolicy(chart, 'let-probe', { target: linkerd.PolicyTarget.httpRoute(probes), authentications: [linkerd.AuthenticationRef.network(kubelet)] });
new linkerd.AuthorizationPolicy(chart, 'let-read', { target: linkerd.PolicyTarget.httpRoute(reading), authentications: [linkerd.AuthenticationRef.meshTls(tools)] });
new linkerd.HttpLocalRateLimitPolicy(chart, 'limit', { server: admin, totalRequestsPerSecond: 100, clientRequestsPerSecond: 10 });

const outside = new linkerd.EgressNetwork(chart, 'outside', { traffic: linkerd.EgressTraffic.DENY });
new gatewayapi.TlsRoute(chart, 'payments', { parents: [outside.routeParent(443)], hostnames: ['api.payments.example.com'], backends: [outside.routeBackend(443)] });

new linkerd.ExternalWorkload(chart, 'vm', {
  metadata: { labels: { app: 'legacy' } }, identity: 'spiffe://root.linkerd.cluster.local/vm', serverName: 'vm.example.com', ip: '192.0.2.10', ports: [{ port: 8080, portName: 'http' }],
});
new linkerd.Link(chart, 'west', { metadata: { name: 'west' }, clusterName: 'west' });

app.synth();
