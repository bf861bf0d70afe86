import { ApiObject, Chart, Cron, Lazy } from 'cdk8s';
import * as kplus28 from 'cdk8s-plus-28';
import * as kplus33 from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { Workload } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorOf, manifestsOf } from '../support/manifests';

const POD = { containers: [{ name: 'main', image: 'main' }] };

/** A workload of its own kind, and where its pods are described. */
interface Sample { readonly build: (scope: Construct) => Construct; readonly template: (manifest: any) => any }

const inTemplate = (manifest: any) => manifest.spec.template;
const samples: Record<string, Sample> = {
  'a Deployment of cdk8s-plus-28': { build: (scope) => new kplus28.Deployment(scope, 'w', { containers: [{ image: 'main' }] }), template: inTemplate },
  'a Deployment of cdk8s-plus-33': { build: (scope) => new kplus33.Deployment(scope, 'w', { containers: [{ image: 'main' }] }), template: inTemplate },
  'a StatefulSet of cdk8s-plus': {
    build: (scope) => new kplus28.StatefulSet(scope, 'w', { containers: [{ image: 'main', portNumber: 80 }], service: new kplus28.Service(scope, 's', { ports: [{ port: 80 }] }) }),
    template: inTemplate,
  },
  'a DaemonSet of cdk8s-plus': { build: (scope) => new kplus28.DaemonSet(scope, 'w', { containers: [{ image: 'main' }] }), template: inTemplate },
  'a Job of cdk8s-plus': { build: (scope) => new kplus28.Job(scope, 'w', { containers: [{ image: 'main' }] }), template: inTemplate },
  'a CronJob of cdk8s-plus': {
    build: (scope) => new kplus28.CronJob(scope, 'w', { schedule: Cron.hourly(), containers: [{ image: 'main' }] }),
    template: (manifest) => manifest.spec.jobTemplate.spec.template,
  },
  'a Pod of cdk8s-plus': { build: (scope) => new kplus28.Pod(scope, 'w', { containers: [{ image: 'main' }] }), template: (manifest) => manifest },
  'a raw Deployment with labels': {
    build: (scope) => new ApiObject(scope, 'w', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { metadata: { labels: { own: 'label' } }, spec: POD } } }),
    template: inTemplate,
  },
  'a raw Deployment without labels': {
    build: (scope) => new ApiObject(scope, 'w', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { metadata: { annotations: { own: 'note' } }, spec: POD } } }),
    template: inTemplate,
  },
  'a raw Deployment without metadata': { build: (scope) => new ApiObject(scope, 'w', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { spec: POD } } }), template: inTemplate },
  'a Rollout': { build: (scope) => new ApiObject(scope, 'w', { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', spec: { template: { spec: POD } } }), template: inTemplate },
  'a raw Pod': { build: (scope) => new ApiObject(scope, 'w', { apiVersion: 'v1', kind: 'Pod', spec: POD }), template: (manifest) => manifest },
  'a construct with a workload among other objects': {
    build: (scope) => {
      const release = new Construct(scope, 'w');
      new ApiObject(release, 'config', { apiVersion: 'v1', kind: 'ConfigMap' });
      new ApiObject(release, 'app', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { spec: POD } } });
      return release;
    },
    template: inTemplate,
  },
};

describe.each(Object.entries(samples))('%s', (_, { build, template }) => {
  function both() {
    const [plain, adopted] = [chartIn(), chartIn()];
    build(plain);
    const workload = Workload.adopt(build(adopted));
    const kind = workload.apiObject!.kind;
    const pick = (chart: Chart) => template(manifestsOf(chart).find((manifest) => manifest.kind === kind));
    return { workload, before: pick(plain), after: () => pick(adopted) };
  }

  test('keeps all that it had, and gets what is added to its pods', () => {
    const { workload, before, after } = both();
    workload.addPodLabels({ 'example.com/added': 'label' });
    workload.addPodAnnotations({ 'example.com/added': 'note' });
    workload.useServiceAccount('somebody');
    expect(after()).toEqual({
      ...before,
      metadata: {
        ...before.metadata,
        labels: { ...before.metadata?.labels, 'example.com/added': 'label' },
        annotations: { ...before.metadata?.annotations, 'example.com/added': 'note' },
      },
      spec: { ...before.spec, serviceAccountName: 'somebody' },
    });
  });

  test('tells what its pods are like', () => {
    const { workload, before } = both();
    expect(workload.podLabels).toEqual(before.metadata?.labels ?? {});
    expect(workload.hostNetwork).toBe(before.spec.hostNetwork ?? false);
    expect(workload.podTemplate().spec.containers[0].image).toBe('main');
    workload.useServiceAccount('somebody');
    workload.addPodLabels({ 'app.kubernetes.io/part-of': 'shop' });
    expect(workload.serviceAccountName).toBe('somebody');
    expect(workload.podLabels).toMatchObject({ 'app.kubernetes.io/part-of': 'shop' });
  });
});

describe('a workload', () => {
  test('may get containers after it was adopted', () => {
    const chart = chartIn();
    const deployment = new kplus28.Deployment(chart, 'w', { containers: [{ image: 'main' }] });
    const workload = Workload.adopt(deployment);
    workload.addPodLabels({ a: 'b' });
    deployment.addContainer({ name: 'second', image: 'second' });
    expect(workload.podTemplate().spec.containers.map((container: any) => container.image)).toEqual(['main', 'second']);
  });

  test('that is lazy is read when it is asked about', () => {
    const chart = chartIn();
    const labels: Record<string, string> = {};
    const object = new ApiObject(chart, 'w', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: Lazy.any({ produce: () => ({ metadata: { labels }, spec: POD }) }) } });
    const workload = Workload.adopt(object);
    labels.late = 'label';
    expect(workload.podLabels).toEqual({ late: 'label' });
  });

  test('that names its ServiceAccount the old way is understood', () => {
    const object = new ApiObject(chartIn(), 'w', { apiVersion: 'v1', kind: 'Pod', spec: { ...POD, serviceAccount: 'old' } });
    expect(Workload.adopt(object).serviceAccountName).toBe('old');
  });

  test('without pod template is an error at its object', () => {
    const rollout = new ApiObject(chartIn(), 'w', { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'cart' }, spec: { workloadRef: { kind: 'Deployment', name: 'cart' } } });
    expect(errorOf(() => Workload.adopt(rollout).podLabels)).toMatchObject({
      code: 'MESH-E013',
      constructPath: 'test/w',
      what: 'Rollout "cart" has no pod template',
      fix: 'adopt the workload that holds the template (of a Rollout with workloadRef: the one it refers to)',
    });
  });

  test('that cannot be read yet is an error at its object', () => {
    const deployment = new kplus28.Deployment(chartIn(), 'w', { metadata: { name: 'cart' } });
    const error = errorOf(() => Workload.adopt(deployment).podLabels);
    expect(error).toMatchObject({ code: 'MESH-E014', constructPath: 'test/w/Resource', fix: 'complete it before the mesh asks for its pods' });
    expect(error.what).toMatch(/^Deployment "cart" cannot be read: .*at least 1 container/);
  });

  test('is one object that runs pods', () => {
    const chart = chartIn();
    const service = new kplus28.Service(chart, 'service', { ports: [{ port: 80 }] });
    expect(errorOf(() => Workload.adopt(service))).toMatchObject({ code: 'MESH-E012', constructPath: 'test/service', what: 'expected one workload, got a Service' });
    const release = new Construct(chart, 'release');
    expect(errorOf(() => Workload.adopt(release))).toMatchObject({ code: 'MESH-E012', what: 'expected one workload, got 0 workloads in "test/release"' });
    ['a', 'b'].forEach((id) => new ApiObject(release, id, { apiVersion: 'v1', kind: 'Pod' }));
    expect(errorOf(() => Workload.adopt(release))).toMatchObject({
      code: 'MESH-E012',
      what: 'expected one workload, got 2 workloads in "test/release"',
      fix: 'adopt one object of kind Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Rollout, Pod',
    });
  });

  test('has labels that Kubernetes allows', () => {
    const workload = Workload.adopt(new ApiObject(chartIn(), 'w', { apiVersion: 'v1', kind: 'Pod', spec: POD }));
    expect(errorOf(() => workload.addPodLabels({ version: 'a b' }))).toMatchObject({ code: 'MESH-E001', constructPath: 'test/w' });
    expect(errorOf(() => workload.addPodAnnotations({ 'a b': 'x' }))).toMatchObject({ code: 'MESH-E001', what: 'invalid annotation key, got "a b"' });
  });
});

describe('an image', () => {
  test('has a reference and a whole number of replicas', () => {
    expect(errorOf(() => Workload.image(' '))).toMatchObject({ code: 'MESH-E030', what: 'an empty image reference' });
    expect(errorOf(() => Workload.image('a', { replicas: -1 }))).toMatchObject({ code: 'MESH-E028', what: 'invalid number of replicas, got -1' });
    expect(errorOf(() => Workload.image('a', { replicas: 0.5 }))).toMatchObject({ code: 'MESH-E028' });
  });

  test('that belongs to no service has no pods to look at, but keeps what is added to them', () => {
    const workload = Workload.image('a');
    workload.addPodLabels({ team: 'shop' });
    workload.addPodAnnotations({ note: 'x' });
    expect([workload.podLabels, workload.podAnnotations, workload.serviceAccountName, workload.apiObject, workload.namespace]).toEqual([{ team: 'shop' }, { note: 'x' }, undefined, undefined, undefined]);
    expect(errorOf(() => workload.podTemplate())).toMatchObject({ code: 'MESH-E030', what: 'image "a" belongs to no service yet' });
  });
});
