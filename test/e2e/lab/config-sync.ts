import { ApiClient, Manifest, nameOf } from './api-client';
import { Istiod } from './istiod';
import { IstiodLog } from './istiod-log';
import { waitFor } from './lab-process';
import { Workload } from './workload';

/** What a change of the configuration took. */
export interface SyncReport {
  /** Objects that were applied or deleted. */
  readonly changed: number;
  /** Objects whose change istiod did not react to within a second: it has no use for them. */
  readonly ignored: readonly string[];
  /** What a proxy refused, by `proxy type`: istiod generated something that Envoy does not take. */
  readonly refused: readonly string[];
  /** Milliseconds until the API server had everything, until istiod had, until every proxy worked with it. */
  readonly ms: { readonly applied: number; readonly noticed: number; readonly done: number };
}

/** Kinds whose change istiod reports under the object's own name. */
const REPORTED = new Set(['VirtualService', 'DestinationRule', 'Sidecar', 'EnvoyFilter', 'PeerAuthentication', 'RequestAuthentication',
  'AuthorizationPolicy', 'Telemetry', 'ProxyConfig', 'WasmPlugin']);
/** For all other kinds: how long istiod must have noticed nothing, in milliseconds. */
const QUIET_MS = 120;
/** After this long without a sign, a change counts as ignored, in milliseconds. */
const IGNORED_MS = 1000;
/** Types of configuration that every push to all proxies contains. */
const ALWAYS_SENT = ['Cluster', 'Listener', 'RouteConfiguration'];

/**
 * Switches the configuration of a running mesh and knows when every proxy works with it.
 *
 * Three things must be certain, and each has its own evidence: istiod has taken in every change (its log names each one, and the
 * push that took it up); every proxy has been sent what follows from it (istiod leaves out what it thinks unchanged, therefore it is
 * told to send everything again, and a nonce carries the number of its push); every Envoy works with it (it acknowledged the nonces,
 * and no listener or cluster is still warming).
 */
export class ConfigSync {
  private current = new Map<string, { readonly text: string; readonly object: Manifest }>();
  private readonly log: IstiodLog;

  constructor(
    private readonly client: ApiClient,
    private readonly istiod: Istiod,
    private readonly proxies: () => readonly Workload[],
  ) {
    this.log = new IstiodLog(istiod.process.logFile);
  }

  /** Makes the configuration exactly these objects, and waits until all proxies work with it. */
  async configure(objects: readonly Manifest[]): Promise<SyncReport> {
    const start = Date.now();
    const wanted = new Map(objects.map((object) => [keyOf(object), { text: JSON.stringify(object), object }]));
    if (wanted.size < objects.length) throw new Error('two objects of one kind have the same name');
    const obsolete = [...this.current].filter(([key]) => !wanted.has(key)).map(([, { object }]) => object);
    const changed = [...wanted].filter(([key, { text }]) => this.current.get(key)?.text !== text).map(([, { object }]) => object);

    this.log.forget();
    this.current = wanted;
    await Promise.all([
      ...obsolete.map(async (object) => this.client.delete(object)),
      ...changed.map(async (object) => this.client.apply(object)),
    ]);
    const applied = Date.now() - start;
    const all = [...obsolete, ...changed];
    const ignored = await this.noticed(all);
    const noticed = Date.now() - start;
    const refused = all.length > 0 ? await this.everywhere() : [];
    return { changed: all.length, ignored, refused, ms: { applied, noticed, done: Date.now() - start } };
  }

  /** Waits until the proxies have everything that changed in the API server by other ways. */
  async settle(): Promise<void> {
    await waitFor('istiod to be quiet', async () => {
      this.log.look();
      return this.log.idle && this.log.quietMs > 3 * QUIET_MS;
    }, { everyMs: 20 });
    await this.everywhere();
  }

  /** Waits until istiod has put all changes into a push; returns those that it did not react to. */
  private async noticed(changed: readonly Manifest[]): Promise<string[]> {
    const named = changed.filter(isReported);
    const start = Date.now();
    const missing = () => named.filter((it) => !this.log.noticed(`${it.kind}/${it.metadata.namespace ?? 'default'}/${it.metadata.name}`));
    await waitFor('istiod to take in the changes', async () => {
      this.log.look();
      const waited = Date.now() - start;
      const complete = missing().length === 0 || waited > IGNORED_MS;
      const quiet = named.length === changed.length || (waited > QUIET_MS && this.log.quietMs > QUIET_MS);
      return complete && quiet && this.log.idle;
    }, { seconds: 20, everyMs: 3, needs: [this.istiod.process] });
    return missing().map(nameOf);
  }

  /** Sends everything to all proxies and waits until they work with it; returns what they refused. */
  private async everywhere(): Promise<string[]> {
    const proxies = this.proxies();
    const push = this.log.lastPush;
    await this.istiod.pushAll();
    const refused = await waitFor('all proxies to acknowledge', async () => {
      const states = await this.istiod.syncState();
      const errors: string[] = [];
      for (const { id } of proxies) {
        const types = states.get(id);
        if (!types) throw new Error(`${id} is not connected`);
        for (const [type, { sent, acked, error }] of types) {
          if (error) errors.push(`${id} ${type}: ${error}`);
          else if (!acked) throw new Error(`${id} has not acknowledged ${type} of push ${sent}`);
          // A gateway without listeners wants no routes, and is sent none.
          else if (ALWAYS_SENT.includes(type) && sent < push && await this.istiod.watches(id, type)) throw new Error(`${id} has ${type} of push ${sent}`);
        }
      }
      return errors;
    }, { seconds: 30, everyMs: 5, needs: proxies.flatMap((it) => it.needs) });
    await Promise.all(proxies.map(async (proxy) => waitFor(`${proxy.id} to be warm`, async () => await proxy.warming() === 0, { everyMs: 5 })));
    return refused;
  }
}

function isReported(object: Manifest): boolean {
  return REPORTED.has(object.kind) || (object.kind === 'Gateway' && object.apiVersion.startsWith('networking.istio.io/'));
}

function keyOf(object: Manifest): string {
  return `${object.apiVersion} ${object.kind} ${object.metadata.namespace ?? ''} ${object.metadata.name}`;
}
