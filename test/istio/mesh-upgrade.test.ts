import { App, Chart, Testing, YamlOutputType } from 'cdk8s';
import { Cluster } from '../support/injection';
import { delivery, istio } from 'cdk8s-mesh';

const OLD = '1-30-3';
const NEW = '1-31-1';

function platform(props: istio.IstioMeshProps = {}, current: Partial<istio.ControlPlaneAttributes> = {}) {
  const app = new App();
  const chart = new Chart(app, 'platform', { disableResourceNameHashes: true });
  const running = istio.ControlPlane.fromControlPlaneAttributes(chart, 'current', { version: '1.30.3', revisionName: OLD, ...current });
  const tag = (name: string) => new istio.RevisionTag(chart, name, { controlPlane: running });
  const [canary, stable] = [tag('canary'), tag('stable')];
  const mesh = new istio.IstioMesh(chart, 'mesh', { revisionTag: stable, ...props });
  return { app, chart, running, canary, stable, mesh };
}

/** An upgrade of three namespaces in two waves. */
function upgrade(change: Partial<istio.MeshUpgradeProps> = {}, next: Partial<istio.ControlPlaneProps> = {}, props: istio.IstioMeshProps = {}) {
  const given = platform(props);
  const made = new istio.MeshUpgrade(given.app, 'upgrade', {
    current: given.running,
    next: { mesh: given.mesh, version: '1.31.1', revision: NEW, delivery: istio.ControlPlaneDelivery.helmValues(), ...next },
    waves: [{ tag: given.canary, namespaces: ['tools'] }, { tag: given.stable, namespaces: ['shop', 'edge'] }],
    ...change,
  });
  return { ...given, upgrade: made };
}

function objectsOf(chart: Chart) {
  return (Testing.synth(chart) as { readonly kind: string; readonly metadata: any; readonly spec: any; readonly data: any; readonly webhooks: any }[]);
}

const names = (made: istio.MeshUpgrade) => made.plan().map(({ phaseName }) => phaseName);
const phase = (made: istio.MeshUpgrade, name: string) => made.plan().find(({ phaseName }) => phaseName === name)!;

describe('an upgrade by revision', () => {
  test('has its phases in order, each with an output of its own and a lasting name', () => {
    const { upgrade: made } = upgrade({}, { cni: {} });
    expect(names(made)).toEqual(['back-up', 'compatibility', 'control-plane', 'nodes', 'tag-canary', 'tag-stable', 'verify', 'retire']);
    expect(made.plan().map(({ output }) => output)).toEqual(names(made).map((name) => `upgrade-${name}.k8s.yaml`));
    expect(made.charts.map((chart) => chart.node.path)).toEqual(names(made).map((name) => `upgrade-${name}`));
  });

  test('writes into folders where the app does', () => {
    const app = new App({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
    const chart = new Chart(app, 'platform');
    const tag = istio.RevisionTag.fromTagName(chart, 'tag', 'stable');
    const made = new istio.MeshUpgrade(app, 'upgrade', {
      current: istio.ControlPlane.fromControlPlaneAttributes(chart, 'current', { version: '1.30.3', revisionName: OLD }),
      next: { mesh: new istio.IstioMesh(chart, 'mesh', { revisionTag: tag }), version: '1.31.1', revision: NEW, delivery: istio.ControlPlaneDelivery.helmValues() },
      waves: [{ tag, namespaces: ['shop'] }],
    });
    expect(phase(made, 'control-plane').commands[0]).toBe('kubectl apply --filename upgrade-control-plane/');
  });

  test('lets every pod be injected by exactly one revision at any time, and moves namespaces wave after wave', () => {
    const { chart, upgrade: made } = upgrade();
    const cluster = new Cluster({ tools: { 'istio.io/rev': 'canary' }, shop: { 'istio.io/rev': 'stable' }, edge: {}, plain: {} });
    const injected = () => ({
      tools: cluster.injectors('tools', {}),
      shop: cluster.injectors('shop', {}),
      edge: cluster.injectors('edge', { 'istio.io/rev': 'stable' }),
      refused: cluster.injectors('shop', { 'sidecar.istio.io/inject': 'false' }),
      plain: cluster.injectors('plain', {}),
    });
    const outside = { refused: [], plain: [] };
    const seen: Record<string, unknown> = {};
    cluster.apply(objectsOf(chart));
    seen.before = injected();
    made.charts.forEach((step, index) => {
      cluster.apply(objectsOf(step));
      seen[names(made)[index]] = injected();
    });

    const [before, middle, after] = [
      { tools: [OLD], shop: [OLD], edge: [OLD], ...outside },
      { tools: [NEW], shop: [OLD], edge: [OLD], ...outside },
      { tools: [NEW], shop: [NEW], edge: [NEW], ...outside },
    ];
    expect(seen).toEqual({
      'before': before,
      'back-up': before,
      'compatibility': before,
      'control-plane': before,
      'tag-canary': middle,
      'tag-stable': after,
      'verify': after,
      'retire': after,
    });
  });

  test('can be taken back wave by wave', () => {
    const { chart, upgrade: made } = upgrade();
    expect(phase(made, 'tag-stable').rollbackCommands[0]).toBe(`istioctl tag set stable --revision ${OLD} --overwrite`);
    const cluster = new Cluster({ shop: { 'istio.io/rev': 'stable' } });
    cluster.apply(objectsOf(chart));
    cluster.apply(objectsOf(made.charts[4]));
    cluster.apply(objectsOf(chart));
    expect(cluster.injectors('shop', {})).toEqual([OLD]);
  });

  test('lets the old revision check resources until it goes', () => {
    const { upgrade: made } = upgrade();
    const defaults = made.charts.flatMap((chart) => objectsOf(chart).filter(({ metadata }) => metadata.name === 'istio-base-values').map(({ data }) => `${chart.node.id} ${data['values.yaml']}`));
    expect(defaults).toEqual([`upgrade-control-plane defaultRevision: ${OLD}\n`, `upgrade-retire defaultRevision: ${NEW}\n`]);
  });

  test('restarts one namespace after another, and looks at each before the next', () => {
    const { upgrade: made } = upgrade({ checkCommands: ['./smoke-test.sh'] });
    const { commands, checkCommands } = phase(made, 'tag-stable');
    expect(commands).toEqual([
      'kubectl apply --filename upgrade-tag-stable.k8s.yaml',
      ...['shop', 'edge'].flatMap((namespace) => [
        `kubectl rollout restart deployment,statefulset,daemonset --namespace ${namespace}`,
        `kubectl get deployment,statefulset,daemonset --namespace ${namespace} --output name | xargs --no-run-if-empty --max-args=1 kubectl rollout status --namespace ${namespace} --timeout=10m`,
        `istioctl proxy-status --namespace ${namespace}`,
        `istioctl analyze --namespace ${namespace}`,
      ]),
    ]);
    expect(checkCommands).toEqual(['istioctl proxy-status', './smoke-test.sh']);
  });

  test('removes the old revision in the end, and nothing before', () => {
    const { upgrade: made } = upgrade();
    const removing = made.plan().flatMap(({ phaseName, commands }) => commands.filter((command) => /uninstall|delete/.test(command)).map((command) => `${phaseName}: ${command}`));
    expect(removing).toEqual([
      `retire: helm uninstall istiod-${OLD} --namespace istio-system --wait`,
      `retire: kubectl delete configmap istiod-${OLD}-values --namespace istio-system`,
    ]);
    expect(phase(made, 'control-plane').rollbackCommands).toEqual([
      `helm uninstall istiod-${NEW} --namespace istio-system --wait`, `kubectl delete configmap istiod-${NEW}-values --namespace istio-system`,
    ]);
  });

  test('has its commands in its outputs, as data and as text', () => {
    const { upgrade: made } = upgrade();
    const text = made.planText();
    expect(text).toMatch(/^# Istio 1\.30\.3 to 1\.31\.1\n\n## 1\. Back up\n/);
    made.charts.forEach((chart, index) => {
      const plan = objectsOf(chart).find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === chart.node.id)!.data['plan.md'];
      const { title, commands, checkCommands, rollbackCommands } = made.plan()[index];
      expect(text).toContain(`## ${index + 1}. ${title}\n`);
      for (const command of [...commands, ...checkCommands, ...rollbackCommands]) {
        expect([plan, text]).toEqual([expect.stringContaining(command), expect.stringContaining(command)]);
      }
    });
  });

  test('upgrades what there is one of on a node in place, after the control plane', () => {
    const { upgrade: made } = upgrade({}, { cni: {}, gateways: [{ namespace: 'edge' }] });
    const { commands, checkCommands } = phase(made, 'nodes');
    expect(commands.map((command) => command.replace(/.*upgrade --install (\S+).*/, '$1'))).toEqual(['kubectl apply --filename upgrade-nodes.k8s.yaml', 'istio-cni', 'istio-ingressgateway']);
    expect(checkCommands).toContain('kubectl rollout status daemonset/istio-cni-node --namespace istio-system --timeout=30m');
    expect(names(upgrade().upgrade)).not.toContain('nodes');
  });

  test('waits for waypoints instead of restarting pods in an ambient mesh', () => {
    const { upgrade: made } = upgrade({}, {}, { dataPlane: istio.DataPlane.AMBIENT });
    expect(phase(made, 'nodes').purpose).toMatch(/Connections through a ztunnel that is replaced are cut/);
    expect(phase(made, 'tag-canary').commands).toEqual([
      'kubectl apply --filename upgrade-tag-canary.k8s.yaml', 'kubectl wait gateway --all --namespace tools --for=condition=Programmed --timeout=10m',
      'istioctl proxy-status --namespace tools', 'istioctl analyze --namespace tools',
    ]);
  });

  test('is done by Flux as well', () => {
    const { upgrade: made } = upgrade({}, { delivery: istio.ControlPlaneDelivery.fluxHelmRelease({ source: delivery.FluxChartSource.helmRepository('istio') }) });
    expect(objectsOf(made.charts[2]).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['HelmRelease istio-base', `HelmRelease istiod-${NEW}`, 'ConfigMap upgrade-control-plane']);
    expect(phase(made, 'retire').commands).toEqual(['kubectl apply --filename upgrade-retire.k8s.yaml', `kubectl delete helmrelease/istiod-${OLD} --namespace flux-system`]);
  });
});

describe('an upgrade by the Sail operator', () => {
  const byRevision = { updateStrategy: istio.SailUpdateStrategy.REVISION_BASED };

  function sail(options: istio.SailOptions, revisionName: string, change: Partial<istio.MeshUpgradeProps> = {}, mesh: istio.IstioMeshProps = {}) {
    const { app, chart } = platform();
    const current = istio.ControlPlane.fromControlPlaneAttributes(chart, 'sail', { version: '1.29.6', revisionName, managedBySail: true });
    const tag = istio.RevisionTag.fromTagName(chart, 'tag', 'prod');
    const own = new istio.IstioMesh(chart, 'own', { revisionTag: tag, ...mesh });
    return new istio.MeshUpgrade(app, 'upgrade', {
      current, next: { mesh: own, version: '1.30.3', delivery: istio.ControlPlaneDelivery.sail(options) }, waves: [{ tag, namespaces: ['shop'] }], ...change,
    });
  }

  test('moves the tag from one revision of an Istio to the next', () => {
    const made = sail(byRevision, 'default-v1-29-6');
    expect(objectsOf(made.charts[2])[0]).toMatchObject({ kind: 'Istio', metadata: { name: 'default' }, spec: { version: 'v1.30.3', updateStrategy: { type: 'RevisionBased' } } });
    expect(phase(made, 'control-plane').checkCommands[0]).toBe('kubectl wait istiorevision/default-v1-30-3 --for=condition=Ready --timeout=10m');
    expect(objectsOf(made.charts[3])[0]).toMatchObject({ kind: 'IstioRevisionTag', metadata: { name: 'prod' }, spec: { targetRef: { kind: 'IstioRevision', name: 'default-v1-30-3' } } });
    expect(phase(made, 'tag-prod').rollbackCommands[0]).toContain('"name":"default-v1-29-6"');
    expect(phase(made, 'retire').commands).toEqual(['kubectl wait istiorevision/default-v1-29-6 --for=delete --timeout=10m']);
  });

  test('keeps revisions by itself when they are IstioRevisions', () => {
    const made = sail({ resource: istio.SailResource.ISTIO_REVISION }, '1-29-6');
    expect(objectsOf(made.charts[2])[0]).toMatchObject({ kind: 'IstioRevision', metadata: { name: '1-30-3' } });
    expect(phase(made, 'retire').commands).toEqual(['kubectl delete istiorevision/1-29-6']);
    expect(phase(made, 'control-plane').rollbackCommands).toEqual(['kubectl delete istiorevision/1-30-3']);
  });

  test('of an ambient mesh is done in place: control plane, node agent, ztunnel', () => {
    const made = sail({}, 'default', { inPlace: true, waves: [] }, { revisionTag: undefined, dataPlane: istio.DataPlane.AMBIENT });
    expect(names(made)).toEqual(['back-up', 'compatibility', 'control-plane', 'nodes', 'verify']);
    expect(objectsOf(made.charts[3]).map(({ kind }) => kind)).toEqual(['IstioCNI', 'ZTunnel', 'ConfigMap']);
    expect(phase(made, 'nodes').checkCommands).toContain('kubectl rollout status daemonset/ztunnel --namespace ztunnel --timeout=30m');
  });

  test('in place restarts pods namespace by namespace', () => {
    const made = sail({}, 'default', { inPlace: true, waves: [{ namespaces: ['tools'] }, { namespaces: ['a', 'b'] }] }, { revisionTag: undefined });
    expect(names(made)).toEqual(['back-up', 'compatibility', 'control-plane', 'namespace-tools', 'wave-2', 'verify']);
    expect(phase(made, 'namespace-tools').commands[0]).toBe('kubectl rollout restart deployment,statefulset,daemonset --namespace tools');
    expect(phase(made, 'namespace-tools').rollbackCommands[0]).toBe('# roll the control plane back first');
  });
});

describe('compatibility with the next version', () => {
  test('is told in the output of its phase', () => {
    const { chart, upgrade: made } = upgrade();
    new istio.crd.VirtualService(chart, 'route', { metadata: { name: 'a', namespace: 'shop' }, spec: { hosts: ['a.b'], http: [{ mirrorPercent: 5 }] } });
    const findings = objectsOf(made.charts[1])[0].data['findings.txt'];
    expect(findings).toContain('deprecated: spec.http.mirrorPercent of VirtualService shop/a is deprecated; use mirrorPercentage (at platform/route)\n');
    expect(findings).toContain('changed: from 1.31 on, proxies learn of endpoints that are not ready');
    expect(made.findings().map(({ change }) => change)).toEqual(['deprecated', 'changed']);
  });

  test('is an error at the construct when something would not work, unless that is accepted', () => {
    const build = (acceptIncompatible: boolean) => {
      const { app, chart } = upgrade({ acceptIncompatible });
      new istio.crd.RequestAuthentication(chart, 'jwt', { metadata: { name: 'a' }, spec: { jwtRules: [{ issuer: 'x' }] }, additionalSpec: { jwtRules: [{ issuer: 'x', presence: 'OPTIONAL' }] } });
      return () => app.charts.forEach((each) => each.toJson());
    };
    expect(build(false)).toThrow(/spec\.jwtRules\.presence of RequestAuthentication a is there from 1\.32 on, and not in 1\.31\.1; leave it out until then, or set acceptIncompatible \[MESH-E061\] \(at platform\/jwt\)/);
    expect(build(true)).not.toThrow();
  });

  test('is looked at in a part of the app only, when it is asked for that', () => {
    const other = new Chart(new App(), 'other');
    expect(upgrade({ checked: other }).upgrade.findings()).toEqual([]);
  });
});

describe('an upgrade that cannot be', () => {
  const running = (attributes: Partial<istio.ControlPlaneAttributes>) => istio.ControlPlane.fromControlPlaneAttributes(new Chart(new App(), 'x'), 'y', { version: '1.30.3', revisionName: OLD, ...attributes });
  const tag = (name: string) => istio.RevisionTag.fromTagName(new Chart(new App(), 'x'), 'y', name);
  const stable = tag('stable');

  test.each<[string, Partial<istio.MeshUpgradeProps>, Partial<istio.ControlPlaneProps>, RegExp]>([
    ['goes back', { current: running({ version: '1.32.0' }) }, {}, /an upgrade from Istio 1\.32\.0 to 1\.31\.1; name a later version, or use the rollback commands of the plan to get back \[MESH-E060\]/],
    ['goes too far', { current: running({ version: '1.28.0' }) }, {}, /over 3 minor releases; go at most 2 further at a time: to 1\.30 first \[MESH-E060\] \(at upgrade\)/],
    ['goes too far for a node agent', { current: running({ version: '1.29.0' }) }, { cni: {} }, /go at most 1 further at a time, since control plane and node agent may be one apart: to 1\.30 first \[MESH-E060\]/],
    ['replaces the revision that runs', { current: running({ revisionName: NEW }) }, {}, /would replace it; give it a revision of its own, made of its version, or set inPlace \[MESH-E031\]/],
    ['changes the revision in place', { inPlace: true, waves: [] }, {}, /an upgrade in place of revision "1-30-3" by revision "1-31-1"; give both one revision, or leave out inPlace \[MESH-E031\]/],
    ['changes who runs the control plane', { current: running({ managedBySail: true }) }, {}, /upgrade first, and change the delivery afterwards \[MESH-E031\]/],
    ['changes the namespace', {}, { namespace: 'mesh' }, /keep the namespace \[MESH-E031\]/],
    ['moves nobody', { waves: [] }, {}, /an upgrade in which no namespace moves; .* \[MESH-E030\]/],
    ['moves without a tag', { waves: [{ namespaces: ['a'] }] }, {}, /give the tag that these namespaces name \[MESH-E030\]/],
    ['moves a tag for nobody', { waves: [{ tag: stable, namespaces: [] }] }, {}, /a wave without namespaces; name at least one \[MESH-E030\]/],
    ['moves a tag twice', { waves: [{ tag: stable, namespaces: ['a'] }, { tag: stable, namespaces: ['b'] }] }, {}, /revision tag "stable" in two waves: .* \[MESH-E031\]/],
    ['moves a namespace twice', { waves: [{ tag: stable, namespaces: ['a'] }, { tag: tag('other'), namespaces: ['a'] }] }, {}, /namespace "a" moves twice; name it in one wave \[MESH-E031\]/],
    ['leaves the pods of the mesh behind', { waves: [{ tag: tag('other'), namespaces: ['a'] }] }, {}, /pods of the mesh name revision tag "stable", which moves in no wave; add a wave with that tag \[MESH-E030\]/],
    ['leaves gateways behind', {}, { gateways: [{}] }, /gateways in namespace istio-system, which moves in no wave; add it to the wave of revision tag "stable" \[MESH-E030\]/],
    ['has two injectors for one pod', { current: running({ revisionName: 'default' }), waves: [{ tag: stable, namespaces: ['a'] }, { tag: tag('default'), namespaces: ['b'] }] }, {}, /both would inject proxies into the same pods; .* \[MESH-E031\]/],
  ])('because it %s is refused', (_, change, next, message) => {
    expect(() => upgrade(change, next)).toThrow(message);
  });

  test('because its versions are none is refused', () => {
    expect(() => upgrade({ current: running({ version: 'old' }) })).toThrow(/invalid version of Istio, got "old"; .* \[MESH-E060\]/);
  });
});
