import * as fs from 'fs';
import * as path from 'path';
import { LabRequest, LabResponse, SeenRequest } from './agent/protocol';
import { AgentHandle } from './agent-handle';
import { ApiServer } from './api-server';
import { run as runCommand } from './command';
import { Istiod } from './istiod';
import { LabProcess, waitFor } from './lab-process';
import { LabRun } from './lab-run';
import { Host, Network } from './network';
import { envoy, iptables, istio } from './parts';
import { partDir, program } from './parts/part';

/** A pod of the lab. */
export interface WorkloadOptions {
  readonly name: string;
  readonly namespace: string;
  /** Default: `app: <name>`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: the name. */
  readonly serviceAccount?: string;
  /** What stands beside it: a sidecar that takes all its traffic, nothing, or instead of it: a gateway (default: sidecar). */
  readonly proxy?: 'sidecar' | 'none' | 'gateway';
  /** Ports where its backend listens (default: 8080 and 7070 http, 9000 tcp; a gateway has none). */
  readonly listen?: readonly { readonly port: number; readonly kind: 'http' | 'tcp'; readonly tls?: { readonly cert: string; readonly key: string } }[];
  /** Certificates (PEM) of the authorities that its operating system trusts (default: those that the machine's does). */
  readonly trusts?: string;
  /** Addresses of names that its operating system knows without DNS. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Environment of its proxy beside the lab's own. */
  readonly proxyEnv?: Readonly<Record<string, string>>;
  /** Where its node is, for locality. */
  readonly node?: { readonly region: string; readonly zone: string };
}

/** What a workload is started with. */
export interface WorkloadSurroundings {
  readonly run: LabRun;
  readonly api: ApiServer;
  readonly istiod: Istiod;
  readonly network: Network;
}

/** Group whose traffic is not redirected: the proxy's own. */
const PROXY_GROUP = 1337;

const DEFAULT_PORTS: NonNullable<WorkloadOptions['listen']> = [
  { port: 8080, kind: 'http' }, { port: 7070, kind: 'http' }, { port: 9000, kind: 'tcp' },
];

/** A pod: an object in the API server, a network namespace with backend and client, and possibly a real agent and Envoy. */
export class Workload {
  /** Makes the pod and starts its programs; its proxy is connected when this returns. */
  static async start(surroundings: WorkloadSurroundings, options: WorkloadOptions): Promise<Workload> {
    const proxy = options.proxy ?? 'sidecar';
    const id = `${options.name}.${options.namespace}`;
    const host = await surroundings.network.addHost(id);
    if (options.trusts !== undefined) surroundings.run.replaceFile(host.namespace, 'ssl/certs/ca-certificates.crt', options.trusts);
    if (options.hosts) surroundings.run.replaceFile(host.namespace, 'hosts', Object.entries(options.hosts).map(([name, address]) => `${address} ${name}\n`).join(''));
    const listen = options.listen ?? (proxy === 'gateway' ? [] : DEFAULT_PORTS);
    const agent = await AgentHandle.start(surroundings.run, {
      name: id,
      listen,
      toSocket: proxy === 'none' ? [] : [{ port: 15012, socket: surroundings.istiod.socket }],
      fromSocket: [],
    }, host.namespace);
    const workload = new Workload(surroundings, { ...options, proxy, listen }, host, agent);
    await workload.createPod();
    if (proxy !== 'none') await workload.startProxy();
    return workload;
  }

  /** `name.namespace`, as istiod calls it. */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  private proxyProcess?: LabProcess;

  private constructor(
    private readonly surroundings: WorkloadSurroundings,
    readonly options: WorkloadOptions & Required<Pick<WorkloadOptions, 'proxy' | 'listen'>>,
    private readonly host: Host,
    readonly agent: AgentHandle,
  ) {
    this.id = `${options.name}.${options.namespace}`;
    this.serviceAccount = options.serviceAccount ?? options.name;
    this.labels = {
      ...(options.labels ?? { app: options.name }),
      // What injection would write: others may speak mutual TLS to it.
      ...(options.proxy === 'sidecar' && { 'security.istio.io/tlsMode': 'istio' }),
    };
  }

  get ip(): string {
    return this.host.ip;
  }

  get hasProxy(): boolean {
    return this.options.proxy !== 'none';
  }

  /** Processes without which it does not work. */
  get needs(): readonly LabProcess[] {
    return this.proxyProcess ? [this.proxyProcess, this.agent.process] : [this.agent.process];
  }

  /** Sends requests from this workload, through its sidecar if it has one. */
  async sendAll(requests: readonly LabRequest[]): Promise<LabResponse[]> {
    return this.agent.sendAll(requests);
  }

  /** Sends one request from this workload. */
  async send(request: LabRequest): Promise<LabResponse> {
    return this.agent.send(request);
  }

  /** What its backend saw since the last call. */
  async seen(): Promise<SeenRequest[]> {
    return this.agent.seen();
  }

  /** A part of its Envoy's configuration, such as `/config_dump?resource=dynamic_listeners`. */
  async envoyJson(adminPath: string): Promise<any> {
    return JSON.parse(await this.agent.envoy('GET', adminPath));
  }

  /** How many clusters and listeners its Envoy has accepted but not yet put to use. */
  async warming(): Promise<number> {
    const stats = await this.agent.envoy('GET', '/stats?filter=warming');
    return [...stats.matchAll(/^(?:cluster_manager\.warming_clusters|listener_manager\.total_listeners_warming): (\d+)/gm)]
      .reduce((sum, match) => sum + Number(match[1]), 0);
  }

  private async createPod(): Promise<void> {
    const { client } = this.surroundings.api;
    const { name, namespace, node, listen } = this.options;
    const nodeName = node ? `node-${node.region}-${node.zone}` : 'node-lab';
    const labels: Record<string, string> = node ? { 'topology.kubernetes.io/region': node.region, 'topology.kubernetes.io/zone': node.zone } : {};
    await client.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName, labels } });
    await client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: this.serviceAccount, namespace } });
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels: { ...this.labels } },
      spec: {
        nodeName,
        serviceAccountName: this.serviceAccount,
        containers: [{ name: 'app', image: 'lab', ports: listen.map(({ port }) => ({ containerPort: port })) }],
      },
    };
    await client.apply(pod);
    await client.patchStatus(pod, {
      phase: 'Running',
      podIP: this.ip,
      podIPs: [{ ip: this.ip }],
      conditions: [{ type: 'Ready', status: 'True' }],
    });
  }

  private async startProxy(): Promise<void> {
    const { run, api, istiod } = this.surroundings;
    const { name, namespace, proxy, listen, proxyEnv } = this.options;
    const dir = run.folder(`proxies/${this.id}`);
    const write = (file: string, text: string) => {
      fs.mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
      fs.writeFileSync(path.join(dir, file), text);
      return path.join(dir, file);
    };
    write('var/run/secrets/tokens/istio-token', await api.token(namespace, this.serviceAccount, 'istio-ca'));
    const root = write('var/run/secrets/istio/root-cert.pem', istiod.rootCert);
    if (proxy === 'sidecar') await this.redirect();
    this.proxyProcess = run.start(`proxy-${this.id}`, program(istio, 'pilot-agent'), [
      'proxy', proxy === 'gateway' ? 'router' : 'sidecar', '--domain', `${namespace}.svc.cluster.local`, '--proxyLogLevel', 'warning',
    ], {
      cwd: dir,
      namespace: this.host.namespace,
      gid: PROXY_GROUP,
      env: {
        POD_NAME: name,
        POD_NAMESPACE: namespace,
        INSTANCE_IP: this.ip,
        HOST_IP: '127.0.0.1',
        SERVICE_ACCOUNT: this.serviceAccount,
        TRUST_DOMAIN: 'cluster.local',
        ISTIOD_SAN: 'istiod.istio-system.svc',
        XDS_ROOT_CA: root,
        CA_ROOT_CA: root,
        ISTIO_BOOTSTRAP: path.join(partDir(istio), 'envoy_bootstrap.json'),
        ISTIO_META_CLUSTER_ID: 'Kubernetes',
        // As in the image of the proxy: EnvoyFilters can be for some versions only.
        ISTIO_META_ISTIO_VERSION: istio.version,
        ISTIO_META_INTERCEPTION_MODE: 'REDIRECT',
        ISTIO_META_WORKLOAD_NAME: name,
        ISTIO_META_POD_PORTS: JSON.stringify(listen.map(({ port }) => ({ containerPort: port, protocol: 'TCP' }))),
        ISTIO_META_DNS_CAPTURE: 'true',
        ISTIO_METAJSON_LABELS: JSON.stringify(this.labels),
        PROXY_CONFIG: JSON.stringify({
          binaryPath: program(envoy, 'envoy'),
          configPath: path.join(dir, 'etc'),
          discoveryAddress: '127.0.0.1:15012',
          statusPort: 15020,
          concurrency: 1,
          // Connections made before a change shall not live long after it.
          drainDuration: '1s',
        }),
        ...proxyEnv,
      },
    });
    await waitFor(`the proxy of ${this.id}`, async () => (await this.agent.envoy('GET', '/ready')).startsWith('LIVE'),
      { seconds: 60, needs: this.needs });
  }

  /** Redirects all traffic to the proxy, with the rules that Istio's own init container would make. */
  private async redirect(): Promise<void> {
    const group = String(PROXY_GROUP);
    await runCommand('ip', [
      'netns', 'exec', this.host.namespace, program(istio, 'pilot-agent'), 'istio-iptables',
      '-p', '15001', '-z', '15006', '-u', group, '-g', group, '-m', 'REDIRECT', '-i', '*', '-x', '', '-b', '*', '-d', '15090,15021,15020',
    ], { env: { PATH: `${path.join(partDir(iptables), 'bin')}:${process.env.PATH}:/usr/sbin:/sbin` } });
  }
}
