import * as fs from 'fs';
import * as http from 'http';
import * as path from 'path';
import { AgentHandle } from './agent-handle';
import { ApiServer } from './api-server';
import { LabProcess, waitFor } from './lab-process';
import { freePort, LabRun } from './lab-run';
import { istio } from './parts';
import { program } from './parts/part';

/** Options of istiod. */
export interface IstiodOptions {
  /** Fields of the mesh config beside the lab's own. */
  readonly meshConfig?: Readonly<Record<string, unknown>>;
  /** Environment beside the lab's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Entries of the Secret `cacerts`, as they are mounted into istiod's pod (default: istiod makes a root of its own). */
  readonly cacerts?: Readonly<Record<string, string>>;
}

/** How far one proxy is, for one type of configuration. */
export interface TypeSync {
  /** Number of the push that was sent last; 0 = none. */
  readonly sent: number;
  /** Whether the proxy acknowledged exactly that. */
  readonly acked: boolean;
  /** What the proxy did not like. */
  readonly error: string;
}

/** A real istiod on an API server. */
export class Istiod {
  /** Starts one and waits until it is ready and its certificate authority has a root. */
  static async start(run: LabRun, api: ApiServer, options: IstiodOptions = {}): Promise<Istiod> {
    const [plainGrpc, secureGrpc, web, monitoring] = [await freePort(), await freePort(), await freePort(), await freePort()];
    const dir = run.folder('istiod');
    fs.writeFileSync(path.join(dir, 'mesh.yaml'), JSON.stringify({ ...MESH_CONFIG, ...options.meshConfig }));
    await api.client.ensureNamespace(ROOT_NAMESPACE);
    const { cacerts } = options;
    if (cacerts) writeFiles(path.join(dir, 'etc', 'cacerts'), cacerts);
    const daemon = run.start('istiod', program(istio, 'pilot-discovery'), [
      'discovery', '--kubeconfig', api.kubeconfig, '--meshConfig', path.join(dir, 'mesh.yaml'),
      '--grpcAddr', `127.0.0.1:${plainGrpc}`, '--secureGRPCAddr', `127.0.0.1:${secureGrpc}`,
      '--httpAddr', `127.0.0.1:${web}`, '--httpsAddr', '', '--monitoringAddr', `127.0.0.1:${monitoring}`, '--ctrlz_port', '0',
      '--log_output_level', 'default:info,push:debug',
    ], { cwd: dir, env: { ...ISTIOD_ENV, ...options.env } });
    const istiod = new Istiod(daemon, web, path.join(dir, 'istiod.sock'));
    await waitFor('istiod to be ready', async () => istiod.ask('/ready'), { seconds: 60, needs: [daemon, ...api.needs] });
    istiod.rootCert = cacerts ? cacerts['root-cert.pem'] ?? cacerts['ca.crt'] : await ownRoot(api, daemon);
    await AgentHandle.start(run, { name: 'istiod-relay', listen: [], toSocket: [], fromSocket: [{ socket: istiod.socket, port: secureGrpc }] });
    return istiod;
  }

  /** Root certificate of the mesh, PEM. */
  rootCert = '';
  private readonly connections = new http.Agent({ keepAlive: true });

  private constructor(
    readonly process: LabProcess,
    private readonly port: number,
    /** Unix socket that leads to the secure port, from any network namespace. */
    readonly socket: string,
  ) {}

  /** Asks a path of istiod's web port, such as `/debug/configz`; fails unless the answer is 200. */
  async ask(urlPath: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = http.get({ host: '127.0.0.1', port: this.port, path: urlPath, agent: this.connections }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          body += part;
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) resolve(body || 'ok');
          else reject(new Error(`istiod answered ${response.statusCode} to ${urlPath}: ${body.slice(0, 200)}`));
        });
      });
      request.on('error', reject);
    });
  }

  /** How far each connected proxy is: by proxy id (`pod.namespace`), then by short type (`Cluster`, `Listener`, `RouteConfiguration` …). */
  async syncState(): Promise<Map<string, Map<string, TypeSync>>> {
    const proxies: any[] = JSON.parse(await this.ask('/debug/syncz'));
    return new Map(proxies.map((proxy) => [proxy.proxy, new Map(Object.entries<any>(proxy.resources ?? {}).map(([type, state]) => [
      shortType(type),
      { sent: pushNumber(state.sent), acked: state.sent === state.acked, error: state.last_error ?? state.lastError ?? '' },
    ]))]));
  }

  /** Whether a proxy wants any resource of a (short) type. */
  async watches(proxyId: string, type: string): Promise<boolean> {
    const { clients } = JSON.parse(await this.ask('/debug/adsz'));
    const client = clients.find((it: any) => it.connectionId.replace(/-\d+$/, '') === proxyId);
    return Object.entries<string[] | null>(client?.watches ?? {}).some(([url, names]) => shortType(url) === type && (names ?? []).length > 0);
  }

  /** Sends everything to all proxies again, from what istiod knows now. */
  async pushAll(): Promise<void> {
    await this.ask('/debug/adsz?push=true');
  }
}

/** The namespace of istiod and of mesh-wide configuration. */
export const ROOT_NAMESPACE = 'istio-system';

const MESH_CONFIG = {
  rootNamespace: ROOT_NAMESPACE,
  trustDomain: 'cluster.local',
  // Stock Envoy lacks Istio's own stats filter.
  defaultProviders: {},
  enablePrometheusMerge: false,
};

const ISTIOD_ENV = {
  POD_NAMESPACE: ROOT_NAMESPACE,
  POD_NAME: 'istiod-0',
  CLUSTER_ID: 'Kubernetes',
  ISTIOD_ADDR: `istiod.${ROOT_NAMESPACE}.svc:15012`,
  INJECTION_WEBHOOK_CONFIG_NAME: '',
  VALIDATION_WEBHOOK_CONFIG_NAME: '',
  // The same: filters that stock Envoy does not have.
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  PILOT_DISABLE_MX_ALPN: 'true',
  PILOT_ENABLE_ALPN_FILTER: 'false',
  PILOT_ENABLE_TELEMETRY_LABEL: 'false',
  // Few objects change at a time here, so there is nothing to wait for.
  PILOT_DEBOUNCE_AFTER: '10ms',
};

/** The root that istiod has made itself. */
async function ownRoot(api: ApiServer, daemon: LabProcess): Promise<string> {
  const secret = await api.client.until({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'istio-ca-secret', namespace: ROOT_NAMESPACE } },
    (now) => now.data?.['ca-cert.pem'] !== undefined, { seconds: 30, needs: [daemon] });
  return Buffer.from(secret.data['ca-cert.pem'], 'base64').toString('utf8');
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
}

function shortType(url: string): string {
  return url.slice(url.lastIndexOf('.') + 1);
}

/** A nonce is the push' version (`time/number`) with a random part behind it. */
function pushNumber(nonce: string | undefined): number {
  return Number(/\/(\d+?)[0-9a-f]{8}-[0-9a-f-]+$/.exec(nonce ?? '')?.[1] ?? 0);
}
