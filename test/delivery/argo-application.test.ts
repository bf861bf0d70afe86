import { ApiObject, Testing } from 'cdk8s';
import { kindSchema } from '../../src/engine/schema/load-schema';
import { delivery } from 'cdk8s-mesh';

const source = delivery.ArgoSource.helmChart({ repository: 'https://charts.example.com', chart: 'istiod', version: '1.31.1' });

function synth(props: Partial<delivery.ArgoApplicationProps>): { readonly metadata: any; readonly spec: any } {
  const chart = Testing.chart();
  new delivery.ArgoApplication(chart, 'app', { metadata: { name: 'istiod', namespace: 'argocd' }, sources: [source], ...props });
  return Testing.synth(chart)[0] as { readonly metadata: any; readonly spec: any };
}

describe('an Application', () => {
  test('keeps a chart in sync by default', () => {
    expect(synth({})).toEqual({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'istiod', namespace: 'argocd' },
      spec: {
        project: 'default',
        destination: { server: 'https://kubernetes.default.svc' },
        source: { repoURL: 'https://charts.example.com', chart: 'istiod', targetRevision: '1.31.1' },
        syncPolicy: { automated: { prune: false, selfHeal: true }, retry: { limit: 5 } },
      },
    });
  });

  test('says all that it is told', () => {
    const { metadata, spec } = synth({
      metadata: { name: 'istiod', namespace: 'argocd', annotations: { a: 'b' } },
      sources: [
        delivery.ArgoSource.helmChart({ repository: 'https://charts.example.com', chart: 'istiod', version: '1', releaseName: 'r', values: { b: 1, a: { c: undefined, d: 2 } } }),
        delivery.ArgoSource.git({ repository: 'https://git.example.com/repo', path: 'mesh', revision: 'v1', recurse: true }),
        delivery.ArgoSource.custom({ repoURL: 'https://git.example.com/repo', ref: 'values' }),
      ],
      destination: { clusterName: 'east', namespace: 'istio-system' },
      project: 'platform',
      prune: true,
      selfHeal: false,
      createNamespace: true,
      serverSideApply: true,
      syncOptions: ['PruneLast=true', 'CreateNamespace=true'],
      retries: 2,
      ignoreDifferences: [{ group: 'apps', kind: 'Deployment', objectName: 'x', jsonPointers: ['/spec/replicas'] }],
      syncWave: -1,
      cascade: true,
      additionalSpec: { revisionHistoryLimit: 3 },
    });
    expect(metadata).toEqual({
      name: 'istiod', namespace: 'argocd', annotations: { 'a': 'b', 'argocd.argoproj.io/sync-wave': '-1' }, finalizers: ['resources-finalizer.argocd.argoproj.io'],
    });
    expect(spec).toEqual({
      project: 'platform',
      destination: { name: 'east', namespace: 'istio-system' },
      sources: [
        { repoURL: 'https://charts.example.com', chart: 'istiod', targetRevision: '1', helm: { releaseName: 'r', valuesObject: { a: { d: 2 }, b: 1 } } },
        { repoURL: 'https://git.example.com/repo', path: 'mesh', targetRevision: 'v1', directory: { recurse: true } },
        { repoURL: 'https://git.example.com/repo', ref: 'values' },
      ],
      syncPolicy: {
        automated: { prune: true, selfHeal: false },
        syncOptions: ['CreateNamespace=true', 'ServerSideApply=true', 'RespectIgnoreDifferences=true', 'PruneLast=true'],
        retry: { limit: 2 },
      },
      ignoreDifferences: [{ group: 'apps', kind: 'Deployment', name: 'x', jsonPointers: ['/spec/replicas'] }],
      revisionHistoryLimit: 3,
    });
  });

  test('has every field of the kind, by a property or by additionalSpec', () => {
    const schema = kindSchema('argoproj.io', 'Application')!.versions.v1alpha1.schema.properties!.spec.properties!;
    const one = synth({ ignoreDifferences: [{ kind: 'Secret' }], additionalSpec: { info: [], revisionHistoryLimit: 1, sourceHydrator: {} } }).spec;
    const two = synth({ sources: [source, source] }).spec;
    expect([...new Set([...Object.keys(one), ...Object.keys(two)])].sort()).toEqual(Object.keys(schema).sort());
  });

  test('waits for a person when it is told to', () => {
    expect(synth({ automated: false }).spec.syncPolicy).toEqual({ retry: { limit: 5 } });
  });

  test('takes what is added until synth, and can be read back', () => {
    const chart = Testing.chart();
    const app = new delivery.ArgoApplication(chart, 'app', { metadata: { name: 'a' }, sources: [source] });
    const imported = delivery.ArgoApplication.fromArgoApplicationName(chart, 'other', 'b', 'argocd');
    app.addIgnoredDifference({ kind: 'Secret', jsonPointers: ['/data'] });
    app.ignoredDifferences.push({ kind: 'Other' });

    expect(app.ignoredDifferences).toEqual([{ kind: 'Secret', jsonPointers: ['/data'] }]);
    expect([app.resourceName, imported.resourceName, imported.resourceNamespace]).toEqual(['a', 'b', 'argocd']);
    expect(ApiObject.of(app).kind).toBe('Application');
    expect((Testing.synth(chart)[0] as { readonly spec: any }).spec.ignoreDifferences).toEqual([{ kind: 'Secret', jsonPointers: ['/data'] }]);
  });

  test.each([
    ['without sources', { sources: [] }, /an Application without source; give at least one, such as ArgoSource\.helmChart\(\) \[MESH-E030\]/],
    ['with a destination by name and address', { destination: { clusterName: 'a', server: 'https://b' } }, /give clusterName or server \[MESH-E031\]/],
    ['with an impossible number of retries', { retries: 0.5 }, /invalid number of retries, got 0\.5; .* \[MESH-E028\]/],
  ])('%s is an error', (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });
});
