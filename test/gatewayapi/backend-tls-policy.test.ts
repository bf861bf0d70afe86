import { ApiObject, JsonPatch } from 'cdk8s';
import { gatewayapi, Port } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, kindOf, Manifest, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { AuthorityRef, BackendTlsPolicy, ServerAuthorities, ServerName, TlsBackend } = gatewayapi;

const VAULT = TlsBackend.serviceNamed('vault', 'https');

function render(props: Partial<gatewayapi.BackendTlsPolicyProps>): Manifest {
  const chart = chartIn(undefined, 'test', { namespace: 'shop' });
  new BackendTlsPolicy(chart, 'policy', { targets: [VAULT], hostname: 'vault.example.com', authorities: ServerAuthorities.system(), ...props });
  return manifestsOf(chart)[0];
}

describe('a BackendTLSPolicy', () => {
  test('names services, and what their certificates must say', () => {
    expect(render({})).toEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'BackendTLSPolicy',
      metadata: { name: 'test-policy', namespace: 'shop' },
      spec: { targetRefs: [{ group: '', kind: 'Service', name: 'vault', sectionName: 'https' }], validation: { hostname: 'vault.example.com', wellKnownCACertificates: 'System' } },
    });
  });

  test('sets every field that the API knows', () => {
    const full = render({
      authorities: ServerAuthorities.refs(AuthorityRef.configMap('ca')),
      subjectNames: [ServerName.dns('*.example.com'), ServerName.uri('spiffe://cluster.local/ns/shop/sa/vault')],
      tlsOptions: { 'example.com/min': '1.3' },
    });
    expect(full.spec.validation).toEqual({
      hostname: 'vault.example.com',
      caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }],
      subjectAltNames: [{ type: 'Hostname', hostname: '*.example.com' }, { type: 'URI', uri: 'spiffe://cluster.local/ns/shop/sa/vault' }],
    });
    expect(unsetFields('gateway.networking.k8s.io/v1', 'BackendTLSPolicy', [full, render({ authorities: ServerAuthorities.wellKnown('example.com/ours') })])).toEqual([]);
  });

  test('names ports of the services of this app by their numbers', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const vault = serviceIn(chart, 'vault', mesh, { ports: [Port.https(443), Port.http(80)] });
    const policy = new BackendTlsPolicy(chart, 'policy', { hostname: 'vault.example.com', authorities: ServerAuthorities.system() });
    policy.addTarget(TlsBackend.service(vault, 443));
    policy.targets.pop();
    expect(policy.targets).toHaveLength(1);
    expect(kindOf(chart, 'BackendTLSPolicy')[0].spec.targetRefs).toEqual([{ group: '', kind: 'Service', name: 'vault', sectionName: 'https' }]);
    expect(errorOf(() => TlsBackend.service(vault, 8443))).toMatchObject({ code: 'MESH-E005', fix: 'name one of 443, 80' });
    expect(errorOf(() => new BackendTlsPolicy(chart, 'other', {
      metadata: { namespace: 'edge' }, targets: [TlsBackend.service(vault)], hostname: 'a.example.com', authorities: ServerAuthorities.system(),
    }))).toMatchObject({ code: 'MESH-E031', what: 'a policy of namespace edge for vault of namespace shop, where it has no effect' });
  });

  test('keeps fields and patches that it does not know, and can be referred to by its name', () => {
    const chart = chartIn();
    const policy = new BackendTlsPolicy(chart, 'policy', { targets: [VAULT], hostname: 'a.example.com', authorities: ServerAuthorities.system(), additionalSpec: { brandNew: 1 } });
    ApiObject.of(policy).addJsonPatch(JsonPatch.add('/spec/patched', 2));
    expect(manifestsOf(chart)[0].spec).toMatchObject({ brandNew: 1, patched: 2 });
    expect(policy.hostname).toBe('a.example.com');
    expect(BackendTlsPolicy.fromBackendTlsPolicyName(chart, 'imported', 'a').resourceName).toBe('a');
  });

  test.each<[string, () => unknown, string]>([
    ['for no service', () => render({ targets: [] }), 'MESH-E030'],
    ['for 17 services', () => render({ targets: Array.from({ length: 17 }, (_, i) => TlsBackend.serviceNamed(`s${i}`)) }), 'MESH-E038'],
    ['for a service twice', () => render({ targets: [VAULT, TlsBackend.serviceNamed('vault')] }), 'MESH-E031'],
    ['with a wildcard host', () => render({ hostname: '*.example.com' }), 'MESH-E002'],
    ['with six names', () => render({ subjectNames: Array.from({ length: 6 }, (_, i) => ServerName.dns(`a${i}.example.com`)) }), 'MESH-E038'],
    ['with no authority', () => ServerAuthorities.refs(), 'MESH-E030'],
    ['with nine authorities', () => ServerAuthorities.refs(...Array.from({ length: 9 }, (_, i) => AuthorityRef.configMap(`c${i}`))), 'MESH-E038'],
    ['with an authority of another namespace', () => ServerAuthorities.refs(AuthorityRef.configMap('ca', 'certs')), 'MESH-E031'],
    ['with a set of authorities without domain', () => ServerAuthorities.wellKnown('ours'), 'MESH-E001'],
    ['with a name that is no URI', () => ServerName.uri('cluster.local'), 'MESH-E032'],
  ])('%s is refused', (_, make, code) => {
    expect(errorOf(make)).toMatchObject({ code });
  });
});
