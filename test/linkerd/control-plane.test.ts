import { App, Chart, Duration, Size } from 'cdk8s';
import { AccessMode, delivery, linkerd, MtlsMode, Percent } from '../../src';
import { errorOf, kindOf, manifestsOf } from '../support/manifests';

const { ControlPlane, IdentitySource, MeshUpgrade } = linkerd;
const FLUX = delivery.ChartDelivery.fluxHelmRelease({ source: delivery.FluxChartSource.helmRepository('linkerd') });
const ANCHOR = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

function install(props: Partial<linkerd.ControlPlaneProps> = {}, mesh: linkerd.LinkerdMeshProps = {}) {
  const chart = new Chart(new App(), 'test', { disableResourceNameHashes: true });
  const controlPlane = new ControlPlane(chart, 'linkerd', {
    mesh: new linkerd.LinkerdMesh(chart, 'mesh', mesh), version: '2026.8.3', delivery: FLUX, identity: IdentitySource.existing(), ...props,
  });
  return { chart, controlPlane, values: () => controlPlane.helmValues() };
}

describe('a control plane of Linkerd', () => {
  test('has three replicas of everything, kept apart, and what Linkerd recommends for them', () => {
    expect(install().values()).toEqual({
      identityTrustDomain: 'cluster.local',
      identity: { externalCA: true, issuer: { scheme: 'kubernetes.io/tls' } },
      controllerReplicas: 3,
      enablePodAntiAffinity: true,
      enablePodDisruptionBudget: true,
      webhookFailurePolicy: 'Fail',
      deploymentStrategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } },
      ...Object.fromEntries(['controller', 'destination', 'identity', 'proxyInjector', 'heartbeat', 'spValidator']
        .map((part) => [`${part}Resources`, { cpu: { request: '100m' }, memory: { request: '50Mi', limit: '250Mi' } }])),
      policyController: { resources: { cpu: { request: '100m' }, memory: { request: '50Mi', limit: '250Mi' } } },
      proxy: { defaultInboundPolicy: 'all-authenticated' },
    });
  });

  test('is installed in the order of its parts, by Flux, Argo CD and helm', () => {
    const all = { cni: true, viz: {}, multicluster: {} };
    const releases = kindOf(install(all).chart, 'HelmRelease');
    const needs = (spec: { dependsOn?: { name: string }[] }) => (spec.dependsOn ?? []).map(({ name }) => name);
    expect(releases.map(({ metadata, spec }) => [metadata.name, spec.chart.spec.chart, spec.chart.spec.version, needs(spec)])).toEqual([
      ['linkerd-crds', 'linkerd-crds', '2026.8.3', []],
      ['linkerd2-cni', 'linkerd2-cni', '2026.8.3', []],
      ['linkerd-control-plane', 'linkerd-control-plane', '2026.8.3', ['linkerd-crds', 'linkerd2-cni']],
      ['linkerd-viz', 'linkerd-viz', '2026.8.3', ['linkerd-control-plane']],
      ['linkerd-multicluster', 'linkerd-multicluster', '2026.8.3', ['linkerd-control-plane']],
    ]);
    const argo = install({ ...all, delivery: delivery.ChartDelivery.argoCdApplication() });
    expect(kindOf(argo.chart, 'Application')).toHaveLength(5);
    expect(argo.controlPlane.namespaces).toEqual(['linkerd', 'linkerd-cni', 'linkerd-viz', 'linkerd-multicluster']);
    const helm = install({ delivery: delivery.ChartDelivery.helmValues() });
    expect(helm.controlPlane.delivered.map(({ installId }) => installId)).toEqual(['definitions', 'control-plane']);
    expect(helm.controlPlane.delivered[1].installCommands[0]).toContain('helm upgrade --install linkerd-control-plane linkerd-control-plane --repo https://helm.linkerd.io/edge --version 2026.8.3');
  });

  test('takes the settings of its mesh, and what all proxies have', () => {
    const mesh: linkerd.LinkerdMeshProps = {
      trustDomain: 'shop.example.com',
      clusterDomain: 'example.local',
      access: AccessMode.OPEN,
      mtls: MtlsMode.PERMISSIVE,
      proxies: {
        resources: { requests: { cpu: delivery.Cpu.millis(50), memory: Size.mebibytes(20) } },
        telemetry: { logLevel: 'info', accessLog: linkerd.AccessLogFormat.JSON },
        nativeSidecar: true,
        await: false,
        ports: { admin: 5191 },
        timeouts: { outboundConnect: Duration.seconds(2) },
      },
    };
    expect(install({ tracing: { collector: 'otel.tracing.svc.cluster.local:4317', collectorServiceAccount: 'otel' } }, mesh).values()).toMatchObject({
      identityTrustDomain: 'shop.example.com',
      clusterDomain: 'example.local',
      proxy: {
        defaultInboundPolicy: 'all-unauthenticated',
        resources: { cpu: { request: '50m' }, memory: { request: '20Mi' } },
        logLevel: 'info',
        accessLog: 'json',
        nativeSidecar: true,
        await: false,
        ports: { admin: 5191 },
        outboundConnectTimeout: '2s',
        tracing: { enabled: true, collector: { endpoint: 'otel.tracing.svc.cluster.local:4317', meshIdentity: { serviceAccountName: 'otel', namespace: 'tracing' } } },
      },
    });
    expect(errorOf(() => install({}, { proxies: { gateway: true } }))).toMatchObject({ code: 'MESH-E031', what: 'config.linkerd.io/enable-gateway for all proxies of the mesh, which only workloads and namespaces can have' });
  });

  test('has its roots of trust from wherever they are kept', () => {
    expect(install({ identity: IdentitySource.trustAnchors(ANCHOR, { proxyLifetime: Duration.hours(12) }) }).values()).toMatchObject({
      identityTrustAnchorsPEM: ANCHOR, identity: { issuer: { scheme: 'kubernetes.io/tls', issuanceLifetime: '12h0m0s' } },
    });
    expect(install({ identity: IdentitySource.values({ identityTrustDomain: 'a.example.com', identity: { externalCA: true } }) }).values()).toMatchObject({ identityTrustDomain: 'a.example.com', identity: { externalCA: true } });
    expect(errorOf(() => IdentitySource.trustAnchors('none'))).toMatchObject({ code: 'MESH-E050' });
    expect(errorOf(() => IdentitySource.trustAnchors(`${ANCHOR}-----BEGIN PRIVATE KEY-----`))).toMatchObject({ code: 'MESH-E050', what: 'trust anchors that hold a private key' });
  });

  test('has extensions with their values, and namespaces when it is asked to', () => {
    const { chart } = install({
      replicas: delivery.Replicas.fixed(1),
      createNamespaces: true,
      clusterNetworks: ['10.0.0.0/8', '192.0.2.1'],
      probeNetworks: ['10.128.0.0/16'],
      installGatewayApi: true,
      resources: { requests: { cpu: delivery.Cpu.millis(10) } },
      additionalValues: { proxy: { cores: 2 } },
      viz: { dashboard: false, prometheusUrl: 'http://prometheus:9090', grafanaUrl: 'grafana:3000', additionalValues: { x: 1 } },
      multicluster: { gateway: false, namespace: 'clusters' },
    });
    const values = Object.fromEntries(kindOf(chart, 'HelmRelease').map(({ metadata, spec }) => [metadata.name, spec.values]));
    expect(values['linkerd-crds']).toEqual({ installGatewayAPI: true });
    expect(values['linkerd-control-plane']).toMatchObject({ controllerReplicas: 1, clusterNetworks: '10.0.0.0/8,192.0.2.1/32', policyController: { probeNetworks: ['10.128.0.0/16'] }, proxy: { cores: 2 }, destinationResources: { cpu: { request: '10m' } } });
    expect(values['linkerd-control-plane'].enablePodDisruptionBudget).toBeUndefined();
    expect(values['linkerd-viz']).toEqual({ dashboard: { replicas: 0 }, tap: { replicas: 1 }, prometheus: { enabled: false }, prometheusUrl: 'http://prometheus:9090', grafana: { url: 'grafana:3000' }, x: 1 });
    expect(values['linkerd-multicluster']).toEqual({ gateway: { enabled: false } });
    expect(kindOf(chart, 'Namespace').map(({ metadata }) => [metadata.name, metadata.labels])).toEqual([
      ['linkerd', { 'linkerd.io/is-control-plane': 'true', 'config.linkerd.io/admission-webhooks': 'disabled' }], ['linkerd-viz', undefined], ['clusters', undefined],
    ]);
  });

  test.each<[string, Partial<linkerd.ControlPlaneProps>, string]>([
    ['of no version', { version: 'latest' }, 'MESH-E060'],
    ['that grows with the load', { replicas: delivery.Replicas.autoscaled({ min: 1, max: 3, cpu: Percent.of(50) }) }, 'MESH-E031'],
    ['in a namespace with capitals', { namespace: 'Linkerd' }, 'MESH-E001'],
    ['with networks that are none', { clusterNetworks: ['all'] }, 'MESH-E032'],
  ])('%s is refused', (_, props, code) => {
    expect(errorOf(() => install(props))).toMatchObject({ code });
  });
});

describe('an upgrade of Linkerd', () => {
  const upgrade = (props: Partial<linkerd.MeshUpgradeProps> = {}, next: Partial<linkerd.ControlPlaneProps> = {}) => {
    const app = new App();
    const chart = new Chart(app, 'mesh');
    return new MeshUpgrade(app, 'upgrade', {
      current: ControlPlane.fromControlPlaneAttributes(chart, 'current', { version: '2026.7.10' }),
      next: { mesh: new linkerd.LinkerdMesh(chart, 'mesh'), version: '2026.8.3', delivery: delivery.ChartDelivery.helmValues(), identity: IdentitySource.existing(), viz: {}, ...next },
      waves: [{ namespaces: ['tools'] }, { namespaces: ['shop', 'pay'] }],
      checkCommands: ['curl --fail https://shop.example.com'],
      ...props,
    });
  };

  test('goes phase by phase: definitions before the control plane, and that before the pods', () => {
    const made = upgrade();
    expect(made.plan().map(({ phaseName }) => phaseName)).toEqual(['back-up', 'definitions', 'control-plane', 'extensions', 'namespace-tools', 'wave-2', 'verify']);
    expect(made.charts.map((chart) => chart.node.id)).toContain('upgrade-control-plane');
    expect(made.charts.flatMap((chart) => manifestsOf(chart)).filter(({ metadata }) => metadata.name.endsWith('-values')).map(({ metadata }) => metadata.name))
      .toEqual(['linkerd-crds-values', 'linkerd-control-plane-values', 'linkerd-viz-values']);
    const [, , controlPlane, , tools, wave] = made.plan();
    expect(controlPlane.commands[0]).toBe('kubectl apply --filename upgrade-control-plane.k8s.yaml');
    expect(tools.commands).toEqual([
      'kubectl rollout restart deployment,statefulset,daemonset --namespace tools',
      expect.stringContaining('kubectl rollout status --namespace tools'),
      'linkerd check --proxy --namespace tools',
    ]);
    expect(tools.checkCommands).toEqual(['curl --fail https://shop.example.com']);
    expect(wave.commands.filter((command) => command.startsWith('kubectl rollout restart'))).toHaveLength(2);
    expect(made.planText()).toContain('# Linkerd 2026.7.10 to 2026.8.3');
  });

  test.each<[string, () => unknown, string]>([
    ['to an earlier version', () => upgrade({}, { version: '2026.7.9' }), 'MESH-E060'],
    ['to another namespace', () => upgrade({}, { namespace: 'mesh' }), 'MESH-E031'],
    ['of nobody', () => upgrade({ waves: [] }), 'MESH-E030'],
    ['with an empty wave', () => upgrade({ waves: [{ namespaces: [] }] }), 'MESH-E030'],
    ['of one namespace twice', () => upgrade({ waves: [{ namespaces: ['a'] }, { namespaces: ['a'] }] }), 'MESH-E034'],
  ])('%s is refused', (_, step, code) => {
    expect(errorOf(step)).toMatchObject({ code });
  });
});
