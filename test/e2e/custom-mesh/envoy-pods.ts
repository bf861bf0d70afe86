import * as fs from 'fs';
import * as path from 'path';
import { LabRequest, LabResponse, SeenRequest } from '../lab/agent/protocol';
import { AgentHandle } from '../lab/agent-handle';
import { Manifest } from '../lab/api-client';
import { run as runCommand } from '../lab/command';
import { LabProcess, waitFor } from '../lab/lab-process';
import { LabRun } from '../lab/lab-run';
import { Host, Network } from '../lab/network';
import { envoy } from '../lab/parts';
import { program } from '../lab/parts/part';

/** Where the manifests mount what their proxies read. */
const MOUNT = '/etc/envoy-static';

interface Entries {
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

/** A pod that runs what a Deployment says: the application's port, and the proxy with the config and certificates that it mounts. */
export class EnvoyPod {
  private proxy?: LabProcess;

  public constructor(
    private readonly run: LabRun, readonly name: string, readonly host: Host, readonly agent: AgentHandle,
    private readonly folder: string, private readonly aliases: readonly { readonly ip: string; readonly hostnames: readonly string[] }[],
  ) {}

  /** Sends requests as the application would: to the address that the pod has for a name. */
  public async ask(service: string, ...requests: readonly Omit<LabRequest, 'address' | 'port'>[]): Promise<LabResponse[]> {
    const alias = this.aliases.find(({ hostnames }) => hostnames.includes(service));
    if (!alias) { throw new Error(`${this.name} has no address for ${service}`); }
    return this.agent.sendAll(requests.map((request) => ({ host: service, ...request, address: alias.ip, port: 80 })));
  }

  /** What its application saw since the last call. */
  public async seen(): Promise<SeenRequest[]> {
    return this.agent.seen();
  }

  /** A request with the pod's certificate, past its own proxy. */
  public async askDirectly(to: EnvoyPod, port: number, serverName: string, urlPath: string): Promise<{ readonly status: number; readonly error: string }> {
    const file = (name: string) => path.join(this.folder, 'tls', name);
    const url = `https://${serverName}:${port}${urlPath}`;
    const args = ['-sS', '-o', '/dev/null', '-w', '%{http_code}', '--max-time', '5', '-k', '--resolve', `${serverName}:${port}:${to.host.ip}`, '--cert', file('tls.crt'), '--key', file('tls.key'), url];
    try {
      return { status: Number(await runCommand('ip', ['netns', 'exec', this.host.namespace, 'curl', ...args])), error: '' };
    } catch (error) {
      return { status: 0, error: (error as Error).message };
    }
  }

  /** A number of its proxy's statistics; 0 when there is none yet. */
  public async stat(name: string): Promise<number> {
    const text = await this.agent.envoy('GET', `/stats?filter=^${encodeURIComponent(name.replace(/[.|]/g, '\\$&'))}$`);
    return Number(/: (\d+)/.exec(text)?.[1] ?? 0);
  }

  public async startProxy(): Promise<void> {
    this.proxy = this.run.start(`envoy-${this.name}`, program(envoy, 'envoy'), [
      '-c', path.join(this.folder, 'config', 'envoy.json'), '--disable-hot-restart', '--concurrency', '1', '-l', 'warning',
    ], { namespace: this.host.namespace });
    await waitFor(`the proxy of ${this.name}`, async () => (await this.agent.envoy('GET', '/ready')).startsWith('LIVE'), { seconds: 30, needs: [this.proxy, this.agent.process] });
  }

  /** Ends its application; the proxy stays. */
  public stopApplication(): void {
    this.agent.process.kill();
  }
}

/** Starts pods for the Deployments among some manifests: as many as asked for, one each unless said otherwise. */
export async function startPods(run: LabRun, manifests: readonly Manifest[], replicas: Readonly<Record<string, number>> = {}): Promise<EnvoyPod[]> {
  const network = await Network.create(run);
  const find = (kind: string, name: string) => manifests.find((it) => it.kind === kind && it.metadata.name === name)!;
  const pods: { readonly name: string; readonly host: Host; readonly spec: any; readonly labels: Readonly<Record<string, string>> }[] = [];
  for (const { metadata: { name }, spec } of manifests.filter((it) => it.kind === 'Deployment') as any[]) {
    for (let index = 1; index <= (replicas[name] ?? 1); index++) {
      const pod = `${name}-${index}`;
      pods.push({ name: pod, host: await network.addHost(pod), spec: spec.template.spec, labels: spec.template.metadata.labels });
    }
  }
  // What the DNS server of a cluster would say of Services without address.
  const endpoints = (manifests as any[]).filter((it) => it.kind === 'Service' && it.spec.clusterIP === 'None').flatMap(({ metadata, spec }) => pods
    .filter(({ labels }) => Object.entries(spec.selector).every(([key, value]) => labels[key] === value))
    .map(({ host }) => `${host.ip} ${metadata.name}.${metadata.namespace}.svc.cluster.local`));
  const started = await Promise.all(pods.map(async ({ name, host, spec }) => {
    const aliases = (spec.hostAliases ?? []) as { readonly ip: string; readonly hostnames: readonly string[] }[];
    run.replaceFile(host.namespace, 'hosts', ['127.0.0.1 localhost', ...endpoints, ...aliases.map(({ ip, hostnames }) => `${ip} ${hostnames.join(' ')}`), ''].join('\n'));
    const folder = run.folder(`pods/${name}`);
    const write = (file: string, text: string) => {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), text, { mode: 0o600 });
    };
    for (const volume of spec.volumes) {
      const { data = {}, stringData = {} } = (volume.configMap ? find('ConfigMap', volume.configMap.name) : find('Secret', volume.secret.secretName)) as Manifest & Entries;
      const texts = volume.configMap ? data : { ...Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()])), ...stringData };
      const mount = spec.initContainers[0].volumeMounts.find((it: any) => it.name === volume.name).mountPath.slice(MOUNT.length + 1);
      for (const [file, text] of Object.entries(texts)) { write(`${mount}/${file}`, text.replaceAll(MOUNT, folder)); }
    }
    const [{ ports: [{ containerPort }] }] = spec.containers;
    const agent = await AgentHandle.start(run, { name, listen: [{ port: containerPort, kind: 'http' }], toSocket: [], fromSocket: [] }, host.namespace);
    return new EnvoyPod(run, name, host, agent, folder, aliases);
  }));
  await Promise.all(started.map(async (pod) => pod.startProxy()));
  return started;
}
