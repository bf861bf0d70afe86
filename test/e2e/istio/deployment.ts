import * as assert from 'assert/strict';
import { isMeshObject } from './library-app';
import { Manifest, nameOf } from '../lab/api-client';
import { LabService, MeshLab, ServiceOptions } from '../lab/mesh-lab';
import { Workload, WorkloadOptions } from '../lab/workload';

type Listen = NonNullable<WorkloadOptions['listen']>;

/** What the pods of a Deployment have beside what the manifest says. */
export interface DeploymentExtras {
  /** Ports where the application listens that no Service names, by Deployment. */
  readonly listen?: Readonly<Record<string, Listen>>;
  /** Environment of the proxies, by Deployment. */
  readonly proxyEnv?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * What the library wrote, running in the lab: a pod for each Deployment, with its labels and its ServiceAccount, and the Services with
 * their ports and selectors. Mesh resources are put in force one set after the other.
 */
export class RunningApp {
  /** Starts the pods and Services that the library wrote. */
  static async start(lab: MeshLab, objects: readonly Manifest[], extras: DeploymentExtras = {}): Promise<RunningApp> {
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

function podOf({ metadata, spec }: Manifest, services: readonly ServiceOptions[], { listen = {}, proxyEnv = {} }: DeploymentExtras): WorkloadOptions {
  const { labels } = spec.template.metadata;
  const name = metadata.name!;
  const selecting = services.filter((it) => it.namespace === metadata.namespace
    && Object.entries(it.selector).every(([key, value]) => labels[key] === value));
  const named = selecting.flatMap((it) => it.ports ?? []).map(({ targetPort, appProtocol }) => [targetPort, {
    port: targetPort, kind: appProtocol === 'tcp' ? 'tcp' : 'http',
  }] as const);
  return {
    name,
    namespace: metadata.namespace!,
    labels,
    proxy: labels['sidecar.istio.io/inject'] === 'true' ? 'sidecar' : 'none',
    serviceAccount: spec.template.spec.serviceAccountName,
    listen: [...new Map(named).values(), ...listen[name] ?? []],
    proxyEnv: proxyEnv[name],
  };
}
