import { ApiObject, Chart, Duration, Lazy, Testing } from 'cdk8s';
import { kindSchema } from '../../src/engine/schema/load-schema';
import { delivery } from 'cdk8s-mesh';

const source = delivery.FluxChartSource.helmRepository('istio');

function specOf(props: Partial<delivery.HelmReleaseProps>, change: (release: delivery.HelmRelease) => void = () => undefined) {
  const chart = Testing.chart();
  change(new delivery.HelmRelease(chart, 'release', { source, chart: 'istiod', ...props }));
  return (Testing.synth(chart) as { readonly spec: any }[])[0].spec;
}

describe('a HelmRelease', () => {
  test('says little by default', () => {
    expect(specOf({})).toEqual({
      chart: { spec: { chart: 'istiod', sourceRef: { kind: 'HelmRepository', name: 'istio' } } },
      interval: '10m',
      install: { remediation: { retries: 3 } },
      upgrade: { remediation: { retries: 3 } },
    });
  });

  test('says all that it is told', () => {
    const chart = Testing.chart();
    const first = delivery.HelmRelease.fromHelmReleaseName(chart, 'first', 'istio-base', 'flux-system');
    new delivery.HelmRelease(chart, 'release', {
      metadata: { name: 'istiod', namespace: 'flux-system' },
      source: delivery.FluxChartSource.helmRepository('istio', 'sources'),
      chart: 'istiod',
      version: '1.31.1',
      releaseName: 'istiod',
      targetNamespace: 'istio-system',
      storageNamespace: 'istio-system',
      createNamespace: true,
      values: { pilot: { replicaCount: 2, env: undefined } },
      valuesFrom: [{ objectName: 'defaults' }, { objectName: 'secrets', secret: true, key: 'all.yaml', optional: true }],
      needs: [first],
      interval: Duration.hours(1),
      timeout: Duration.seconds(90),
      retries: 0,
      crds: delivery.crd.CRDsPolicy.CREATE_REPLACE,
      driftDetection: delivery.crd.HelmReleaseDriftDetectionMode.WARN,
      serviceAccountName: 'installer',
      suspend: true,
      additionalSpec: { test: { enable: true }, upgrade: { force: true } },
    });
    expect(Testing.synth(chart)).toEqual([{
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'istiod', namespace: 'flux-system' },
      spec: {
        chart: { spec: { chart: 'istiod', version: '1.31.1', sourceRef: { kind: 'HelmRepository', name: 'istio', namespace: 'sources' } } },
        releaseName: 'istiod',
        targetNamespace: 'istio-system',
        storageNamespace: 'istio-system',
        interval: '1h',
        timeout: '90s',
        dependsOn: [{ name: 'istio-base', namespace: 'flux-system' }],
        install: { crds: 'CreateReplace', createNamespace: true, remediation: { retries: 0 } },
        upgrade: { crds: 'CreateReplace', remediation: { retries: 0 }, force: true },
        driftDetection: { mode: 'warn' },
        serviceAccountName: 'installer',
        suspend: true,
        values: { pilot: { replicaCount: 2 } },
        valuesFrom: [
          { kind: 'ConfigMap', name: 'defaults' },
          { kind: 'Secret', name: 'secrets', valuesKey: 'all.yaml', optional: true },
        ],
        test: { enable: true },
      },
    }]);
  });

  test('has every field of the kind, by a property or by additionalSpec', () => {
    const schema = kindSchema('helm.toolkit.fluxcd.io', 'HelmRelease')!.versions.v2.schema.properties!.spec.properties!;
    const byHatch = ['chartRef', 'commonMetadata', 'healthCheckExprs', 'kubeConfig', 'maxHistory', 'persistentClient', 'postRenderStrategy', 'postRenderers', 'rollback', 'test', 'uninstall', 'waitStrategy'];
    const chart = Testing.chart();
    const first = delivery.HelmRelease.fromHelmReleaseName(chart, 'first', 'istio-base');
    const spec = specOf({
      version: '1',
      releaseName: 'a',
      targetNamespace: 'b',
      storageNamespace: 'c',
      values: { a: 1 },
      valuesFrom: [{ objectName: 'd' }],
      needs: [first],
      timeout: Duration.seconds(1),
      driftDetection: delivery.crd.HelmReleaseDriftDetectionMode.ENABLED,
      serviceAccountName: 'e',
      suspend: false,
      additionalSpec: Object.fromEntries(byHatch.map((field) => [field, `any ${field}`])),
    });
    expect(Object.keys(spec).sort()).toEqual(Object.keys(schema).sort());
  });

  test('takes what is added until synth, and can be read back', () => {
    const chart = Testing.chart();
    const release = new delivery.HelmRelease(chart, 'release', { metadata: { name: 'istiod' }, source, chart: 'istiod', values: { a: 1 } });
    const other = new delivery.HelmRelease(chart, 'other', { metadata: { name: 'base' }, source, chart: 'base' });
    release.addNeed(other);
    release.needs.push(release);

    expect(release.needs).toEqual([other]);
    expect(release.values).toEqual({ a: 1 });
    expect([release.resourceName, release.resourceNamespace]).toEqual(['istiod', undefined]);
    expect(ApiObject.of(release).kind).toBe('HelmRelease');
    expect(Testing.synth(chart)[0].spec.dependsOn).toEqual([{ name: 'base' }]);
  });

  test('takes lazy values', () => {
    expect(specOf({ values: { meshConfig: Lazy.any({ produce: () => ({ trustDomain: 'example.com' }) }) } }).values).toEqual({ meshConfig: { trustDomain: 'example.com' } });
  });

  test('takes charts from every kind of source', () => {
    const refOf = (from: delivery.FluxChartSource) => specOf({ source: from, version: '1.2.3' });
    expect(refOf(delivery.FluxChartSource.gitRepository('git')).chart.spec.sourceRef).toEqual({ kind: 'GitRepository', name: 'git' });
    expect(refOf(delivery.FluxChartSource.bucket('bucket', 'there')).chart.spec.sourceRef).toEqual({ kind: 'Bucket', name: 'bucket', namespace: 'there' });
    const oci = refOf(delivery.FluxChartSource.ociRepositories({ istiod: 'istiod-1-31' }, 'there'));
    expect(oci).toMatchObject({ chartRef: { kind: 'OCIRepository', name: 'istiod-1-31', namespace: 'there' } });
    expect(oci).not.toHaveProperty('chart');
  });

  test('without OCIRepository for its chart is an error, with the construct', () => {
    const chart = new Chart(Testing.app(), 'flux');
    new delivery.HelmRelease(chart, 'release', { source: delivery.FluxChartSource.ociRepositories({ toString2: 'x' }), chart: 'toString' });
    expect(() => Testing.synth(chart)).toThrow(/no OCIRepository for chart "toString"; name it: .* \[MESH-E030\] \(at flux\/release\)/);
  });

  test('with an impossible number of retries is an error', () => {
    expect(() => specOf({ retries: -1 })).toThrow(/invalid number of retries, got -1; use a whole number from 0 .* \[MESH-E028\]/);
  });
});
