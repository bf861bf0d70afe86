import * as assert from 'assert/strict';
import * as fs from 'fs';
import * as path from 'path';
import { App, Chart, Duration, Size } from 'cdk8s';
import * as yaml from 'js-yaml';
import { CircuitBreaker, delivery, istio } from '../../../src';
import { ApiClient, Manifest, nameOf } from '../lab/api-client';
import { run } from '../lab/command';
import { LabRun } from '../lab/lab-run';
import { etcd, helm, istioCharts, kubeApiserver } from '../lab/parts';
import { partDir, program } from '../lab/parts/part';
import { SuitePart } from '../suite';

/** Folder of each chart in the module that holds Istio. */
const FOLDERS: { readonly [chart: string]: string } = { base: 'base', istiod: 'istio-discovery', cni: 'istio-cni', ztunnel: 'ztunnel', gateway: 'gateway' };

/** Collects what is to be installed, as a delivery that writes nothing. */
class Collector extends delivery.ChartDelivery {
  public readonly charts: delivery.ChartInstall[] = [];

  public deliverCharts(scope: Chart, charts: delivery.ChartInstall[]): delivery.DeliveredChart[] {
    this.charts.push(...charts);
    charts.forEach(({ installId, releaseName, values }) => new delivery.HelmValues(scope, installId, { metadata: { name: `${releaseName}-values` }, values: values ?? {} }));
    return [];
  }
}

/** Renders Istio's own charts with the values of the library. */
export const part: SuitePart = {
  name: 'istio-charts',
  needs: [etcd, kubeApiserver, helm, istioCharts],
  needsCrds: true,
  run: async (t) => {
    const { client } = await t.apiServer();
    const everything = {
      trustDomainAliases: ['old.example.com'],
      outboundPolicy: istio.OutboundPolicy.ALLOW_ANY,
      defaultProviders: { accessLogging: [istio.ExtensionProvider.fileAccessLog('log')] },
      circuitBreaker: CircuitBreaker.consecutiveErrors(5),
      proxyDefaults: { concurrency: 2, logLevel: istio.ProxyLogLevel.ERROR, resources: { limits: { memory: Size.mebibytes(300) } }, terminationDrain: Duration.seconds(20) },
    };
    const gateways = [{ gatewayName: 'edge', serviceType: istio.GatewayServiceType.CLUSTER_IP, serviceAnnotations: { a: 'b' } }, { replicas: delivery.Replicas.autoscaled({ min: 2, max: 4 }) }];

    await t.check('the charts install a revision with sidecars: two istiods apart, a budget, the mesh config and gateways', async () => {
      const objects = await render(t.lab, everything, { revision: '1-31-1', cni: { excludeNamespaces: ['x'] }, gateways });
      await accepted(client, objects);
      const istiod = find(objects, 'Deployment', 'istiod-1-31-1');
      assert.equal(istiod.spec.replicas, 2);
      assert.equal(istiod.spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector.matchLabels['istio.io/rev'], istiod.spec.template.metadata.labels['istio.io/rev']);
      assert.equal(find(objects, 'PodDisruptionBudget', 'istiod-1-31-1').spec.minAvailable, 1);
      const mesh = yaml.load(find(objects, 'ConfigMap', 'istio-1-31-1').data.mesh) as Manifest;
      assert.deepEqual(mesh.trustDomainAliases, ['old.example.com']);
      assert.deepEqual(mesh.defaultProviders, { accessLogging: ['log'], metrics: ['prometheus'] });
      assert.equal(mesh.defaultConfig.discoveryAddress, 'istiod-1-31-1.istio-system.svc:15012');
      assert.equal(mesh.defaultConfig.concurrency, 2);
      assert.equal(mesh.defaultTrafficPolicy.outlierDetection.consecutive5xxErrors, 5);
      const values = JSON.parse(find(objects, 'ConfigMap', 'istio-sidecar-injector-1-31-1').data.values);
      assert.equal(values.global.proxy.logLevel, 'error');
      assert.equal(values.global.proxy.resources.limits.memory, '300Mi');
      assert.equal(find(objects, 'ValidatingWebhookConfiguration', 'istiod-default-validator').webhooks[0].clientConfig.service.name, 'istiod-1-31-1');
      const ingress = find(objects, 'Deployment', 'istio-ingressgateway').spec.template;
      assert.deepEqual([ingress.spec.serviceAccountName, ingress.metadata.labels.istio], ['istio-ingressgateway-service-account', 'ingressgateway']);
      assert.deepEqual([find(objects, 'HorizontalPodAutoscaler', 'istio-ingressgateway').spec.maxReplicas, find(objects, 'Deployment', 'edge').spec.replicas], [4, 2]);
      return `${objects.length} objects`;
    });

    await t.check('the charts install an ambient mesh: node agent, ztunnel, and an istiod that trusts it', async () => {
      const objects = await render(t.lab, { dataPlane: istio.DataPlane.AMBIENT }, { revision: '1-31-1', ztunnel: { namespace: 'ztunnel', terminationGracePeriod: Duration.minutes(2) } });
      await accepted(client, objects);
      const env = (object: any) => Object.fromEntries(object.spec.template.spec.containers[0].env.map(({ name, value }: any) => [name, value]));
      assert.equal(env(find(objects, 'Deployment', 'istiod-1-31-1')).PILOT_ENABLE_AMBIENT, 'true');
      assert.equal(env(find(objects, 'Deployment', 'istiod-1-31-1')).CA_TRUSTED_NODE_ACCOUNTS, 'ztunnel/ztunnel');
      assert.equal(env(find(objects, 'DaemonSet', 'ztunnel')).XDS_ADDRESS, 'istiod-1-31-1.istio-system.svc:15012');
      assert.equal(find(objects, 'DaemonSet', 'ztunnel').spec.template.spec.terminationGracePeriodSeconds, 120);
      assert.equal(find(objects, 'ConfigMap', 'istio-cni-config').data.AMBIENT_ENABLED, 'true');
      return `${objects.length} objects`;
    });

    await t.check('the webhook of a revision tag is the one that the chart makes', async () => {
      for (const tagName of ['stable', 'default']) {
        const [theirs] = (await template(t.lab, 'istiod', 'istiod', 'istio-system', { revision: '1-31-1', revisionTags: [tagName] }, ['--show-only', 'templates/revision-tags-mwc.yaml']));
        const chart = new Chart(new App(), 'c');
        new istio.RevisionTag(chart, 'tag', { tagName, controlPlane: istio.ControlPlane.fromControlPlaneAttributes(chart, 'p', { version: '1.31.1', revisionName: '1-31-1' }) });
        const [ours] = chart.toJson();
        assert.equal(ours.metadata.name, theirs.metadata.name);
        const plain = (webhooks: any[]) => webhooks.map(({ namespaceSelector, objectSelector, ...rest }) =>
          ({ ...rest, namespaceSelector: sortedTerms(namespaceSelector), objectSelector: sortedTerms(objectSelector) }));
        assert.deepEqual(plain(ours.webhooks), plain(theirs.webhooks));
        for (const label of ['istio.io/rev', 'istio.io/tag', 'app']) assert.equal(ours.metadata.labels[label], theirs.metadata.labels![label]);
      }
    });

    await t.check('the charts refuse what they do not know, so that the checks above mean something', async () => {
      await assert.rejects(template(t.lab, 'gateway', 'edge', 'istio-system', { nonsense: true }), /nonsense/);
    });
  },
};

async function render(lab: LabRun, mesh: istio.IstioMeshProps, props: Partial<istio.ControlPlaneProps>): Promise<Manifest[]> {
  const chart = new Chart(new App(), 'platform', { disableResourceNameHashes: true });
  const collector = new Collector();
  new istio.ControlPlane(chart, 'istio', { mesh: new istio.IstioMesh(chart, 'mesh', mesh), version: '1.31.1', delivery: istio.ControlPlaneDelivery.charts(collector), ...props });
  const values = new Map(chart.toJson().map(({ metadata, data }) => [metadata.name, yaml.load(data['values.yaml']) as object]));
  const rendered = await Promise.all(collector.charts.map((it) => template(lab, it.chart, it.releaseName, it.namespace, values.get(`${it.releaseName}-values`)!)));
  return rendered.flat();
}

async function template(lab: LabRun, chart: string, release: string, namespace: string, values: object, more: string[] = []): Promise<Manifest[]> {
  const dir = fs.mkdtempSync(path.join(lab.folder('charts'), chart));
  fs.writeFileSync(path.join(dir, 'values.json'), JSON.stringify(values));
  const rendered = await run(program(helm, 'helm'), [
    'template', release, path.join(partDir(istioCharts), FOLDERS[chart]), '--namespace', namespace, '--values', path.join(dir, 'values.json'), ...more,
  ], { env: { HELM_CACHE_HOME: dir, HELM_CONFIG_HOME: dir, HELM_DATA_HOME: dir } });
  return (yaml.loadAll(rendered) as (Manifest | null)[]).filter((it): it is Manifest => it !== null && it !== undefined);
}

/** Definitions are there already; what they define is another test's. */
async function accepted(client: ApiClient, objects: readonly Manifest[]): Promise<void> {
  const verdicts = await Promise.all(objects.filter(({ kind }) => kind !== 'CustomResourceDefinition').map(async (object) => ({ object, verdict: await client.dryRun(object) })));
  assert.deepEqual(verdicts.filter(({ verdict }) => !verdict.ok).map(({ object, verdict }) => `${nameOf(object)}: ${verdict.message}`), []);
}

function find(objects: readonly Manifest[], kind: string, name: string): any {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  assert.ok(found, `no ${kind} ${name}`);
  return found;
}

function sortedTerms({ matchExpressions }: { readonly matchExpressions: readonly object[] }): string[] {
  return matchExpressions.map((term) => JSON.stringify(Object.entries(term).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
}
