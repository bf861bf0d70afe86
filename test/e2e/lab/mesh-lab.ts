import { Manifest } from './api-client';
import { ApiServer } from './api-server';
import { ConfigSync, SyncReport } from './config-sync';
import { Istiod, IstiodOptions, ROOT_NAMESPACE } from './istiod';
import { LabRun } from './lab-run';
import { Network } from './network';
import { Workload, WorkloadOptions } from './workload';

/** A Service of the lab. */
export interface ServiceOptions {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the pods behind it. */
  readonly selector: Readonly<Record<string, string>>;
  /** The name says the protocol, as Istio reads it (default: http on 80 to 8080). */
  readonly ports?: readonly { readonly name: string; readonly port: number; readonly targetPort: number; readonly appProtocol?: string }[];
  /** Without an address of its own. */
  readonly headless?: boolean;
}

/** A Service as it stands in the API server. */
export interface LabService extends ServiceOptions {
  /** Address to connect to; `None` when headless. */
  readonly clusterIp: string;
  /** Fully qualified name. */
  readonly host: string;
}

/** A whole mesh on one machine: API server, istiod, network, workloads with real Envoys. */
export class MeshLab {
  /** Starts the control plane; workloads and services are added afterwards. */
  static async start(run: LabRun, options: IstiodOptions = {}): Promise<MeshLab> {
    const api = await ApiServer.start(run, { crds: ['istio-1.31.1', 'gateway-api-experimental'] });
    await api.client.apply(ONE_REQUEST_PER_CONNECTION);
    const [istiod, network] = await Promise.all([Istiod.start(run, api, options), Network.create(run)]);
    return new MeshLab(run, api, istiod, network);
  }

  readonly workloads: Workload[] = [];
  readonly services: LabService[] = [];
  private readonly sync: ConfigSync;

  private constructor(readonly run: LabRun, readonly api: ApiServer, readonly istiod: Istiod, readonly network: Network) {
    this.sync = new ConfigSync(api.client, istiod, () => this.workloads.filter((it) => it.hasProxy));
  }

  /** Adds workloads, and puts them behind the services that select them. */
  async addWorkloads(...all: readonly WorkloadOptions[]): Promise<Workload[]> {
    const started = await Promise.all(all.map(async (options) => Workload.start(this, options)));
    this.workloads.push(...started);
    await Promise.all(this.services.map(async (service) => this.applySlice(service)));
    return started;
  }

  /** A workload by its id, `name.namespace`. */
  workload(id: string): Workload {
    const found = this.workloads.find((it) => it.id === id);
    if (!found) throw new Error(`the lab has no workload ${id}, only ${this.workloads.map((it) => it.id).join(', ')}`);
    return found;
  }

  /** Adds services. */
  async addServices(...all: readonly ServiceOptions[]): Promise<LabService[]> {
    const added = await Promise.all(all.map(async (options): Promise<LabService> => {
      const { name, namespace, selector, headless } = options;
      const ports = portsOf(options).map((port) => ({ ...port, protocol: 'TCP' }));
      const object = await this.api.client.apply({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace },
        spec: { selector, ports, ...(headless && { clusterIP: 'None' }) },
      });
      const service = { ...options, clusterIp: object.spec.clusterIP, host: `${name}.${namespace}.svc.cluster.local` };
      await this.applySlice(service);
      return service;
    }));
    this.services.push(...added);
    return added;
  }

  /**
   * Makes the mesh's configuration exactly these objects (those of the call before are deleted unless they are here again) and
   * waits until all proxies work with it.
   */
  async configure(objects: readonly Manifest[]): Promise<SyncReport> {
    return this.sync.configure(objects);
  }

  /** Waits until the proxies know all workloads and services. */
  async settle(): Promise<void> {
    await this.sync.settle();
  }

  private async applySlice(service: ServiceOptions): Promise<void> {
    const pods = this.workloads.filter((it) => it.options.namespace === service.namespace
      && Object.entries(service.selector).every(([key, value]) => it.labels[key] === value));
    await this.api.client.apply({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: service.name, namespace: service.namespace, labels: { 'kubernetes.io/service-name': service.name } },
      addressType: 'IPv4',
      ports: portsOf(service).map(({ name, targetPort }) => ({ name, port: targetPort, protocol: 'TCP' })),
      endpoints: pods.map((pod) => ({
        addresses: [pod.ip],
        conditions: { ready: true },
        ...(pod.options.node && { zone: pod.options.node.zone }),
        targetRef: { kind: 'Pod', name: pod.options.name, namespace: pod.options.namespace },
      })),
    });
  }
}

/**
 * A proxy goes on serving the connections it has by the configuration they began with. Sidecars keep connections to each other open,
 * so without this a request right after a change would often be judged by the policies from before.
 */
const ONE_REQUEST_PER_CONNECTION: Manifest = {
  apiVersion: 'networking.istio.io/v1alpha3',
  kind: 'EnvoyFilter',
  metadata: { name: 'lab-one-request-per-connection', namespace: ROOT_NAMESPACE },
  spec: {
    configPatches: [{
      applyTo: 'NETWORK_FILTER',
      match: { context: 'ANY', listener: { filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } } } },
      patch: {
        operation: 'MERGE',
        value: {
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
            'common_http_protocol_options': { max_requests_per_connection: 1 },
          },
        },
      },
    }],
  },
};

function portsOf(service: ServiceOptions): NonNullable<ServiceOptions['ports']> {
  return service.ports ?? [{ name: 'http', port: 80, targetPort: 8080 }];
}
