import * as crypto from 'crypto';
import * as fs from 'fs';
import * as net from 'net';
import * as os from 'os';
import * as path from 'path';

/**
 * The folder that keeps the built programs between runs.
 *
 * `CDK8S_MESH_LAB` moves it.
 */
export function cacheDir(): string {
  return process.env.CDK8S_MESH_LAB ?? path.join(os.homedir(), '.cache', 'cdk8s-mesh-lab');
}

/**
 * Runs `work` while no other process holds the lock `name` of this cache.
 *
 * The lock is a listening socket of the kernel's abstract namespace: it disappears with its process, however that one ends,
 * so there is never a stale lock to clean. Different caches do not block each other.
 */
export async function withLock<T>(name: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  const cache = crypto.createHash('sha256').update(path.resolve(cacheDir())).digest('hex').slice(0, 12);
  const address = `\0cdk8s-mesh-lab-${cache}-${name}`;
  let waited = false;
  for (;;) {
    const server = await tryListen(address);
    if (server) {
      try {
        return await work();
      } finally {
        await new Promise((done) => server.close(done));
      }
    }
    if (!waited) onWait?.();
    waited = true;
    await new Promise((done) => setTimeout(done, 500));
  }
}

/**
 * Makes `target` in one step: `fill` works in a temporary neighbour, which is renamed when it is complete.
 *
 * To be called by one process at a time: what a killed one left behind is removed first.
 */
export async function makeDirectory(target: string, fill: (into: string) => Promise<void>): Promise<void> {
  const parent = path.dirname(target);
  fs.mkdirSync(parent, { recursive: true });
  const leftovers = fs.readdirSync(parent).filter((name) => name.startsWith(`${path.basename(target)}.making-`));
  for (const name of leftovers) fs.rmSync(path.join(parent, name), { recursive: true, force: true });
  const temporary = fs.mkdtempSync(`${target}.making-`);
  try {
    await fill(temporary);
    fs.rmSync(target, { recursive: true, force: true });
    fs.renameSync(temporary, target);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

async function tryListen(address: string): Promise<net.Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}
