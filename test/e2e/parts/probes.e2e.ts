import * as assert from 'assert/strict';
import { RunningApp } from '../istio/deployment';
import { containerOf, Injector, proxyVariable } from '../istio/injector';
import { isMeshObject } from '../istio/library-app';
import { METRICS_PORT, probedApp, PROBED, PROBES } from '../istio/probed-app';
import { Manifest } from '../lab/api-client';
import { makeCertificate } from '../lab/certificate';
import { MeshLab } from '../lab/mesh-lab';
import { envoy, etcd, helm, iptables, istio, istioCharts, kubeApiserver } from '../lab/parts';
import { SuiteContext, SuitePart } from '../suite';

const REWRITTEN = Object.keys(PROBES).filter((name) => name !== 'command');

/** Probes and metrics go on working under strict mutual TLS: what the real injector makes of our pods, and what the real agent does with it. */
export const part: SuitePart = {
  name: 'probes',
  needs: [etcd, kubeApiserver, envoy, iptables, istio, istioCharts, helm],
  needsRoot: true,
  needsCrds: true,
  run: async (t) => {
    const lab = await MeshLab.start(t.lab);
    const written = probedApp();
    // The injector sees what the API server made of it, with all defaults.
    const objects = await Promise.all(written.filter((it) => !isMeshObject(it)).map(async (it) => lab.api.client.apply(it)));
    const injected = await (await Injector.create(t.lab)).inject(objects);
    await checkInjection(t, objects, injected);
    await checkAgent(t, lab, written, injected);
  },
};

async function checkInjection(t: SuiteContext, objects: readonly Manifest[], injected: readonly Manifest[]): Promise<void> {
  await t.check('the injector sends the probes of HTTP, HTTPS, TCP and gRPC to the agent and leaves commands alone', async () => {
    for (const name of REWRITTEN) {
      const server = containerOf(templateOf(injected, name), 'server');
      for (const [probe, path] of [['readinessProbe', 'readyz'], ['livenessProbe', 'livez'], ['startupProbe', 'startupz']]) {
        const { path: asked, port } = server[probe].httpGet;
        assert.deepEqual([asked, port, server[probe].tcpSocket, server[probe].grpc], [`/app-health/server/${path}`, 15020, undefined, undefined], `${probe} of ${name}`);
      }
      assert.equal(server.readinessProbe.periodSeconds, 3);
    }
    const { readinessProbe, livenessProbe } = containerOf(templateOf(injected, 'command'), 'server');
    assert.deepEqual([readinessProbe.exec, livenessProbe.exec], [{ command: ['true'] }, { command: ['false'] }]);
    assert.equal(proxyVariable(templateOf(injected, 'command'), 'ISTIO_KUBE_APP_PROBERS'), undefined);
  });

  await t.check('the proxy is ready by its own port, which it lets in without mutual TLS', async () => {
    const template = templateOf(injected, 'web');
    assert.deepEqual(containerOf(template, 'istio-proxy').readinessProbe.httpGet, { path: '/healthz/ready', port: 15021 });
    const rules: string[] = containerOf(template, 'istio-init').args;
    assert.equal(rules[rules.indexOf('-d') + 1], '15090,15021,15020');
  });

  await t.check('merged metrics are announced at the agent, which is told where to fetch those of the application', async () => {
    const template = templateOf(injected, 'web');
    const { annotations } = template.metadata;
    assert.deepEqual(['scrape', 'port', 'path'].map((name) => annotations[`prometheus.io/${name}`]), ['true', '15020', '/stats/prometheus']);
    assert.deepEqual(JSON.parse(proxyVariable(template, 'ISTIO_PROMETHEUS_ANNOTATIONS')!), { scrape: 'true', port: String(METRICS_PORT), path: '/stats' });
  });

  await t.check('an installation that does not rewrite probes rewrites those of our pods, and of no others', async () => {
    const injector = await Injector.create(t.lab, { sidecarInjectorWebhook: { rewriteAppHTTPProbe: false } });
    const ours = await injector.inject(objects);
    for (const name of REWRITTEN) assert.equal(containerOf(templateOf(ours, name), 'server').readinessProbe.httpGet.port, 15020, name);
    const [plain] = await injector.inject([withoutAnnotations(objects.find((it) => it.kind === 'Deployment' && it.metadata.name === 'web')!)]);
    assert.equal(containerOf(plain.spec.template, 'server').readinessProbe.httpGet.port, 'http');
  });

  await t.check('the proxy of a job is one that ends with it', async () => {
    const { spec } = injected.find((it) => it.kind === 'Job')!.spec.template;
    const proxy = spec.initContainers.find((it: any) => it.name === 'istio-proxy');
    assert.deepEqual([proxy?.restartPolicy, spec.containers.map((it: any) => it.name)], ['Always', ['server']]);
    const deployed = templateOf(injected, 'web').spec;
    assert.ok(deployed.containers.some((it: any) => it.name === 'istio-proxy'));
  });
}

async function checkAgent(t: SuiteContext, lab: MeshLab, objects: readonly Manifest[], injected: readonly Manifest[]): Promise<void> {
  const certificate = await makeCertificate(t.lab, 'secure.example.com');
  const running = objects.filter((it) => it.kind !== 'Job' && it.metadata.name !== 'command');
  const env = (name: string) => Object.fromEntries(['ISTIO_KUBE_APP_PROBERS', 'ISTIO_PROMETHEUS_ANNOTATIONS'].flatMap((variable) => {
    const said = proxyVariable(templateOf(injected, name), variable);
    return said === undefined ? [] : [[variable, said]];
  }));
  const [[kubelet], app] = await Promise.all([
    lab.addWorkloads({ name: 'kubelet', namespace: 'outside', proxy: 'none' }),
    RunningApp.start(lab, running, {
      web: { proxyEnv: env('web'), listen: [{ port: METRICS_PORT, kind: 'http' }] },
      secure: { proxyEnv: env('secure'), listen: [{ port: 8443, kind: 'http', tls: certificate }] },
      bytes: { proxyEnv: env('bytes') },
      calls: { proxyEnv: env('calls') },
    }),
  ]);
  await lab.settle();
  await app.use(running);
  const get = async (name: string, port: number, path: string) => kubelet.send({ address: app.pod(name).ip, port, path });
  /** Probes as the kubelet would: what the injected pod says, at the pod's address. */
  const probe = async (name: string, kind: string) => {
    const { port, path, httpHeaders } = containerOf(templateOf(injected, name), 'server')[kind].httpGet;
    const headers = Object.fromEntries((httpHeaders ?? []).map((it: any) => [it.name, it.value]));
    return kubelet.send({ address: app.pod(name).ip, port, path, headers });
  };

  for (const name of REWRITTEN) {
    await t.check(`probes of ${name} are answered by the agent in plain text, while the application's port refuses it`, async () => {
      await app.pod(name).seen();
      const ready = await probe(name, 'readinessProbe');
      assert.equal(ready.status, 200, ready.body || ready.error);
      const seen = await app.pod(name).seen();
      if (name === 'web') assert.deepEqual(seen.map((it) => [it.path, it.headers['x-probe']]), [['/healthz?full=1', 'yes']]);
      if (name === 'calls') assert.deepEqual(seen.map((it) => it.path), ['/grpc.health.v1.Health/Check']);
      assert.equal((await probe(name, 'startupProbe')).status, 200);
      const ill = await probe(name, 'livenessProbe');
      assert.ok(ill.status !== undefined && ill.status >= 500, `something that is not well answers ${ill.status}`);
      assert.equal((await get(name, 15020, '/app-health/server/other')).status, 400);
      await app.pod(name).seen();
      const { port } = app.pod(name).options.listen[0];
      for (const speak of ['http1', 'tcp'] as const) {
        const plain = await kubelet.send({ address: app.pod(name).ip, port, speak });
        assert.equal(plain.error, 'ECONNRESET');
      }
      assert.deepEqual(await app.pod(name).seen(), []);
    });
  }

  await t.check('the proxy says that it is ready, in plain text', async () => {
    assert.equal((await get('web', 15021, '/healthz/ready')).status, 200);
  });

  await t.check('a collector reads the metrics of the application at the agent, while their own port refuses plain text', async () => {
    await app.pod('web').seen();
    const { status, body } = await get('web', 15020, '/stats/prometheus');
    assert.equal(status, 200);
    assert.deepEqual((await app.pod('web').seen()).map((it) => [it.port, it.path]), [[METRICS_PORT, '/stats']]);
    assert.match(body, /"path":"\/stats"/, 'what the application said');
    assert.match(body, /^envoy_/m, 'what the proxy said');
    assert.equal((await get('web', METRICS_PORT, '/stats')).error, 'ECONNRESET');
  });
}

function templateOf(objects: readonly Manifest[], name: string): any {
  return objects.find((it) => it.kind === 'Deployment' && it.metadata.name === name && it.metadata.namespace === PROBED)!.spec.template;
}

function withoutAnnotations(object: Manifest): Manifest {
  const { annotations: _, ...metadata } = object.spec.template.metadata;
  return { ...object, spec: { ...object.spec, template: { ...object.spec.template, metadata } } };
}
