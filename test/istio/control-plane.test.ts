import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import { CircuitBreaker, delivery, istio, Percent } from 'cdk8s-mesh';

type Manifest = { readonly kind: string; readonly metadata: any; readonly spec: any; readonly data: any };

const flux = istio.ControlPlaneDelivery.fluxHelmRelease({ source: delivery.FluxChartSource.helmRepository('istio') });

function install(props: Partial<istio.ControlPlaneProps>, mesh: istio.IstioMeshProps = {}) {
  const chart = new Chart(new App(), 'platform', { disableResourceNameHashes: true });
  const plane = new istio.ControlPlane(chart, 'istio', { mesh: new istio.IstioMesh(chart, 'mesh', mesh), version: '1.31.1', delivery: flux, ...props });
  return { chart, plane, objects: () => Testing.synth(chart) as Manifest[] };
}

/** The releases that Flux installs: chart, namespace and values by name. */
function releases(props: Partial<istio.ControlPlaneProps>, mesh: istio.IstioMeshProps = {}) {
  return Object.fromEntries(install(props, mesh).objects().filter(({ kind }) => kind === 'HelmRelease')
    .map(({ metadata, spec }) => [metadata.name, { chart: spec.chart.spec.chart, version: spec.chart.spec.version, namespace: spec.targetNamespace, values: spec.values }]));
}

const AMBIENT: istio.IstioMeshProps = { dataPlane: istio.DataPlane.AMBIENT };

describe('a control plane by charts', () => {
  test('is definitions and an istiod of two replicas that are kept apart', () => {
    expect(releases({})).toEqual({
      'istio-base': { chart: 'base', version: '1.31.1', namespace: 'istio-system', values: { defaultRevision: 'default' } },
      'istiod': {
        chart: 'istiod',
        version: '1.31.1',
        namespace: 'istio-system',
        values: {
          global: { defaultPodDisruptionBudget: { enabled: true } },
          pilot: {
            autoscaleEnabled: false,
            replicaCount: 2,
            affinity: {
              podAntiAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [
                  { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { 'app': 'istiod', 'istio.io/rev': 'default' } } } },
                ],
              },
            },
            topologySpreadConstraints: [{
              maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: { 'app': 'istiod', 'istio.io/rev': 'default' } },
            }],
          },
          meshConfig: { trustDomain: 'cluster.local', rootNamespace: 'istio-system' },
        },
      },
    });
  });

  test('of a revision is called by it everywhere', () => {
    const installed = releases({ revision: '1-31-1' });
    expect(Object.keys(installed)).toEqual(['istio-base', 'istiod-1-31-1']);
    expect(installed['istio-base'].values).toEqual({ defaultRevision: '1-31-1' });
    expect(installed['istiod-1-31-1'].values).toMatchObject({ revision: '1-31-1', pilot: { topologySpreadConstraints: [{ labelSelector: { matchLabels: { 'istio.io/rev': '1-31-1' } } }] } });
  });

  test('is the revision that the mesh names', () => {
    expect(install({}, { revision: '1-31-1' }).plane.revisionName).toBe('1-31-1');
  });

  test('says all that it is told', () => {
    const { istiod, 'istio-base': base } = releases({
      namespace: 'mesh',
      replicas: delivery.Replicas.autoscaled({ min: 2, max: 5, cpu: Percent.of(70) }),
      resources: { requests: { cpu: delivery.Cpu.millis(200), memory: Size.gibibytes(1) } },
      disruptionBudget: false,
      spread: false,
      environment: { PILOT_ENABLE_STATUS: 'true' },
      compatibilityVersion: '1.30',
      platform: istio.InstallPlatform.GKE,
      definitions: true,
      defaultRevision: '1-30-3',
      cni: {},
      additionalValues: { pilot: { podLabels: { team: 'mesh' } }, global: { variant: 'distroless' } },
    }, {
      clusterDomain: 'cluster.example',
      proxyDefaults: { logLevel: istio.ProxyLogLevel.ERROR, nativeSidecars: true, resources: { limits: { memory: Size.mebibytes(256) } } },
    });
    expect(istiod).toMatchObject({
      namespace: 'mesh',
      values: {
        compatibilityVersion: '1.30',
        global: {
          istioNamespace: 'mesh',
          platform: 'gke',
          variant: 'distroless',
          defaultPodDisruptionBudget: { enabled: false },
          proxy: { logLevel: 'error', clusterDomain: 'cluster.example', resources: { limits: { memory: '256Mi' } } },
        },
        pilot: {
          autoscaleEnabled: true,
          autoscaleMin: 2,
          autoscaleMax: 5,
          cpu: { targetAverageUtilization: 70 },
          resources: { requests: { cpu: '200m', memory: '1Gi' } },
          env: { ENABLE_NATIVE_SIDECARS: 'true', PILOT_ENABLE_STATUS: 'true' },
          cni: { enabled: true },
          podLabels: { team: 'mesh' },
        },
      },
    });
    expect(istiod.values.pilot).not.toHaveProperty('affinity');
    expect(base.values).toEqual({ defaultRevision: '1-30-3', global: { istioNamespace: 'mesh' } });
  });

  test('leaves definitions to others when it is told to', () => {
    expect(Object.keys(releases({ definitions: false }))).toEqual(['istiod']);
  });

  test('has the mesh config of its mesh, with what was declared after it', () => {
    const { chart, plane, objects } = install({});
    new istio.IstioMesh(chart, 'late', { extensionProviders: [istio.ExtensionProvider.fileAccessLog('log')] });
    const values = objects().find(({ metadata }) => metadata.name === 'istiod')!.spec.values;
    expect(values.meshConfig.extensionProviders).toEqual([{ name: 'log', envoyFileAccessLog: { path: '/dev/stdout' } }]);
    expect(plane.istiodValues()).toEqual(values);
  });

  test('spares the webhooks that istiod changes from Argo CD', () => {
    const { objects } = install({ delivery: istio.ControlPlaneDelivery.argoCdApplication() });
    const istiod = objects().find(({ metadata }) => metadata.name === 'istiod')!;
    expect(istiod.spec.ignoreDifferences.map(({ kind }: any) => kind)).toEqual(['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']);
    expect(istiod.spec.syncPolicy.syncOptions).toContain('RespectIgnoreDifferences=true');
  });

  test('takes its charts from where it is told', () => {
    const { objects } = install({ delivery: istio.ControlPlaneDelivery.argoCdApplication(), chartRepository: 'https://charts.example.com' });
    expect(objects().map(({ spec }) => spec.source.repoURL)).toEqual(['https://charts.example.com', 'https://charts.example.com']);
  });

  test('is installed by a person with helm, from values in ConfigMaps', () => {
    const { plane, objects } = install({ delivery: istio.ControlPlaneDelivery.helmValues(), createNamespaces: true });
    expect(objects().map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['Namespace istio-system', 'ConfigMap istio-base-values', 'ConfigMap istiod-values']);
    expect(plane.delivered.flatMap(({ installCommands }) => installCommands).map((command) => command.replace(/.* \| /, ''))).toEqual([
      'helm upgrade --install istio-base base --repo https://istio-release.storage.googleapis.com/charts --version 1.31.1 --namespace istio-system --values - --wait',
      'helm upgrade --install istiod istiod --repo https://istio-release.storage.googleapis.com/charts --version 1.31.1 --namespace istio-system --values - --wait',
    ]);
  });
});

describe('node agent, ztunnel and gateways', () => {
  test('a node agent is installed for sidecars when it is asked for', () => {
    const { 'istio-cni': cni } = releases({
      cni: { namespace: 'kube-system', excludeNamespaces: ['a'], binDirectory: '/bin', configDirectory: '/conf', resources: { requests: { cpu: delivery.Cpu.millis(10) } }, additionalValues: { chained: false } },
    });
    expect(cni).toEqual({
      chart: 'cni',
      version: '1.31.1',
      namespace: 'kube-system',
      values: { cni: { excludeNamespaces: ['a'], cniBinDir: '/bin', cniConfDir: '/conf', resources: { requests: { cpu: '10m' } }, chained: false } },
    });
  });

  test('an ambient mesh has both, and all of it in the profile for it', () => {
    const ztunnel = { resources: { requests: { memory: Size.mebibytes(256) } }, terminationGracePeriod: Duration.minutes(5), additionalValues: { logAsJson: true } };
    const installed = releases({ ztunnel }, AMBIENT);
    expect(Object.keys(installed)).toEqual(['istio-base', 'istiod', 'istio-cni', 'ztunnel']);
    expect([installed.istiod.values.profile, installed['istio-cni'].values]).toEqual(['ambient', { profile: 'ambient' }]);
    expect(installed.istiod.values.pilot).not.toHaveProperty('cni');
    expect(installed.ztunnel.values).toEqual({ resources: { requests: { memory: '256Mi' } }, terminationGracePeriodSeconds: 300, logAsJson: true });
  });

  test('istiod trusts a ztunnel in another namespace, and ztunnel finds its istiod', () => {
    const installed = releases({ revision: '1-31-1', namespace: 'mesh', ztunnel: { namespace: 'ztunnel' } }, AMBIENT);
    expect(installed['istiod-1-31-1'].values.pilot.trustedZtunnelNamespace).toBe('ztunnel');
    expect(installed.ztunnel).toMatchObject({ namespace: 'ztunnel', values: { istioNamespace: 'mesh', revision: '1-31-1' } });
  });

  test('the gateway of the mesh runs under the identity that services let in', () => {
    const { chart, plane } = install({ gateways: [{}] });
    const gateway = (Testing.synth(chart) as Manifest[]).find(({ metadata }) => metadata.name === 'istio-ingressgateway')!;
    expect(gateway.spec.values).toMatchObject({
      serviceAccount: { name: plane.mesh.profile.ingress!.serviceAccountName },
      autoscaling: { enabled: false },
      replicaCount: 2,
      podDisruptionBudget: { minAvailable: 1 },
    });
    expect(gateway.spec.values).not.toHaveProperty('revision');
  });

  test('other gateways are as they are told', () => {
    const { chart } = install({
      revision: '1-31-1',
      gateways: [{
        gatewayName: 'egress',
        namespace: 'edge',
        replicas: delivery.Replicas.autoscaled({ min: 1, max: 3 }),
        resources: { limits: { cpu: delivery.Cpu.cores(1) } },
        serviceType: istio.GatewayServiceType.CLUSTER_IP,
        serviceAnnotations: { a: 'b' },
        additionalValues: { labels: { x: 'y' } },
      }],
    });
    const gateway = (Testing.synth(chart) as Manifest[]).find(({ metadata }) => metadata.name === 'egress')!;
    expect(gateway.spec).toMatchObject({ targetNamespace: 'edge', dependsOn: [{ name: 'istiod-1-31-1' }] });
    expect(gateway.spec.values).toEqual({
      revision: '1-31-1',
      autoscaling: { enabled: true, minReplicas: 1, maxReplicas: 3, targetCPUUtilizationPercentage: 80 },
      resources: { limits: { cpu: '1' } },
      service: { type: 'ClusterIP', annotations: { a: 'b' } },
      labels: { x: 'y' },
    });
  });

  test('namespaces are those that something is installed into', () => {
    expect(install({ gateways: [{ namespace: 'edge' }], cni: {} }).plane.namespaces).toEqual(['istio-system', 'edge']);
    expect(install({ delivery: istio.ControlPlaneDelivery.sail(), version: '1.30.3' }, AMBIENT).plane.namespaces).toEqual(['istio-system', 'istio-cni', 'ztunnel']);
  });
});

describe('a control plane by the Sail operator', () => {
  const sail = (options: istio.SailOptions, props: Partial<istio.ControlPlaneProps> = {}, mesh: istio.IstioMeshProps = {}) =>
    install({ version: '1.30.3', delivery: istio.ControlPlaneDelivery.sail(options), ...props }, mesh);

  test('is an Istio that is updated in place', () => {
    const { plane, objects } = sail({});
    expect(objects()).toMatchObject([{
      apiVersion: 'sailoperator.io/v1',
      kind: 'Istio',
      metadata: { name: 'default' },
      spec: { version: 'v1.30.3', namespace: 'istio-system', updateStrategy: { type: 'InPlace' }, values: { pilot: { replicaCount: 2 }, meshConfig: { trustDomain: 'cluster.local' } } },
    }]);
    expect([plane.revisionName, plane.managedBySail]).toEqual(['default', true]);
    expect(plane.delivered).toEqual([{
      installId: 'istiod', installCommands: [], waitCommands: ['kubectl wait istio/default --for=condition=Ready --timeout=10m'], removeCommands: ['kubectl delete istio/default'],
    }]);
  });

  test('is an Istio whose revisions are called by their version', () => {
    const { plane, objects } = sail({ updateStrategy: istio.SailUpdateStrategy.REVISION_BASED, istioName: 'main', inactiveRevisionGracePeriod: Duration.minutes(10) });
    expect(objects()).toMatchObject([{ metadata: { name: 'main' }, spec: { updateStrategy: { type: 'RevisionBased', inactiveRevisionDeletionGracePeriodSeconds: 600 } } }]);
    expect(plane.revisionName).toBe('main-v1-30-3');
    expect(plane.delivered[0].waitCommands).toEqual(['kubectl wait istiorevision/main-v1-30-3 --for=condition=Ready --timeout=10m']);
  });

  test('is a single IstioRevision', () => {
    const { plane, objects } = sail({ resource: istio.SailResource.ISTIO_REVISION });
    expect(objects()).toMatchObject([{
      kind: 'IstioRevision', metadata: { name: '1-30-3' }, spec: { version: 'v1.30.3', namespace: 'istio-system', values: { revision: '1-30-3', global: { istioNamespace: 'istio-system' } } },
    }]);
    expect(plane.revisionName).toBe('1-30-3');
  });

  test('of an ambient mesh has a node agent and a ztunnel in namespaces of their own', () => {
    const { objects } = sail({}, { platform: istio.InstallPlatform.K3S, cni: { excludeNamespaces: ['a'] } }, AMBIENT);
    expect(objects()).toMatchObject([
      { kind: 'Istio', spec: { profile: 'ambient', values: { global: { platform: 'k3s' }, pilot: { trustedZtunnelNamespace: 'ztunnel' } } } },
      { kind: 'IstioCNI', metadata: { name: 'default' }, spec: { version: 'v1.30.3', namespace: 'istio-cni', profile: 'ambient', values: { cni: { excludeNamespaces: ['a'] }, global: { platform: 'k3s' } } } },
      { kind: 'ZTunnel', metadata: { name: 'default' }, spec: { version: 'v1.30.3', namespace: 'ztunnel', values: { global: { platform: 'k3s' } } } },
    ]);
  });

  test('takes the newest of a minor release, and versions that only a newer operator knows', () => {
    expect(sail({}, { version: '1.30-latest' }).objects()[0].spec.version).toBe('v1.30-latest');
    expect(sail({ allowUnknownVersion: true }, { version: '1.99.0' }).objects()[0].spec.version).toBe('v1.99.0');
  });

  test.each<[string, istio.SailOptions, Partial<istio.ControlPlaneProps>, istio.IstioMeshProps, RegExp]>([
    ['a version that the operator does not install', {}, { version: '1.30.99' }, {}, /Istio 1\.30\.99, which the Sail operator does not install; use 1\.30-latest, 1\.30\.3, 1\.30\.2, or set allowUnknownVersion .* \[MESH-E060\]/],
    ['revisions named by a moving version', { updateStrategy: istio.SailUpdateStrategy.REVISION_BASED }, { version: '1.30-latest' }, {}, /name an exact version, such as "1\.31\.0" \[MESH-E031\]/],
    ['another name for a revision that the operator names', { updateStrategy: istio.SailUpdateStrategy.REVISION_BASED }, { revision: 'x' }, {}, /leave it out: it will be "default-v1-30-3" \[MESH-E031\]/],
    ['two names in place', { istioName: 'a' }, { revision: 'b' }, {}, /give one name: in place, the revision is called like the Istio \[MESH-E031\]/],
    ['an update strategy for a single revision', { resource: istio.SailResource.ISTIO_REVISION, updateStrategy: istio.SailUpdateStrategy.IN_PLACE }, {}, {}, /or use SailResource\.ISTIO \[MESH-E031\]/],
    ['revisions of an ambient mesh', { updateStrategy: istio.SailUpdateStrategy.REVISION_BASED }, {}, AMBIENT, /use SailUpdateStrategy\.IN_PLACE: .* \[MESH-E031\]/],
    ['gateways', {}, { gateways: [{}] }, {}, /gateways by the Sail operator, which installs none; .* \[MESH-E031\]/],
  ])('refuses %s', (_, options, props, mesh, message) => {
    expect(() => sail(options, props, mesh)).toThrow(message);
  });
});

describe('a control plane', () => {
  test.each<[string, Partial<istio.ControlPlaneProps>, istio.IstioMeshProps, RegExp]>([
    ['a version without patch', { version: '1.31' }, {}, /invalid version of Istio, got "1\.31"; name an exact one, such as "1\.31\.1" \[MESH-E060\] \(at platform\/istio\)/],
    ['a version that moves, without the Sail operator', { version: '1.31-latest' }, {}, /\[MESH-E060\]/],
    ['a revision that no label can hold', { revision: '1.31.1' }, {}, /invalid revision, got "1\.31\.1"; .* \[MESH-E001\]/],
    ['another revision than the pods ask for', { revision: '1-31-1' }, { revision: 'stable' }, /give the mesh a revisionTag that points to the control plane \[MESH-E031\]/],
    ['a ztunnel beside sidecars', { ztunnel: {} }, {}, /a ztunnel for a mesh with sidecars; .* \[MESH-E031\]/],
    ['two gateways of one name', { gateways: [{}, {}] }, {}, /two gateways of one name; .* \[MESH-E034\]/],
    ['a bad namespace', { cni: { namespace: 'A' } }, {}, /invalid namespace, got "A"; .* \[MESH-E001\]/],
    ['a bad compatibility version', { compatibilityVersion: '1.30.1' }, {}, /name a minor release, such as "1\.30" \[MESH-E060\]/],
  ])('refuses %s', (_, props, mesh, message) => {
    expect(() => install(props, mesh)).toThrow(message);
  });

  test('refuses settings of the mesh that its version does not know', () => {
    const settings = { circuitBreaker: CircuitBreaker.consecutiveErrors(5), additionalMeshConfig: { nonsense: true } };
    expect(() => install({ version: '1.30.3' }, settings).objects())
      .toThrow(/defaultTrafficPolicy of the mesh config, which Istio has from 1\.31 on, with a control plane 1\.30\.3; leave it out, or install a later version \[MESH-E061\] \(at platform\/istio\)/);
    expect(() => install({ version: '1.30.3' }, settings).objects()).toThrow(/nonsense of the mesh config, which Istio does not know; mend its name \[MESH-E061\]/);
    expect(() => install({ version: '1.31.1' }, { circuitBreaker: CircuitBreaker.consecutiveErrors(5) }).objects()).not.toThrow();
  });

  test('that runs already is known by what is said of it', () => {
    const plane = istio.ControlPlane.fromControlPlaneAttributes(new Chart(new App(), 'x'), 'plane', { version: '1.30.3' });
    expect([plane.version, plane.revisionName, plane.namespace, plane.managedBySail]).toEqual(['1.30.3', 'default', 'istio-system', false]);
  });
});
