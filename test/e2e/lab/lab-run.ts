import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as net from 'net';
import * as os from 'os';
import * as path from 'path';
import { LabProcess, ProcessOptions } from './lab-process';

/** Prefix of everything a run makes outside of its folder; the owner's process id follows. */
const PREFIX = 'mlab';

const openRuns = new Set<LabRun>();
let runs = 0;

/**
 * Owner of everything that one lab makes: processes, network namespaces and a folder with logs.
 *
 * `close()` removes it all in reverse order. When this process ends without that (a failure, Ctrl-C), it is removed then; what a
 * killed process left behind is removed by the next run.
 */
export class LabRun {
  /** Name that is unique among the runs of this machine. */
  readonly id: string;
  /** Folder for data and logs. */
  readonly dir: string;
  /** Where `close()` leaves the folder with the logs, instead of removing it. */
  keepAs?: string;
  private readonly processes: LabProcess[] = [];
  private readonly namespaces: string[] = [];
  private closed = false;

  constructor() {
    if (runs++ === 0) removeLeftovers();
    this.id = `${PREFIX}-${process.pid}-${runs}`;
    this.dir = path.join(os.tmpdir(), this.id);
    fs.mkdirSync(this.dir, { recursive: true });
    if (openRuns.size === 0) installExitHandlers();
    openRuns.add(this);
  }

  /** Makes a folder of this run. */
  folder(name: string): string {
    const folder = path.join(this.dir, name);
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Starts a long-running program in its own process group; its output goes to `<name>.log` in the run's folder. */
  start(name: string, program: string, args: readonly string[], options: ProcessOptions = {}): LabProcess {
    const started = new LabProcess(name, path.join(this.dir, `${name}.log`), program, args, options);
    this.processes.push(started);
    return started;
  }

  /** Makes a network namespace and returns its name on this machine. */
  namespace(name: string): string {
    const full = `${this.id}-${name}`;
    execFileSync('ip', ['netns', 'add', full]);
    this.namespaces.push(full);
    execFileSync('ip', ['-n', full, 'link', 'set', 'lo', 'up']);
    return full;
  }

  /** Gives the programs that are started in a network namespace another file below `/etc`; all else in its folder is gone for them. */
  replaceFile(namespace: string, file: string, text: string): void {
    // `ip netns exec` mounts what is in this folder over /etc.
    const full = path.join(etcOf(namespace), file);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, text);
  }

  /** Ends the processes at once (they keep nothing worth a goodbye), and removes the namespaces and the folder. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    openRuns.delete(this);
    for (const it of [...this.processes].reverse()) it.kill();
    for (const name of this.namespaces) removeNamespace(name);
    if (this.keepAs) fs.renameSync(this.dir, this.keepAs);
    else fs.rmSync(this.dir, { recursive: true, force: true });
  }

  /** The programs that ended by themselves, with the end of their logs: for a failure's report. */
  obituaries(): string {
    return this.processes.filter((it) => it.ending).map((it) => `--- ${it.name} ${it.ending}\n${it.logTail(15)}`).join('\n');
  }
}

/** A TCP port of the loopback address that nobody listens on. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function removeNamespace(name: string): void {
  try {
    const pids = execFileSync('ip', ['netns', 'pids', name], { encoding: 'utf8' }).split('\n').filter((it) => it).map(Number);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
  } catch { /* gone already */ }
  try {
    execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
  } catch { /* gone already */ }
  fs.rmSync(etcOf(name), { recursive: true, force: true });
}

/** Folder with what stands for files below `/etc` in a network namespace. */
function etcOf(namespace: string): string {
  return path.join('/etc/netns', namespace);
}

/** Removes what runs of processes that no longer exist left behind. */
function removeLeftovers(): void {
  const isOrphan = (name: string) => {
    const pid = new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1];
    return pid !== undefined && !fs.existsSync(`/proc/${pid}`);
  };
  const namespaces = fs.existsSync('/var/run/netns') ? fs.readdirSync('/var/run/netns') : [];
  namespaces.filter(isOrphan).forEach(removeNamespace);
  for (const name of fs.readdirSync(os.tmpdir()).filter(isOrphan)) fs.rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
}

let handling = false;

function installExitHandlers(): void {
  if (handling) return;
  handling = true;
  process.on('exit', () => [...openRuns].forEach((run) => run.close()));
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
    process.on(signal, () => process.exit(code));
  }
}
