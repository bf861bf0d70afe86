import * as crypto from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { ApiClient } from './api-client';
import { crdFiles, installCrds } from './crds';
import { LabProcess, waitFor } from './lab-process';
import { freePort, LabRun } from './lab-run';
import { etcd, kubeApiserver } from './parts';
import { program } from './parts/part';

/** Options of an API server. */
export interface ApiServerOptions {
  /** CRD files to install, by name (default: all). */
  readonly crds?: readonly string[];
}

/** A real kube-apiserver with its own etcd, on loopback ports. */
export class ApiServer {
  /** Starts one and waits until it serves everything. */
  static async start(run: LabRun, options: ApiServerOptions = {}): Promise<ApiServer> {
    const server = new ApiServer(run, await freePort());
    await server.boot();
    const start = Date.now();
    server.crdCount = await installCrds(server.client, options.crds ?? crdFiles());
    server.crdSeconds = (Date.now() - start) / 1000;
    return server;
  }

  /** Client with all rights. */
  readonly client: ApiClient;
  /** Kubeconfig with all rights. */
  readonly kubeconfig: string;
  /** How many CRDs it serves. */
  crdCount = 0;
  /** How long installing them took. */
  crdSeconds = 0;
  private readonly dir: string;
  private readonly processes: LabProcess[] = [];

  private constructor(private readonly run: LabRun, private readonly port: number) {
    this.dir = run.folder('apiserver');
    this.kubeconfig = path.join(this.dir, 'kubeconfig.json');
    const token = crypto.randomBytes(16).toString('hex');
    fs.writeFileSync(this.file('tokens.csv'), `${token},lab,lab,"system:masters"\n`);
    this.client = new ApiClient({ url: `https://127.0.0.1:${port}`, token, caFile: this.file('certs/apiserver.crt') });
  }

  /** Processes without which nothing works. */
  get needs(): readonly LabProcess[] {
    return this.processes;
  }

  /** A token of a service account (which is created when missing), as a pod would mount it. */
  async token(namespace: string, serviceAccount: string, audience: string): Promise<string> {
    await this.client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: serviceAccount, namespace } });
    const answer = await this.client.request('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { audiences: [audience], expirationSeconds: 24 * 3600 },
    });
    return answer.status.token;
  }

  private async boot(): Promise<void> {
    const [store, peer] = [await freePort(), await freePort()];
    // Nothing here outlives the run: etcd need not wait for the disk.
    this.processes.push(this.run.start('etcd', program(etcd, 'etcd'), [
      '--data-dir', path.join(this.dir, 'etcd'),
      '--listen-client-urls', `http://127.0.0.1:${store}`, '--advertise-client-urls', `http://127.0.0.1:${store}`,
      '--listen-peer-urls', `http://127.0.0.1:${peer}`, '--initial-advertise-peer-urls', `http://127.0.0.1:${peer}`,
      '--initial-cluster', `default=http://127.0.0.1:${peer}`,
    ], { env: { ETCD_UNSUPPORTED_ARCH: process.arch === 'arm64' ? 'arm64' : '' } }));

    const keys = crypto.generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    fs.writeFileSync(this.file('sa.key'), keys.privateKey);
    fs.writeFileSync(this.file('sa.pub'), keys.publicKey);
    this.processes.push(this.run.start('kube-apiserver', program(kubeApiserver, 'kube-apiserver'), [
      `--etcd-servers=http://127.0.0.1:${store}`,
      '--bind-address=127.0.0.1', '--advertise-address=127.0.0.1', `--secure-port=${this.port}`, `--cert-dir=${this.file('certs')}`,
      `--service-account-key-file=${this.file('sa.pub')}`, `--service-account-signing-key-file=${this.file('sa.key')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--token-auth-file=${this.file('tokens.csv')}`, '--authorization-mode=RBAC',
      '--service-cluster-ip-range=10.96.0.0/16', '--endpoint-reconciler-type=none', '--disable-admission-plugins=ServiceAccount',
    ]));
    await waitFor('kube-apiserver to be ready', async () => {
      await this.client.request('GET', '/readyz');
      await this.client.request('GET', '/api/v1/namespaces/default');
      return true;
    }, { seconds: 90, needs: this.processes });
    this.writeKubeconfig();
  }

  private writeKubeconfig(): void {
    const { url, token, caFile } = this.client.address;
    fs.writeFileSync(this.kubeconfig, JSON.stringify({
      'apiVersion': 'v1',
      'kind': 'Config',
      'clusters': [{ name: 'lab', cluster: { 'server': url, 'certificate-authority': caFile } }],
      'users': [{ name: 'lab', user: { token } }],
      'contexts': [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
      'current-context': 'lab',
    }));
  }

  private file(name: string): string {
    return path.join(this.dir, name);
  }
}
