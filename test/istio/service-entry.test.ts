import { ApiObject } from 'cdk8s';
import { istio, Port } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorOf, Manifest, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { Host, ServiceEntry, ServiceLocation, ServiceResolution, Visibility, WireProtocol, WorkloadSelector } = istio;

const HOSTS = [Host.fqdn('api.example.com')];
const WILDCARD = [Host.fqdn('*.example.com')];

function render(props: Partial<istio.ServiceEntryProps> = {}): Manifest {
  const chart = chartIn(undefined, undefined, { namespace: 'shop' });
  new ServiceEntry(chart, 'entry', { hosts: HOSTS, ports: [Port.tls(443)], ...props });
  return manifestsOf(chart)[0];
}

describe('a ServiceEntry', () => {
  test('is outside of the mesh, and looked up by DNS', () => {
    expect(render()).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'test-entry', namespace: 'shop' },
      spec: { hosts: ['api.example.com'], ports: [{ name: 'tls', number: 443, protocol: 'TLS' }], location: 'MESH_EXTERNAL', resolution: 'DNS' },
    });
  });

  test('gets hosts until synth, and can be read back', () => {
    const chart = chartIn();
    const entry = new ServiceEntry(chart, 'entry', { hosts: HOSTS, ports: [Port.http(80, { targetPort: 8080 }), Port.http(81)] });
    entry.addHosts(Host.fqdn('b.example.com'));
    entry.hosts.pop();
    expect(entry.hosts.map(String)).toEqual(['api.example.com', 'b.example.com']);
    expect([entry.resolution.kind, entry.location, entry.ports.map(({ name }) => name)]).toEqual(['DNS', 'MESH_EXTERNAL', ['http-80', 'http-81']]);
    expect(manifestsOf(chart)[0].spec.ports).toEqual([{ name: 'http-80', number: 80, protocol: 'HTTP', targetPort: 8080 }, { name: 'http-81', number: 81, protocol: 'HTTP' }]);
    expect(errorOf(() => entry.addHosts(HOSTS[0]))).toMatchObject({ code: 'MESH-E031', fix: 'name every host once' });
    expect(errorOf(() => entry.addHosts(Host.any()))).toMatchObject({ code: 'MESH-E002', constructPath: 'test/entry' });
    expect(ApiObject.of(entry).kind).toBe('ServiceEntry');
  });

  test('sets every field that Istio knows', () => {
    const fixed = render({
      ports: [Port.tcp(27017, { name: 'mongo', targetPort: 27018 })],
      wireProtocols: { mongo: WireProtocol.MONGO },
      addresses: ['240.0.0.1', '10.9.0.0/16'],
      subjectAltNames: ['spiffe://cluster.local/ns/vm/sa/db'],
      location: ServiceLocation.INTERNAL,
      exportTo: Visibility.nowhere(),
      resolution: ServiceResolution.addresses({
        address: '192.0.2.7', network: 'vms', locality: 'eu/a/1', weight: 5, labels: { app: 'db' }, ports: { mongo: 30000 }, serviceAccountName: 'db',
      }),
    });
    const selected = render({ resolution: ServiceResolution.workloads(WorkloadSelector.labels({ app: 'db' })) });
    expect(unsetFields('networking.istio.io/v1', 'ServiceEntry', [fixed, selected])).toEqual([]);
    expect(fixed.spec.ports).toEqual([{ name: 'mongo', number: 27017, protocol: 'MONGO', targetPort: 27018 }]);
    expect(selected.spec).toMatchObject({ resolution: 'STATIC', workloadSelector: { labels: { app: 'db' } } });
  });

  test.each<[string, istio.ServiceResolution, Partial<istio.ServiceEntryProps>, Manifest]>([
    ['not at all', ServiceResolution.passthrough(), { hosts: WILDCARD }, { resolution: 'NONE' }],
    ['by DNS under another name', ServiceResolution.dns({ address: 'b.example.com' }), { hosts: WILDCARD }, { resolution: 'DNS', endpoints: [{ address: 'b.example.com' }] }],
    ['by DNS once for each connection', ServiceResolution.dnsRoundRobin(), {}, { resolution: 'DNS_ROUND_ROBIN' }],
    ['by DNS once under another name', ServiceResolution.dnsRoundRobin({ address: 'b.example.com' }), {}, { resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'b.example.com' }] }],
    ['by DNS for each request', ServiceResolution.dynamicDns(), { hosts: WILDCARD }, { resolution: 'DYNAMIC_DNS' }],
    ['by the names of workloads', ServiceResolution.workloads(WorkloadSelector.labels({ a: 'b' }), true), {}, { resolution: 'DNS', workloadSelector: { labels: { a: 'b' } } }],
    ['at a socket', ServiceResolution.addresses({ address: 'unix:///var/run/a.sock' }), {}, { resolution: 'STATIC', endpoints: [{ address: 'unix:///var/run/a.sock' }] }],
  ])('can be resolved %s', (_, resolution, props, spec) => {
    expect(render({ resolution, ...props }).spec).toMatchObject(spec);
  });

  test.each<[string, Partial<istio.ServiceEntryProps>, string, string]>([
    ['no hosts', { hosts: [] }, 'MESH-E030', 'name at least one'],
    ['no ports', { ports: [] }, 'MESH-E030', 'declare at least one, such as Port.http(8080)'],
    ['a wildcard that DNS should resolve', { hosts: WILDCARD }, 'MESH-E031', 'use ServiceResolution.passthrough() or ServiceResolution.dynamicDns(), or name the hosts one by one'],
    ['two hosts of one byte stream', { hosts: [...HOSTS, Host.fqdn('b.example.com')], ports: [Port.tcp(9000)] }, 'MESH-E031', 'give every host a ServiceEntry of its own, or declare the port with Port.tls() or Port.http()'],
    ['a block of addresses with DNS', { addresses: ['10.0.0.0/8'] }, 'MESH-E031', 'use ServiceResolution.passthrough() or ServiceResolution.addresses()'],
    ['an address that is none', { addresses: ['10.0.0.256'] }, 'MESH-E032', 'use IP addresses or CIDR blocks such as "10.0.0.0/8"'],
    ['a name among addresses', { resolution: ServiceResolution.addresses({ address: 'a.example.com' }) }, 'MESH-E032', 'use ServiceResolution.dns(), or give IP addresses'],
    ['a socket among names', { resolution: ServiceResolution.dns({ address: 'unix:///a' }) }, 'MESH-E032', 'use ServiceResolution.addresses(), or give names or IP addresses'],
    ['a socket of two ports', { ports: [Port.tcp(1), Port.tcp(2)], resolution: ServiceResolution.addresses({ address: 'unix:///a' }) }, 'MESH-E031', 'declare exactly one port'],
    ['an endpoint with a port of its own', { resolution: ServiceResolution.addresses({ address: '192.0.2.1', ports: { web: 1 } }) }, 'MESH-E005', 'name one of tls'],
    ['one host of many names', { resolution: ServiceResolution.dynamicDns() }, 'MESH-E031', 'use ServiceResolution.dns()'],
    ['addresses of many names', { hosts: WILDCARD, addresses: ['10.0.0.1'], resolution: ServiceResolution.dynamicDns() }, 'MESH-E031', 'leave addresses out'],
    ['a byte stream of many names', { hosts: WILDCARD, ports: [Port.tcp(1)], resolution: ServiceResolution.dynamicDns() }, 'MESH-E031', 'declare the port with Port.http(), Port.http2(), Port.grpc() or Port.tls()'],
    ['a protocol for no port', { wireProtocols: { web: WireProtocol.MONGO } }, 'MESH-E005', 'name one of tls'],
    ['a protocol that the port cannot carry', { wireProtocols: { tls: WireProtocol.MONGO } }, 'MESH-E031', 'declare the port with Port.tcp()'],
  ])('refuses %s', (_, props, code, fix) => {
    expect(errorOf(() => render(props))).toMatchObject({ code, fix });
  });

  test('needs addresses when they are said to be fixed', () => {
    expect(errorOf(() => ServiceResolution.addresses())).toMatchObject({ code: 'MESH-E030', fix: 'name at least one, or use ServiceResolution.dns() or ServiceResolution.workloads()' });
  });
});
