import { parseArgs } from 'node:util';
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { CircuitBreaker, istio, MeshedService, Port, Retries } from 'cdk8s-mesh';

const {
  ClientCertificate, ClientTls, DestinationRule, EgressHost, Host, OutboundTraffic, RouteTarget, ServerTrust, ServiceEntry, ServiceResolution, Sidecar, VirtualService, Visibility,
  WireProtocol, WorkloadEntry, WorkloadGroup, WorkloadSelector,
} = istio;

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'egress', { namespace: 'shop', disableResourceNameHashes: true });
new kplus.Namespace(chart, 'namespace', { metadata: { name: 'shop' } });
const mesh = new istio.IstioMesh(chart, 'mesh');
const exportTo = Visibility.ownNamespace();

const checkout = new MeshedService(chart, 'checkout', { mesh, image: 'registry.example.com/checkout:3.1.0', ports: [Port.http(8080)] });

// The application speaks TLS by itself: the proxy sees the server name, and nothing else.
new ServiceEntry(chart, 'maps', { hosts: [Host.fqdn('maps.example.com')], ports: [Port.tls(443)], exportTo });

// DNS cannot be asked for a wildcard: connections go where the application looked them up.
new ServiceEntry(chart, 'storage', {
  hosts: [Host.fqdn('*.storage.example.com')], ports: [Port.tls(443)], resolution: ServiceResolution.passthrough(), exportTo,
});

// The application speaks plain HTTP, and the proxy adds TLS: retries and timeouts work, and the certificate of the client stays out of the pod.
const payments = new ServiceEntry(chart, 'payments', { hosts: [Host.fqdn('api.payments.example.com')], ports: [Port.http(80, { targetPort: 443 })], exportTo });
const [paymentsHost] = payments.hosts;
new DestinationRule(chart, 'payments-tls', {
  host: paymentsHost,
  callers: WorkloadSelector.service(checkout),
  exportTo,
  policy: {
    circuitBreaker: CircuitBreaker.consecutiveErrors(5),
    ports: [{
      servicePort: 80,
      tls: ClientTls.mutual(ClientCertificate.files('/etc/payments/tls.crt', '/etc/payments/tls.key'), ServerTrust.system(), {
        serverName: 'api.payments.example.com', certificateNames: ['api.payments.example.com'],
      }),
    }],
  },
});
new VirtualService(chart, 'payments-calls', {
  hosts: [paymentsHost],
  exportTo,
  httpRoutes: [{ destinations: [RouteTarget.host(paymentsHost, { servicePort: 80 })], timeout: Duration.seconds(5), retries: Retries.attempts(2) }],
});

// A database at fixed addresses.
new ServiceEntry(chart, 'orders-db', {
  hosts: [Host.fqdn('orders-db.example.com')],
  ports: [Port.tcp(27017, { name: 'mongo' })],
  wireProtocols: { mongo: WireProtocol.MONGO },
  addresses: ['240.240.1.1'],
  resolution: ServiceResolution.addresses({ address: '192.0.2.10', locality: 'eu-west/a' }, { address: '192.0.2.11', locality: 'eu-west/b' }),
  exportTo,
});

// Virtual machines in the mesh, written down or registering by themselves.
const machines = WorkloadSelector.labels({ app: 'ledger' });
new ServiceEntry(chart, 'ledger', {
  hosts: [Host.fqdn('ledger.vm.example.com')],
  ports: [Port.http(80, { targetPort: 8080 })],
  location: istio.ServiceLocation.INTERNAL,
  resolution: ServiceResolution.workloads(machines),
});
new WorkloadEntry(chart, 'ledger-vm', { address: '192.0.2.20', labels: machines.matchLabels, serviceAccountName: 'ledger', network: 'vm-network' });
new WorkloadGroup(chart, 'ledger-vms', {
  template: { labels: machines.matchLabels, serviceAccountName: 'ledger', network: 'vm-network' },
  labels: machines.matchLabels,
  probe: istio.HealthProbe.http(8080, '/healthz', { period: Duration.seconds(5) }),
});

// Hosts that nobody declared are refused. An application can go around its proxy, so this is no security boundary.
new Sidecar(chart, 'scope', {
  workloads: WorkloadSelector.service(checkout),
  egress: [{ hosts: [EgressHost.ownNamespace(), EgressHost.namespace('istio-system')] }],
  outbound: OutboundTraffic.REGISTRY_ONLY,
});

app.synth();
