import { ApiObject, Duration } from 'cdk8s';
import { istio } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorOf, Manifest, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { HealthProbe, WorkloadEntry, WorkloadGroup } = istio;

const EVERYTHING: istio.WorkloadEndpoint = {
  address: '192.0.2.7', network: 'vms', locality: 'eu/a/1', weight: 5, labels: { app: 'db' }, ports: { web: 8080 }, serviceAccountName: 'db',
};

function entry(props: istio.WorkloadEntryProps): Manifest {
  const chart = chartIn();
  new WorkloadEntry(chart, 'vm', props);
  return manifestsOf(chart)[0];
}

function group(props: Partial<istio.WorkloadGroupProps> = {}): Manifest {
  const chart = chartIn();
  new WorkloadGroup(chart, 'vms', { template: {}, ...props });
  return manifestsOf(chart)[0];
}

describe('a WorkloadEntry', () => {
  test('says where a workload runs, and can be read back', () => {
    expect(entry({ address: '192.0.2.7', metadata: { labels: { a: 'b' } } })).toEqual({
      apiVersion: 'networking.istio.io/v1', kind: 'WorkloadEntry', metadata: { name: 'test-vm', labels: { a: 'b' } }, spec: { address: '192.0.2.7' },
    });
    const made = new WorkloadEntry(chartIn(), 'vm', EVERYTHING);
    expect(made.endpoint).toEqual(EVERYTHING);
    expect(ApiObject.of(made).kind).toBe('WorkloadEntry');
  });

  test('sets every field that Istio knows', () => {
    expect(unsetFields('networking.istio.io/v1', 'WorkloadEntry', [entry(EVERYTHING)])).toEqual([]);
  });

  test('keeps fields that it does not know', () => {
    expect(entry({ address: '192.0.2.7', additionalSpec: { brandNew: true } }).spec).toEqual({ address: '192.0.2.7', brandNew: true });
  });

  test.each<[string, istio.WorkloadEndpoint, string, string]>([
    ['neither address nor network', {}, 'MESH-E030', 'give its address, or the network whose gateway is called'],
    ['a short name', { address: 'vm' }, 'MESH-E002', 'give a full DNS name such as "shop.example.com"'],
    ['ports of a socket', { address: 'unix:///a', ports: { web: 1 } }, 'MESH-E031', 'leave ports out'],
    ['a socket without path', { address: 'unix://a/' }, 'MESH-E032', 'write unix:// and an absolute path or @name'],
    ['a place with a wildcard', { address: '192.0.2.7', locality: 'eu/*' }, 'MESH-E028', 'write region, region/zone or region/zone/subzone'],
    ['a port that is none', { address: '192.0.2.7', ports: { web: 0 } }, 'MESH-E003', 'use a whole number from 1 to 65535'],
    ['a negative weight', { address: '192.0.2.7', weight: -1 }, 'MESH-E028', 'use a whole number from 0 to 4294967295'],
    ['a label that is none', { address: '192.0.2.7', labels: { 'a b': 'c' } }, 'MESH-E001', 'use [prefix/]name with at most 63 letters, digits, dashes, underscores and dots in the name'],
  ])('refuses %s', (_, endpoint, code, fix) => {
    expect(errorOf(() => entry(endpoint))).toMatchObject({ code, fix, constructPath: 'test/vm' });
  });
});

describe('a WorkloadGroup', () => {
  test('needs no address, which workloads tell when they register', () => {
    expect(group({ template: { network: 'vms' } })).toEqual({
      apiVersion: 'networking.istio.io/v1', kind: 'WorkloadGroup', metadata: { name: 'test-vms' }, spec: { template: { network: 'vms' } },
    });
  });

  test('sets every field that Istio knows', () => {
    const options: istio.HealthProbeOptions = {
      initialDelay: Duration.seconds(3), period: Duration.minutes(1), timeout: Duration.seconds(2), successThreshold: 2, failureThreshold: 4,
    };
    const manifests = [
      HealthProbe.http(8080, '/healthz', { ...options, host: 'localhost', https: true, headers: { 'X-Probe': 'yes' } }),
      HealthProbe.tcp(9000, 'localhost'), HealthProbe.grpc(7070, 'ledger'), HealthProbe.command(['check', '--all']),
    ].map((probe) => group({ template: EVERYTHING, labels: { a: 'b' }, annotations: { c: 'd' }, probe }));
    expect(unsetFields('networking.istio.io/v1', 'WorkloadGroup', manifests)).toEqual([]);
    expect(manifests[0].spec.probe).toMatchObject({ initialDelaySeconds: 3, periodSeconds: 60, httpGet: { port: 8080, path: '/healthz', scheme: 'HTTPS', httpHeaders: [{ name: 'X-Probe', value: 'yes' }] } });
  });

  test.each<[string, () => unknown, string, string]>([
    ['fractions of seconds', () => HealthProbe.tcp(1, undefined, { period: Duration.millis(1500) }), 'MESH-E010', 'use whole seconds'],
    ['a relative path', () => HealthProbe.http(1, 'healthz'), 'MESH-E009', 'begin it with a slash and leave out query, fragment and white space'],
    ['a header that is none', () => HealthProbe.http(1, '/', { headers: { 'a b': 'c' } }), 'MESH-E009', 'use letters, digits and dashes'],
    ['a port that is none', () => HealthProbe.grpc(0), 'MESH-E003', 'use a whole number from 1 to 65535'],
    ['no command', () => HealthProbe.command([]), 'MESH-E030', 'name the program and its arguments'],
    ['a threshold of zero', () => HealthProbe.tcp(1, undefined, { failureThreshold: 0 }), 'MESH-E028', 'use a whole number from 1 to 2147483647'],
  ])('refuses probes with %s', (_, make, code, fix) => {
    expect(errorOf(make)).toMatchObject({ code, fix });
  });

  test('can be referred to by its name, as entries can', () => {
    expect(WorkloadGroup.fromWorkloadGroupName(chartIn(), 'a', 'ledger', 'shop').resourceName).toBe('ledger');
    expect(WorkloadEntry.fromWorkloadEntryName(chartIn(), 'a', 'ledger', 'shop').resourceNamespace).toBe('shop');
  });
});
