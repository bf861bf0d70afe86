import { ApiObject, Duration, Lazy, Testing, Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { delivery } from 'cdk8s-mesh';

const charts: delivery.ChartInstall[] = [
  { installId: 'base', repository: 'https://charts.example.com', chart: 'base', version: '1.31.1', releaseName: 'istio-base', namespace: 'istio-system', bringsDefinitions: true },
  {
    installId: 'istiod',
    repository: 'https://charts.example.com',
    chart: 'istiod',
    version: '1.31.1',
    releaseName: 'istiod',
    namespace: 'istio-system',
    needs: ['base', 'not-here'],
    values: { b: 1, a: Lazy.any({ produce: () => ({ later: ['x', undefined] }) }) },
    ownFields: [{ kind: 'Secret', jsonPointers: ['/data'] }],
  },
  { installId: 'ztunnel', repository: 'https://charts.example.com', chart: 'ztunnel', version: '1.31.1', releaseName: 'ztunnel', namespace: 'ztunnel', needs: ['istiod'] },
];

function deliver(way: delivery.ChartDelivery) {
  const chart = Testing.chart();
  const delivered = way.deliverCharts(chart, charts);
  return { delivered, objects: Testing.synth(chart) as { readonly kind: string; readonly metadata: any; readonly spec: any; readonly data: any }[] };
}

describe('charts that Flux installs', () => {
  const source = delivery.FluxChartSource.helmRepository('istio');

  test('are HelmReleases that wait for each other', () => {
    const { objects } = deliver(delivery.ChartDelivery.fluxHelmRelease({ source, timeout: Duration.minutes(5), serviceAccountName: 'installer' }));
    expect(objects.map(({ kind, metadata, spec }) => [kind, metadata.namespace, metadata.name, spec.targetNamespace, spec.dependsOn])).toEqual([
      ['HelmRelease', 'flux-system', 'istio-base', 'istio-system', undefined],
      ['HelmRelease', 'flux-system', 'istiod', 'istio-system', [{ name: 'istio-base', namespace: 'flux-system' }]],
      ['HelmRelease', 'flux-system', 'ztunnel', 'ztunnel', [{ name: 'istiod', namespace: 'flux-system' }]],
    ]);
    expect(objects[0].spec).toMatchObject({ install: { crds: 'CreateReplace', createNamespace: true }, upgrade: { crds: 'CreateReplace' }, timeout: '300s', serviceAccountName: 'installer' });
    expect(objects[1].spec.values).toEqual({ a: { later: ['x'] }, b: 1 });
  });

  test('are waited for and removed by kubectl', () => {
    const { delivered } = deliver(delivery.ChartDelivery.fluxHelmRelease({ source, namespace: 'flux' }));
    expect(delivered[1]).toEqual({
      installId: 'istiod',
      installCommands: [],
      waitCommands: ['kubectl wait helmrelease/istiod --namespace flux --for=condition=Ready --timeout=10m'],
      removeCommands: ['kubectl delete helmrelease/istiod --namespace flux'],
    });
  });
});

describe('charts that Argo CD installs', () => {
  test('are Applications in waves, which keep away from what others write', () => {
    const { objects } = deliver(delivery.ChartDelivery.argoCdApplication({ project: 'platform', destination: { clusterName: 'east' } }));
    expect(objects.map(({ kind, metadata, spec }) => [kind, metadata.name, metadata.annotations['argocd.argoproj.io/sync-wave'], spec.destination])).toEqual([
      ['Application', 'istio-base', '0', { name: 'east', namespace: 'istio-system' }],
      ['Application', 'istiod', '1', { name: 'east', namespace: 'istio-system' }],
      ['Application', 'ztunnel', '2', { name: 'east', namespace: 'ztunnel' }],
    ]);
    expect(objects[0].spec.syncPolicy.syncOptions).toEqual(['CreateNamespace=true', 'ServerSideApply=true']);
    expect(objects[1].spec.source).toEqual({
      repoURL: 'https://charts.example.com', chart: 'istiod', targetRevision: '1.31.1', helm: { releaseName: 'istiod', valuesObject: { a: { later: ['x'] }, b: 1 } },
    });
    expect(objects[1].spec.ignoreDifferences).toEqual([{ kind: 'Secret', jsonPointers: ['/data'] }]);
  });

  test('are synced by a person when they are not automated', () => {
    const { delivered } = deliver(delivery.ChartDelivery.argoCdApplication({ automated: false }));
    expect(delivered.map(({ installCommands }) => installCommands)).toEqual([['argocd app sync istio-base'], ['argocd app sync istiod'], ['argocd app sync ztunnel']]);
    expect(deliver(delivery.ChartDelivery.argoCdApplication()).delivered.flatMap(({ installCommands }) => installCommands)).toEqual([]);
  });
});

describe('charts that a person installs', () => {
  test('are ConfigMaps with their values, and commands that install from them', () => {
    const { objects, delivered } = deliver(delivery.ChartDelivery.helmValues());
    expect(objects.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name])).toEqual([
      ['ConfigMap', 'istio-system', 'istio-base-values'], ['ConfigMap', 'istio-system', 'istiod-values'], ['ConfigMap', 'ztunnel', 'ztunnel-values'],
    ]);
    expect(objects[1].data['values.yaml']).toBe('a:\n  later:\n    - x\n    - null\nb: 1\n');
    expect(delivered[1].installCommands).toEqual([
      'kubectl get configmap istiod-values --namespace istio-system --output go-template=\'{{index .data "values.yaml"}}\''
      + ' | helm upgrade --install istiod istiod --repo https://charts.example.com --version 1.31.1 --namespace istio-system --values - --wait',
    ]);
  });

  test('have values that can be read back, as data and as the text of a file', () => {
    const chart = Testing.chart();
    const values = new delivery.HelmValues(chart, 'values', { metadata: { name: 'v' }, values: { b: [1], a: { no: 'no' } } });
    expect(values.configMapName).toBe('v');
    expect(Yaml.stringify(values.values)).toBe(values.toYaml());
    expect(values.toYaml()).toBe('a:\n  "no": "no"\nb:\n  - 1\n');
    expect(ApiObject.of(values).kind).toBe('ConfigMap');
  });
});

test('anybody can add a way to deliver charts', () => {
  class OwnDelivery extends delivery.ChartDelivery {
    public deliverCharts(scope: Construct, installs: delivery.ChartInstall[]): delivery.DeliveredChart[] {
      return installs.map(({ installId }) => {
        new ApiObject(scope, installId, { apiVersion: 'v1', kind: 'ConfigMap' });
        return { installId, installCommands: [], waitCommands: [], removeCommands: [] };
      });
    }
  }
  expect(deliver(new OwnDelivery()).objects).toHaveLength(3);
});
