import * as fs from 'fs';
import * as https from 'https';
import { waitFor, WaitOptions } from './lab-process';

/** Any Kubernetes object. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name?: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string>; [key: string]: unknown };
  [key: string]: any;
}

/** What a server said about an object. */
export interface Verdict {
  readonly ok: boolean;
  /** HTTP status. */
  readonly status: number;
  /** The server's sentence (empty when ok). */
  readonly message: string;
  /** The single complaints, where the server lists them. An unknown field is told in the message only. */
  readonly causes: readonly VerdictCause[];
}

/** One complaint about a field. */
export interface VerdictCause {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

/** Where a server is, and who asks it. */
export interface ApiAddress {
  /** Like `https://127.0.0.1:6443`. */
  readonly url: string;
  /** File with the certificate that the server's is checked with; the server may write it later. */
  readonly caFile: string;
  readonly token: string;
}

interface Answer {
  readonly status: number;
  readonly body: any;
}

interface ResourceName {
  readonly plural: string;
  readonly namespaced: boolean;
}

const APPLY = 'application/apply-patch+yaml';

/** A failed request. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** A small client of the Kubernetes API over kept-alive connections. */
export class ApiClient {
  private agent?: https.Agent;
  private readonly resources = new Map<string, Promise<Map<string, ResourceName>>>();
  private readonly namespaces = new Map<string, Promise<void>>();

  constructor(readonly address: ApiAddress) {}

  /** Creates or updates an object (server-side apply, fields owned by the lab), and its namespace when that is missing. */
  async apply(object: Manifest): Promise<Manifest> {
    await this.ensureNamespaceOf(object);
    const path = `${await this.pathOf(object)}?fieldManager=lab&force=true&fieldValidation=Strict`;
    return this.expect(await this.send('PATCH', path, object, APPLY), `apply ${nameOf(object)}`);
  }

  /** Asks whether the server would create an object: schema, CEL rules and unknown fields; nothing is kept. */
  async dryRun(object: Manifest): Promise<Verdict> {
    try {
      await this.ensureNamespaceOf(object);
      const options = 'dryRun=All&fieldValidation=Strict';
      let { status, body } = await this.send('POST', `${await this.collectionOf(object)}?${options}`, object);
      if (body?.reason === 'AlreadyExists') {
        ({ status, body } = await this.send('PATCH', `${await this.pathOf(object)}?${options}&fieldManager=lab&force=true`, object, APPLY));
      }
      if (status < 300) return { ok: true, status, message: '', causes: [] };
      const causes: any[] = body?.details?.causes ?? [];
      return {
        ok: false,
        status,
        message: body?.message ?? '',
        causes: causes.map((it) => ({ field: it.field ?? '', reason: it.reason ?? '', message: it.message ?? '' })),
      };
    } catch (error) {
      if (error instanceof ApiError) return { ok: false, status: error.status, message: error.message, causes: [] };
      throw error;
    }
  }

  /** Merges fields into the status of an object that exists. */
  async patchStatus(object: Manifest, status: object): Promise<void> {
    this.expect(await this.send('PATCH', `${await this.pathOf(object)}/status`, { status }, 'application/merge-patch+json'),
      `patch the status of ${nameOf(object)}`);
  }

  /** Reads an object; undefined when it does not exist. */
  async get(apiVersion: string, kind: string, name: string, namespace?: string): Promise<Manifest | undefined> {
    const answer = await this.send('GET', await this.pathOf({ apiVersion, kind, metadata: { name, namespace } }));
    return answer.status === 404 ? undefined : this.expect(answer, `get ${kind} ${name}`);
  }

  /** Lists the objects of a kind, of all namespaces when none is given. */
  async list(apiVersion: string, kind: string, namespace?: string): Promise<Manifest[]> {
    const resource = await this.resourceOf(apiVersion, kind);
    const within = resource.namespaced && namespace ? `namespaces/${namespace}/` : '';
    const body = this.expect(await this.send('GET', `${groupPath(apiVersion)}/${within}${resource.plural}`), `list ${kind}`);
    return body.items.map((item: object) => ({ apiVersion, kind, ...item }));
  }

  /** Waits until an object is as `isDone` wants it, and returns it. */
  async until(of: Manifest, isDone: (now: Manifest) => boolean, options?: WaitOptions): Promise<Manifest> {
    return waitFor(`${nameOf(of)} to be as wanted`, async () => {
      const now = await this.get(of.apiVersion, of.kind, of.metadata.name ?? '', of.metadata.namespace);
      return now && isDone(now) ? now : undefined;
    }, options);
  }

  /** Deletes an object; false when it did not exist. */
  async delete(object: Manifest): Promise<boolean> {
    const answer = await this.send('DELETE', `${await this.pathOf(object)}?gracePeriodSeconds=0`);
    if (answer.status === 404) return false;
    this.expect(answer, `delete ${nameOf(object)}`);
    return true;
  }

  /** Any other request; fails unless the answer is a success. */
  async request(method: string, path: string, body?: unknown): Promise<any> {
    return this.expect(await this.send(method, path, body), `${method} ${path}`);
  }

  /** Posts a text as it is; gives the answer, whatever it is. */
  async post(path: string, text: string, contentType: string): Promise<{ readonly status: number; readonly body: any }> {
    return this.send('POST', path, text, contentType);
  }

  /** Creates a namespace unless it exists. */
  async ensureNamespace(name: string, labels?: Record<string, string>): Promise<void> {
    let known = this.namespaces.get(name);
    if (!known) {
      known = this.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }).then((answer) => {
        if (answer.status !== 409) this.expect(answer, `create the namespace ${name}`);
      });
      this.namespaces.set(name, known);
    }
    await known;
  }

  /** Forgets which kinds there are: after CRDs were added. */
  forgetKinds(): void {
    this.resources.clear();
  }

  /** Closes all connections. */
  close(): void {
    this.agent?.destroy();
  }

  private async ensureNamespaceOf(object: Manifest): Promise<void> {
    const { namespaced } = await this.resourceOf(object.apiVersion, object.kind);
    if (namespaced) await this.ensureNamespace(object.metadata.namespace ?? 'default');
  }

  private async collectionOf(object: Manifest): Promise<string> {
    const { plural, namespaced } = await this.resourceOf(object.apiVersion, object.kind);
    const within = namespaced ? `namespaces/${encodeURIComponent(object.metadata.namespace ?? 'default')}/` : '';
    return `${groupPath(object.apiVersion)}/${within}${plural}`;
  }

  private async pathOf(object: Manifest): Promise<string> {
    return `${await this.collectionOf(object)}/${encodeURIComponent(object.metadata.name ?? '')}`;
  }

  private async resourceOf(apiVersion: string, kind: string): Promise<ResourceName> {
    let group = this.resources.get(apiVersion);
    if (!group) {
      group = this.discover(apiVersion);
      this.resources.set(apiVersion, group);
      // A failure is not remembered: the group may come later.
      group.catch(() => this.resources.delete(apiVersion));
    }
    const resource = (await group).get(kind);
    if (!resource) throw new ApiError(404, `the server has no kind ${kind} in ${apiVersion}`);
    return resource;
  }

  private async discover(apiVersion: string): Promise<Map<string, ResourceName>> {
    const answer = await this.send('GET', groupPath(apiVersion));
    if (answer.status === 404) throw new ApiError(404, `the server has no API ${apiVersion}`);
    const list: any[] = this.expect(answer, `discover ${apiVersion}`).resources;
    return new Map(list.filter((it) => !it.name.includes('/')).map((it) => [it.kind, { plural: it.name, namespaced: it.namespaced }]));
  }

  private expect(answer: Answer, what: string): any {
    if (answer.status < 300) return answer.body;
    throw new ApiError(answer.status, `${what}: ${answer.body?.message ?? JSON.stringify(answer.body)} (HTTP ${answer.status})`);
  }

  private async send(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<Answer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    this.agent ??= new https.Agent({ keepAlive: true, maxSockets: 16, ca: fs.readFileSync(this.address.caFile) });
    const agent = this.agent;
    return new Promise((resolve, reject) => {
      const headers: Record<string, string | number> = { authorization: `Bearer ${this.address.token}`, accept: 'application/json' };
      if (text !== undefined) Object.assign(headers, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) });
      const request = https.request(`${this.address.url}${path}`, { method, headers, agent }, (response) => {
        let received = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          received += part;
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parseJson(received) }));
      });
      request.on('error', reject);
      request.end(text);
    });
  }
}

/** `Kind namespace/name`, for messages. */
export function nameOf(object: Manifest): string {
  const { name, namespace } = object.metadata;
  return `${object.kind} ${namespace ? `${namespace}/` : ''}${name}`;
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function parseJson(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}
