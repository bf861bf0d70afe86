import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Ingress, Mesh, MeshedService, Port } from '../../src';
import { errorOf, kindOf, manifestsOf } from '../support/manifests';

/** A service in the mesh of some settings. */
function synth(settings: object, more: (mesh: Mesh, chart: Chart, cart: MeshedService) => void = () => undefined) {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop', disableResourceNameHashes: true });
  const mesh = Mesh.fromText(chart, 'mesh', JSON.stringify(settings));
  const cart = new MeshedService(chart, 'cart', { mesh, image: 'cart', ports: [Port.http(80, { targetPort: 8080 })] });
  new MeshedService(chart, 'web', { mesh, image: 'web', ports: [Port.http(80)] }).connections.allowTo(cart);
  more(mesh, chart, cart);
  return chart;
}

const COMMON = {
  mtls: 'strict',
  access: 'declared',
  trustDomain: 'shop.example.com',
  clusterDomain: 'cluster.local',
  defaults: { timeout: '1.5s', retries: { attempts: 2, conditions: ['5xx'] }, circuitBreaker: { consecutiveErrors: 5, ejectionTime: '30s' } },
  proxy: { cpu: { request: '100m', limit: '1' }, memory: { request: '64Mi', limit: '1Gi' }, logLevel: 'warn' },
  telemetry: { accessLog: true, tracing: { collector: 'otel.tracing.svc.cluster.local:4317' } },
};

describe('a settings file', () => {
  test('makes one app of every mesh', () => {
    const kinds = (settings: object) => [...new Set(manifestsOf(synth(settings)).map(({ kind }) => kind))];
    expect(kinds({ provider: 'istio' })).toEqual(expect.arrayContaining(['Deployment', 'AuthorizationPolicy', 'PeerAuthentication']));
    expect(kinds({ provider: 'istio-ambient' })).toContain('AuthorizationPolicy');
    expect(kinds({ provider: 'linkerd' })).toEqual(expect.arrayContaining(['Server', 'MeshTLSAuthentication']));
    expect(kinds({ provider: 'consul' })).toContain('ServiceIntentions');
    expect(kinds({ provider: 'gateway-api', accept: ['mtls.strict', 'authz.defaultDeny'], defaults: { timeout: '2s' } })).toContain('HTTPRoute');
  });

  test('says of Istio what holds for all services, how proxies run, what is traced, and how it is installed', () => {
    const chart = synth({
      ...COMMON,
      provider: 'istio',
      version: '1.31.1',
      telemetry: { ...COMMON.telemetry, tracing: { ...COMMON.telemetry.tracing, sampling: 10 } },
      install: { delivery: 'flux', source: 'charts', replicas: 3 },
    });
    expect(kindOf(chart, 'VirtualService').find(({ metadata }) => metadata.name === 'cart')!.spec.http[0]).toMatchObject({ timeout: '1.500s', retries: { attempts: 2, retryOn: '5xx' } });
    expect(kindOf(chart, 'DestinationRule')[0].spec.trafficPolicy.outlierDetection).toMatchObject({ consecutive5xxErrors: 5, baseEjectionTime: '30s' });
    expect(kindOf(chart, 'Telemetry')[0]).toMatchObject({
      metadata: { name: 'mesh-default', namespace: 'istio-system' },
      spec: { tracing: [{ providers: [{ name: 'tracing' }], randomSamplingPercentage: 10 }], accessLogging: [{ providers: [{ name: 'envoy' }] }] },
    });
    const istiod = kindOf(chart, 'HelmRelease').find(({ metadata }) => metadata.name.includes('istiod'))!;
    expect(istiod.spec.chart.spec).toMatchObject({ version: '1.31.1', sourceRef: { name: 'charts' } });
    expect(istiod.spec.values).toMatchObject({
      pilot: { replicaCount: 3 },
      global: { proxy: { logLevel: 'warning', resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1', memory: '1Gi' } } } },
      meshConfig: { trustDomain: 'shop.example.com' },
    });
  });

  test('says the same of Linkerd, and installs its dashboard', () => {
    const chart = synth({ ...COMMON, provider: 'linkerd', version: '2026.8.3', install: { delivery: 'argocd', dashboard: true } });
    expect(kindOf(chart, 'Service').find(({ metadata }) => metadata.name === 'cart')!.metadata.annotations).toMatchObject({
      'balancer.linkerd.io/failure-accrual-consecutive-max-failures': '5', 'balancer.linkerd.io/failure-accrual-consecutive-min-penalty': '30s',
    });
    const applications = Object.fromEntries(kindOf(chart, 'Application').map(({ metadata, spec }) => [metadata.name, spec.source.helm?.valuesObject]));
    expect(Object.keys(applications)).toEqual(['linkerd-crds', 'linkerd-control-plane', 'linkerd-viz']);
    expect(applications['linkerd-control-plane']).toMatchObject({
      identityTrustDomain: 'shop.example.com',
      controllerReplicas: 3,
      proxy: {
        logLevel: 'warn,linkerd=warn',
        accessLog: 'json',
        resources: { cpu: { request: '100m', limit: '1' }, memory: { request: '64Mi', limit: '1Gi' } },
        tracing: { enabled: true, collector: { endpoint: 'otel.tracing.svc.cluster.local:4317' } },
      },
    });
  });

  test('names the class of gateways for every Ingress that names none', () => {
    const chart = synth({ provider: 'linkerd', ingress: { class: 'eg', serviceAccount: 'gateway' } }, (mesh, scope, cart) =>
      new Ingress(scope, 'public', { mesh, hosts: ['shop.example.com'] }).route(cart));
    expect(kindOf(chart, 'Gateway')[0].spec.gatewayClassName).toBe('eg');
    expect(kindOf(chart, 'MeshTLSAuthentication')[0].spec.identityRefs).toContainEqual({ kind: 'ServiceAccount', name: 'public', namespace: 'shop' });
  });

  test('is the mesh of a program that knows nothing of it', () => {
    const chart = new Chart(new App(), 'shop');
    const mesh = Mesh.fromText(chart, 'mesh', 'provider: istio-ambient');
    expect([mesh.provider, mesh.profile.meshName, mesh.profile.capabilities.profile]).toEqual(['istio-ambient', 'istio-ambient', 'istio-ambient']);
  });

  test('has a schema, which stands in the documentation', () => {
    expect(Mesh.fileSchema()).toBe(readFileSync(join(__dirname, '../../docs/mesh-file.schema.json'), 'utf8'));
    expect(Object.keys(JSON.parse(Mesh.fileSchema()).properties)).toContain('provider');
  });

  const refusal = (settings: object | string) => errorOf(() => Mesh.fromText(new Chart(new App(), 'shop'), 'mesh', typeof settings === 'string' ? settings : JSON.stringify(settings), 'mesh.yaml'));

  test.each<[object | string, string, string, RegExp]>([
    [{ provder: 'istio' }, 'MESH-E072', 'unknown key "provder" in mesh.yaml', /did you mean "provider"\?/],
    [{ provider: 'istio', defaults: { retry: { attempts: 1 } } }, 'MESH-E072', 'unknown key "defaults.retry" in mesh.yaml', /did you mean "retries"\?/],
    [{ provider: 'istio', somethingElse: 1 }, 'MESH-E072', 'unknown key "somethingElse" in mesh.yaml', /use one of provider, version[^?]*$/],
    [{ provider: 'linkrd' }, 'MESH-E072', 'invalid provider in mesh.yaml, got "linkrd"', /did you mean "linkerd"\?/],
    [{ mtls: 'strict' }, 'MESH-E072', '"provider" is missing in mesh.yaml', /The mesh/],
    [{ provider: 'istio', defaults: { timeout: 5 } }, 'MESH-E072', 'invalid defaults.timeout in mesh.yaml, got 5', /length of time/],
    [{ provider: 'istio', defaults: { retries: { attempts: 1.5 } } }, 'MESH-E072', 'invalid defaults.retries.attempts in mesh.yaml, got 1.5', /whole number from 0 to 100/],
    [{ provider: 'istio', defaults: { retries: { attempts: 1, conditions: ['5yx'] } } }, 'MESH-E072', 'invalid defaults.retries.conditions[0] in mesh.yaml, got "5yx"', /did you mean "5xx"\?/],
    [{ provider: 'istio', allowEscapeHatch: 'yes' }, 'MESH-E072', 'invalid allowEscapeHatch in mesh.yaml, got "yes"', /true or false/],
    [{ provider: 'istio', accept: 'mirror' }, 'MESH-E072', 'invalid accept in mesh.yaml, got "mirror"', /use a list/],
    [{ provider: 'istio', proxy: { memory: { limit: '1GB' } } }, 'MESH-E072', 'invalid proxy.memory.limit in mesh.yaml, got "1GB"', /such as "128Mi"/],
    [{ provider: 'istio', install: { delivery: 'helm' } }, 'MESH-E072', 'an installation without version in mesh.yaml', /version/],
    ['[]', 'MESH-E072', 'mesh.yaml is no map', /use the keys/],
    ['a: [', 'MESH-E072', expect.stringContaining('mesh.yaml cannot be read') as unknown as string, /YAML or JSON/],
    [{ provider: 'linkerd', telemetry: { tracing: { collector: 'a.b:1', sampling: 10 } } }, 'MESH-E021', 'telemetry.tracing.sampling of the settings needs telemetry.sampling, which linkerd lacks', /collector/],
    [{ provider: 'gateway-api', proxy: {} }, 'MESH-E021', 'proxy of the settings, of which the Gateway API says nothing', /leave it out/],
    [{ provider: 'istio', version: '1.31.1', install: { delivery: 'helm', dashboard: true } }, 'MESH-E021', expect.stringContaining('install.dashboard') as unknown as string, /Kiali/],
  ])('%j is refused', (settings, code, what, fix) => {
    expect(refusal(settings)).toMatchObject({ code, what, fix: expect.stringMatching(fix) });
  });

  test('that is not there is an error', () => {
    expect(errorOf(() => Mesh.fromFile(new Chart(new App(), 'shop'), '/nonexistent/mesh.yaml'))).toMatchObject({ code: 'MESH-E072' });
  });
});
