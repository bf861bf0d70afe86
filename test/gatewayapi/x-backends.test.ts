import { ApiObject, Duration, JsonPatch } from 'cdk8s';
import { gatewayapi, Percent } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, kindOf, manifestsOf, namesOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { AuthorityRef, BackendProtocol, CertificateRef, ReleaseChannel, ServerAuthorities, ServerName, SessionPersistence, XBackend, XBackendTrafficPolicy } = gatewayapi;

function experimental() {
  const chart = chartIn(undefined, 'test', { namespace: 'shop' });
  ReleaseChannel.useExperimental(chart);
  return chart;
}

const TLS: gatewayapi.BackendTlsOptions = { hostname: 'api.example.com', authorities: ServerAuthorities.refs(AuthorityRef.configMap('ca')) };

describe('an XBackend', () => {
  const make = (props: Partial<gatewayapi.XBackendProps>) => {
    const chart = experimental();
    const backend = new XBackend(chart, 'backend', { hostname: 'api.example.com', port: 443, ...props });
    return { chart, backend };
  };

  test('sets every field that the API knows', () => {
    const full = make({
      portName: 'https',
      protocol: BackendProtocol.HTTP,
      tls: { ...TLS, subjectNames: [ServerName.dns('a.example.com'), ServerName.uri('spiffe://a/b')], clientCertificate: CertificateRef.secret('client', 'certs') },
    });
    const system = make({ tls: { ...TLS, authorities: ServerAuthorities.system() } });
    const manifests = [full, system].map(({ chart }) => kindOf(chart, 'XBackend')[0]);
    expect(manifests[0].spec).toMatchObject({
      type: 'ExternalHostname',
      externalHostname: { hostname: 'api.example.com' },
      port: { port: 443, name: 'https' },
      protocol: 'HTTP',
      tls: { mode: 'ClientAndServer', clientCertificateRef: { kind: 'Secret', name: 'client', namespace: 'certs' } },
    });
    expect(manifests[1].spec.tls).toEqual({ mode: 'ServerOnly', validation: { hostname: 'api.example.com', wellKnownCACertificates: 'System' } });
    expect(unsetFields('gateway.networking.x-k8s.io/v1alpha1', 'XBackend', manifests)).toEqual([]);
    expect(namesOf(full.chart)).toContain('ReferenceGrant certs/shop-test-backend');
  });

  test('keeps fields and patches that it does not know', () => {
    const { chart, backend } = make({ additionalSpec: { brandNew: 1 } });
    ApiObject.of(backend).addJsonPatch(JsonPatch.add('/spec/patched', 2));
    expect(manifestsOf(chart)[0].spec).toMatchObject({ brandNew: 1, patched: 2 });
    expect(XBackend.fromXBackendName(chart, 'other', 'a', 'b').resourceName).toBe('a');
  });

  test.each<[string, () => unknown, string]>([
    ['in the standard channel', () => new XBackend(chartIn(), 'b', { hostname: 'a.example.com', port: 1 }), 'MESH-E022'],
    ['inside of the cluster', () => make({ hostname: 'a.b.svc.cluster.local' }), 'MESH-E002'],
    ['with a wildcard', () => make({ hostname: '*.example.com' }), 'MESH-E002'],
    ['on port 0', () => make({ port: 0 }), 'MESH-E003'],
    ['with a bad port name', () => make({ portName: 'A' }), 'MESH-E001'],
    ['with six names', () => make({ tls: { ...TLS, subjectNames: Array.from({ length: 6 }, (_, i) => ServerName.dns(`a${i}.example.com`)) } }), 'MESH-E038'],
  ])('%s is refused', (_, step, code) => {
    expect(errorOf(step)).toMatchObject({ code });
  });
});

describe('an XBackendTrafficPolicy', () => {
  const make = (props: gatewayapi.XBackendTrafficPolicyProps, chart = experimental()) => {
    const policy = new XBackendTrafficPolicy(chart, 'policy', props);
    policy.addTarget({ group: '', kind: 'Service', name: 'cart' });
    return { chart, policy };
  };

  test('sets every field that the API knows', () => {
    const budget = { share: Percent.of(10), interval: Duration.seconds(90), minRetries: 5, minInterval: Duration.seconds(2) };
    const manifests = [
      make({ retryConstraint: budget, sessionPersistence: SessionPersistence.cookie({ name: 'a', path: '/', lifetime: Duration.hours(1), permanent: true }) }),
      make({ sessionPersistence: SessionPersistence.header('x-session') }),
    ].map(({ chart }) => manifestsOf(chart)[0]);
    expect(manifests[0].spec.retryConstraint).toEqual({ budget: { percent: 10, interval: '1m30s' }, minRetryRate: { count: 5, interval: '2s' } });
    expect(manifests[0].spec.targetRefs).toEqual([{ group: '', kind: 'Service', name: 'cart' }]);
    expect(unsetFields('gateway.networking.x-k8s.io/v1alpha1', 'XBackendTrafficPolicy', manifests)).toEqual([]);
  });

  test('is for services of its own namespace', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    ReleaseChannel.useExperimental(chart);
    const web = serviceIn(chart, 'web', mesh);
    const { policy } = make({ services: [web] }, chart);
    policy.targets.pop();
    expect(policy.targets.map(({ name }) => name)).toEqual(['web', 'cart']);
    expect(errorOf(() => make({ metadata: { namespace: 'edge' }, services: [web] }, experimental()))).toMatchObject({ code: 'MESH-E031' });
    expect(errorOf(() => policy.addService(web))).toMatchObject({ code: 'MESH-E031', what: 'Service "web" is named twice' });
  });

  test('keeps fields and patches that it does not know', () => {
    const { chart, policy } = make({ additionalSpec: { brandNew: 1 } });
    ApiObject.of(policy).addJsonPatch(JsonPatch.add('/spec/patched', 2));
    expect(manifestsOf(chart)[0].spec).toMatchObject({ brandNew: 1, patched: 2 });
    expect(XBackendTrafficPolicy.fromXBackendTrafficPolicyName(chart, 'other', 'a').resourceName).toBe('a');
  });

  test.each<[string, () => unknown, string]>([
    ['in the standard channel', () => new XBackendTrafficPolicy(chartIn(), 'p'), 'MESH-E022'],
    ['for nothing', () => { const chart = experimental(); new XBackendTrafficPolicy(chart, 'p'); manifestsOf(chart); }, 'MESH-E030'],
    ['with half a percent', () => make({ retryConstraint: { share: Percent.of(0.5) } }), 'MESH-E006'],
    ['with an interval below a second', () => make({ retryConstraint: { interval: Duration.millis(500) } }), 'MESH-E010'],
    ['with an interval above an hour', () => make({ retryConstraint: { minInterval: Duration.hours(2) } }), 'MESH-E010'],
    ['with no retry at all', () => make({ retryConstraint: { minRetries: 0 } }), 'MESH-E028'],
  ])('%s is refused', (_, step, code) => {
    expect(errorOf(step)).toMatchObject({ code });
  });
});
