import { ChildProcess, spawn } from 'child_process';
import fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { changeStore, openStore, StorePlace } from '../../../../src/engine/pki/store/change';
import { ensureCertificate } from '../../../../src/engine/pki/store/issue-certificates';
import { withLock } from '../../../../src/engine/pki/store/lock';
import { verifyStore } from '../../../../src/engine/pki/store/verify-store';
import { faultOf, MADE_AT, newStore, publicHalf, requestFor, temporaryFolder } from '../../../support/certificates';

const ROOT = path.resolve(__dirname, '../../../..');
const WORKER = path.join(ROOT, 'test/support/store-worker.ts');

/** Starts a process that issues certificates one by one. */
function startWorker({ folder, privateFolder }: StorePlace, prefix: string, count: number): ChildProcess {
  const args = ['-r', 'ts-node/register/transpile-only', WORKER, folder, privateFolder!, prefix, String(count)];
  return spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TS_NODE_PROJECT: path.join(ROOT, 'test/tsconfig.json') } });
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

async function ended(child: ChildProcess): Promise<void> {
  let complaints = '';
  child.stderr!.on('data', (text) => { complaints += String(text); });
  await new Promise<void>((resolve, reject) => {
    child.on('close', (code, signal) => { if (code === 0 || signal === 'SIGKILL') { resolve(); } else { reject(new Error(complaints)); } });
  });
}

describe('two processes at the same time', () => {
  test('lose nothing of each other, and whoever reads meanwhile sees a whole store', async () => {
    const place = newStore();
    let working = true;
    const done = Promise.all([ended(startWorker(place, 'a', 12)), ended(startWorker(place, 'b', 12))]).finally(() => { working = false; });
    let reads = 0;
    while (working) {
      expect(openStore(publicHalf(place)).records.all().length).toBeGreaterThanOrEqual(2);
      reads += 1;
      await pause(5);
    }
    await done;
    const store = openStore(place);
    const names = ['a', 'b'].flatMap((prefix) => Array.from({ length: 12 }, (_, index) => `workload/shop/${prefix}-${index}`));
    expect(names.filter((name) => !store.records.current(name))).toEqual([]);
    // Every certificate has its key, and every key opens what it should.
    expect(store.records.all().filter(({ keyId }) => !store.privateHalf.find(keyId))).toEqual([]);
    expect(verifyStore(store, MADE_AT)).toEqual([]);
    expect(reads).toBeGreaterThan(0);
    expect(fs.readdirSync(store.layout.folder).sort()).toEqual(['bundle.pem', 'index.json']);
  }, 60_000);
});

describe('a process that is killed', () => {
  test('leaves a store that is whole, and a lock that the next one removes', async () => {
    const place = newStore();
    for (const round of [0, 1, 2]) {
      const before = openStore(place).records.all().length;
      const child = startWorker(place, `round${round}`, 10_000);
      const end = ended(child);
      while (child.exitCode === null && openStore(place).records.all().length < before + 3) { await pause(10); }
      await pause(round * 3);
      child.kill('SIGKILL');
      await end;
      const store = openStore(place);
      expect(store.records.all().length).toBeGreaterThan(before);
      expect(store.records.all().filter(({ keyId }) => !store.privateHalf.find(keyId))).toEqual([]);
    }
    changeStore(place, MADE_AT, (draft) => { ensureCertificate(draft, { name: 'workload/shop/after', request: requestFor('workload') }); });
    expect(verifyStore(openStore(place), MADE_AT)).toEqual([]);
    expect(fs.readdirSync(openStore(place).layout.folder).sort()).toEqual(['bundle.pem', 'index.json']);
  }, 60_000);
});

describe('a lock', () => {
  const lockFile = () => path.join(temporaryFolder(), '.lock');

  test('is gone afterwards, also after a failure', () => {
    const file = lockFile();
    expect(withLock(file, () => fs.existsSync(file))).toBe(true);
    expect(() => withLock(file, () => { throw new Error('x'); })).toThrow('x');
    expect(fs.readdirSync(path.dirname(file))).toEqual([]);
  });

  test('of a process that lives is respected, and the error says whose it is', () => {
    const file = lockFile();
    fs.writeFileSync(file, JSON.stringify({ pid: process.ppid, host: os.hostname() }));
    expect(faultOf(() => withLock(file, () => undefined, 50))).toMatchObject({ code: 'MESH-E053', what: `the certificate store is in use by process ${process.ppid} on ${os.hostname()}`, fix: expect.stringContaining(file) });
    expect(fs.existsSync(file)).toBe(true);
  });

  test('of a process that died is removed; that of another machine is not', () => {
    const file = lockFile();
    fs.writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, host: os.hostname() }));
    expect(withLock(file, () => 'done', 50)).toBe('done');
    fs.writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, host: 'elsewhere' }));
    expect(faultOf(() => withLock(file, () => undefined, 50)).what).toContain('on elsewhere');
    fs.writeFileSync(file, '{"pi');
    expect(faultOf(() => withLock(file, () => undefined, 50)).what).toBe('the certificate store is in use');
  });

  test('leaves nothing behind of processes that were killed while they took it or removed a stale one', () => {
    const file = lockFile();
    const dead = JSON.stringify({ pid: 2 ** 22 + 1, host: os.hostname() });
    [`${file}.4194305`, `${file}.breaker`, `${file}.breaker.4194305`].forEach((name) => fs.writeFileSync(name, dead));
    expect(withLock(file, () => fs.readdirSync(path.dirname(file)), 50)).toEqual(['.lock']);
    fs.writeFileSync(file, dead);
    fs.writeFileSync(`${file}.breaker`, dead);
    expect(withLock(file, () => fs.readdirSync(path.dirname(file)), 5_000)).toEqual(['.lock']);
    expect(fs.readdirSync(path.dirname(file))).toEqual([]);
  });

  test('keeps what another process uses that removes a stale one', () => {
    const file = lockFile();
    fs.writeFileSync(`${file}.breaker`, JSON.stringify({ pid: process.ppid, host: os.hostname() }));
    withLock(file, () => undefined, 50);
    expect(fs.readdirSync(path.dirname(file))).toEqual(['.lock.breaker']);
  });

  test('that another process removes as stale is not removed twice', () => {
    const file = lockFile();
    fs.writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, host: os.hostname() }));
    fs.writeFileSync(`${file}.breaker`, '');
    expect(faultOf(() => withLock(file, () => undefined, 0)).code).toBe('MESH-E053');
  });
});

describe('a process that is stopped half-way', () => {
  /** Changes a store while the disk fails at the given one of the steps that change it; false when there were fewer steps. */
  function stopAt(place: StorePlace, step: number): boolean {
    let steps = 0;
    const spies = (['writeFileSync', 'renameSync', 'fsyncSync', 'linkSync'] as const).map((name) => {
      const original = fs[name] as (...args: unknown[]) => unknown;
      return jest.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
        steps += 1;
        if (steps === step) { throw new Error('stopped'); }
        return original.apply(fs, args);
      }) as never);
    });
    try {
      changeStore(place, MADE_AT, (draft) => { ensureCertificate(draft, { name: `workload/shop/${step}`, request: requestFor('workload') }); });
      return false;
    } catch (error) {
      if ((error as Error).message !== 'stopped') { throw error; }
      return true;
    } finally {
      spies.forEach((spy) => { spy.mockRestore(); });
    }
  }

  test('leaves the store as it was or as it should be, and never a certificate without its key', () => {
    const place = newStore();
    let step = 1;
    while (stopAt(place, step)) {
      const store = openStore(place);
      expect(verifyStore(store, MADE_AT)).toEqual([]);
      expect(store.records.all().filter(({ keyId }) => !store.privateHalf.find(keyId))).toEqual([]);
      step += 1;
    }
    expect(step).toBeGreaterThan(10);
    changeStore(place, MADE_AT, (draft) => { ensureCertificate(draft, { name: 'workload/shop/after', request: requestFor('workload') }); });
    expect(openStore(place).records.current('workload/shop/after')).toBeDefined();
    const left = [place.folder, place.privateFolder!].flatMap((folder) => fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }));
    expect(left.filter((name) => /unfinished|\.lock/.test(name))).toEqual([]);
  });
});
