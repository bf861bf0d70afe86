import { JsonPatch, Testing } from 'cdk8s';
import { schemaFor, schemaIndex } from '../../src/engine/schema/load-schema';
import { missingFields } from '../support/l1/field-coverage';
import { l1Classes } from '../support/l1-classes';
import { l1Instances } from '../support/l1-instances';

const classes = l1Classes();
const instances = l1Instances();

function classOf(apiVersion: string, kind: string) {
  const found = classes.get(`${apiVersion}/${kind}`);
  if (!found) {
    throw new Error(`no class for ${kind} ${apiVersion}`);
  }
  return found.type;
}

test('there is one class for every kind that has a schema, and no other', () => {
  const kinds = Object.entries(schemaIndex()).flatMap(([group, found]) => Object.keys(found).map((kind) => `${group}/${kind}`));
  const covered = [...classes.keys()].map((key) => key.replace(/\/v\w+\//, '/'));

  expect(covered.sort()).toEqual(kinds.sort());
});

test('every class has exactly the name of its kind', () => {
  expect([...classes.values()].filter(({ name, type }) => name !== type.GVK.kind)).toEqual([]);
});

test('the full objects set every field but those that only stand in place of another', () => {
  const missing = instances.flatMap(({ apiVersion, kind, full, alternatives }) => {
    const { properties: { status, metadata, ...properties } = {}, ...schema } = schemaFor(apiVersion, kind)!.schema;
    const [first, ...others] = [full, ...alternatives].map((object) => missingFields({ ...schema, properties }, object));
    const everywhere = first.filter((field) => others.every((fields) => fields.some((other) => field === other || field.startsWith(`${other}.`))));
    return everywhere.map((field) => `${kind}.${field}`);
  });

  expect(missing.sort()).toEqual([
    'AuthorizationPolicy.spec.rules.from.source.notServiceAccounts',
    'AuthorizationPolicy.spec.rules.from.source.serviceAccounts',
    'BackendTLSPolicy.spec.validation.caCertificateRefs',
    'Bundle.spec.sources.configMap.selector',
    'GRPCRoute.spec.rules.sessionPersistence.header',
    'GrafanaDashboard.spec.folder',
    'GrafanaDashboard.spec.folderRef',
    'GrafanaFolder.spec.parentFolderRef',
    'HTTPRoute.spec.rules.backendRefs.filters.requestRedirect', // of the Gateway API
    'HTTPRoute.spec.rules.backendRefs.filters.requestRedirect', // of Linkerd
    'HTTPRoute.spec.rules.filters.requestRedirect',
    'HTTPRoute.spec.rules.filters.requestRedirect',
    'HTTPRoute.spec.rules.sessionPersistence.header',
    'HelmRelease.spec.chartRef',
    'HelmRelease.spec.kubeConfig.configMapRef',
    'Kustomization.spec.kubeConfig.configMapRef',
    'XBackend.spec.port.name',
    'XBackend.spec.tls.validation.wellKnownCACertificates',
    'XBackendTrafficPolicy.spec.sessionPersistence.header',
  ]);
});

describe.each(instances.map((instance): [string, typeof instance] => [`${instance.kind} of ${instance.apiVersion}`, instance]))('%s', (_, instance) => {
  const { apiVersion, kind } = instance;

  test('loses nothing of what it is given', () => {
    const type = classOf(apiVersion, kind);
    for (const object of [instance.minimal, instance.full, ...instance.alternatives]) {
      const { apiVersion: _apiVersion, kind: _kind, ...props } = object;

      expect(new type(Testing.chart(), 'Resource', props).toJson()).toEqual(object);
      expect(type.manifest(props)).toEqual(object);
    }
  });

  test('keeps an unknown field and a patch', () => {
    const type = classOf(apiVersion, kind);
    const { apiVersion: _apiVersion, kind: _kind, ...props } = instance.minimal;
    const object = new type(Testing.chart(), 'Resource', { ...props, spec: { ...props.spec, brandNew: { a: 1 } } });
    object.addJsonPatch(JsonPatch.add('/spec/patched', { b: 2 }));

    expect(object.toJson().spec).toEqual({ ...instance.minimal.spec, brandNew: { a: 1 }, patched: { b: 2 } });
  });

  test('takes additional fields of the spec from any language', () => {
    const type = classOf(apiVersion, kind);
    const { apiVersion: _apiVersion, kind: _kind, ...props } = instance.minimal;
    const hasSpec = 'spec' in instance.full;

    const { spec } = new type(Testing.chart(), 'Resource', { ...props, additionalSpec: { brandNew: [1] } }).toJson();
    expect(spec).toEqual({ ...instance.minimal.spec, brandNew: [1] });
    expect(hasSpec).toBe(true);
  });
});

describe('members that are not spelled as on the wire', () => {
  test('get their wire names: rules of Prometheus', () => {
    const manifest = classOf('monitoring.coreos.com/v1', 'PrometheusRule').manifest({
      spec: { groups: [{ name: 'a', queryOffset: '1m', partialResponseStrategy: 'warn', rules: [{ expr: 'up', keepFiringFor: '5m' }] }] },
    });

    expect(manifest.spec.groups).toEqual([
      { name: 'a', query_offset: '1m', partial_response_strategy: 'warn', rules: [{ expr: 'up', keep_firing_for: '5m' }] },
    ]);
  });

  test('get their wire names: an exporter of OpenTelemetry', () => {
    const manifest = classOf('opentelemetry.io/v1alpha1', 'ClusterObservability').manifest({
      spec: { exporter: { tracesEndpoint: 'a', tls: { caFile: 'b' }, retryOnFailure: { maxElapsedTime: '1m' } } },
    });

    expect(manifest.spec.exporter).toEqual({ traces_endpoint: 'a', tls: { ca_file: 'b' }, retry_on_failure: { max_elapsed_time: '1m' } });
  });

  test('pass through under their deprecated names', () => {
    const spec = { hosts: ['a'], http: [{ mirror_percent: 10, mirrorPercent: 20 }] };

    expect(classOf('networking.istio.io/v1', 'VirtualService').manifest({ spec }).spec).toEqual(spec);
  });
});
