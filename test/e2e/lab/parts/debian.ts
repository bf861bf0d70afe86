import * as fs from 'fs';
import * as path from 'path';
import { withLock } from '../cache';
import { run } from '../command';
import { BuildLog, Part } from './part';

/** Programs from one Debian package. */
export interface DebianPartOptions {
  readonly name: string;
  /** The package that holds them. */
  readonly package: string;
  /** Path of each program inside the package, by the program's file name. */
  readonly programs: Readonly<Record<string, string>>;
}

let updated = false;

/**
 * A part that is unpacked from a Debian package.
 *
 * Unpacked, not installed: installing would start the package's service. The programs are single static binaries.
 */
export function debianPart(options: DebianPartOptions): Part {
  return {
    name: options.name,
    version: `debian${debianRelease()}`,
    maker: 'apt-get',
    programs: Object.keys(options.programs),
    build: async (into, log) => {
      const unpacked = path.join(into, 'unpacked');
      fs.mkdirSync(unpacked);
      await aptUpdate(log);
      log.progress(`fetching the package ${options.package}`);
      // apt drops its privileges to download, which a folder of root's does not permit.
      await run('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', '-q', options.package], { cwd: into, logFile: log.file });
      const file = fs.readdirSync(into).find((name) => name.endsWith('.deb'))!;
      await run('dpkg-deb', ['-x', file, unpacked], { cwd: into, logFile: log.file });
      fs.mkdirSync(path.join(into, 'bin'));
      for (const [name, from] of Object.entries(options.programs)) fs.renameSync(path.join(unpacked, from), path.join(into, 'bin', name));
      fs.rmSync(unpacked, { recursive: true });
      fs.rmSync(path.join(into, file));
      log.say(`unpacked ${file}`);
    },
  };
}

/** Refreshes the package lists, once a process. */
export async function aptUpdate(log: BuildLog): Promise<void> {
  if (updated) return;
  log.progress('refreshing the package lists');
  await withLock('apt', async () => run('apt-get', ['update', '-q'], { logFile: log.file }));
  updated = true;
}

function debianRelease(): string {
  const release = fs.existsSync('/etc/os-release') ? fs.readFileSync('/etc/os-release', 'utf8') : '';
  return /^VERSION_ID="?([\w.]+)/m.exec(release)?.[1] ?? 'unknown';
}
