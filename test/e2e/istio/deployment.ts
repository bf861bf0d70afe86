import * as assert from 'assert/strict';
import { isMeshObject } from './library-app';
import { Manifest, nameOf } from '../lab/api-client';
import { LabService, MeshLab, ServiceOptions } from '../lab/mesh-lab';
import { Workload, WorkloadOptions } from '../lab/workload';

/** What pods have beside what the manifest says, by Deployment; ports are those that no Service names, or that speak TLS. */
export type PodExtras = Readonly<Record<string, Partial<Pick<WorkloadOptions, 'listen' | 'proxyEnv' | 'trusts'>>>>;

/**
 * What the library wrote, running in the lab: a pod for each Deployment, with its labels and its ServiceAccount, and the Services with
 * their ports and selectors. Mesh resources are put in force one set after the other.
 */
export class RunningApp {
  /** Starts the pods and Services that the library wrote. */
  static async start(lab: MeshLab, objects: readonly Manifest[], extras: PodExtras = {}): Promise<RunningApp> {
    const services = objects.filter((it) => it.kind === 'Service').map(serviceOf);
    await lab.addServices(...services);
    await lab.addWorkloads(...objects.filter((it) => it.kind === 'Deployment').map((it) => podOf(it, services, extras)));
    return new RunningApp(lab, objects.filter((it) => !isMeshObject(it)));
  }

  private constructor(readonly lab: MeshLab, private readonly core: readonly Manifest[]) {}

  /** A pod by its name, which is that of its Deployment. */
  pod(name: string): Workload {
    return this.lab.workloads.find((it) => it.options.name === name) ?? assert.fail(`there is no pod ${name}`);
  }

  service(name: string): LabService {
    return this.lab.services.find((it) => it.name === name) ?? assert.fail(`there is no Service ${name}`);
  }

  /**
   * Puts the mesh resources of another version of the app in force, and no others. Its pods and Services must be those that run.
   *
   * @param beside resources that the library did not write
   */
  async use(objects: readonly Manifest[], beside: readonly Manifest[] = []): Promise<void> {
    for (const object of objects.filter((it) => !isMeshObject(it))) {
      const running = this.core.find((it) => nameOf(it) === nameOf(object));
      assert.deepEqual(essence(object), running && essence(running), `${nameOf(object)} is not what runs in the lab`);
    }
    const report = await this.lab.configure([...objects.filter(isMeshObject), ...beside]);
    assert.deepEqual(report.refused, [], 'a proxy refused its configuration');
    assert.deepEqual(report.ignored, [], 'istiod had no use for some objects');
  }
}

/** The part of an object that the lab made something of. */
function essence({ kind, spec }: Manifest): unknown {
  switch (kind) {
    case 'Service': return spec;
    case 'Deployment': return { labels: spec.template.metadata.labels, account: spec.template.spec.serviceAccountName };
    default: return undefined;
  }
}

function serviceOf({ metadata, spec }: Manifest): ServiceOptions {
  return {
    name: metadata.name!,
    namespace: metadata.namespace!,
    selector: spec.selector,
    ports: spec.ports.map(({ name, port, targetPort, appProtocol }: any) => ({ name, port, targetPort, appProtocol })),
  };
}

function podOf({ metadata, spec }: Manifest, services: readonly ServiceOptions[], extras: PodExtras): WorkloadOptions {
  const { labels } = spec.template.metadata;
  const name = metadata.name!;
  const selecting = services.filter((it) => it.namespace === metadata.namespace
    && Object.entries(it.selector).every(([key, value]) => labels[key] === value));
  const named = selecting.flatMap((it) => it.ports ?? []).map(({ targetPort, appProtocol }) => [targetPort, {
    port: targetPort, kind: appProtocol === 'tcp' ? 'tcp' : 'http',
  }] as const);
  const own = (extras[name]?.listen ?? []).map((it) => [it.port, it] as const);
  return {
    name,
    namespace: metadata.namespace!,
    labels,
    proxy: labels['sidecar.istio.io/inject'] === 'true' ? 'sidecar' : 'none',
    serviceAccount: spec.template.spec.serviceAccountName,
    ...extras[name],
    listen: [...new Map([...named, ...own]).values()],
  };
}
