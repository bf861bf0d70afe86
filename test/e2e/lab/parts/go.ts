import * as fs from 'fs';
import * as path from 'path';
import { run } from '../command';
import { BuildLog, Part } from './part';
import { cacheDir, withLock } from '../cache';

/** Programs built from one Go module. */
export interface GoPartOptions {
  readonly name: string;
  /** Version as shown and as in the folder's name. */
  readonly version: string;
  /** The module that holds the programs, and its version for the module proxy. */
  readonly module: string;
  readonly moduleVersion: string;
  /** Folder of each program inside the module, by the program's file name; a file of ours, with its whole path, that uses packages of the module. */
  readonly programs: Readonly<Record<string, string>>;
  /** Replacements beside the module's own, as `module version`, by replaced module. */
  readonly replace?: Readonly<Record<string, string>>;
  /** The version that stands for modules that the module keeps in its own folders (a replacement by a relative path). */
  readonly stagedVersion?: string;
  /** Values set at link time, by variable. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Files and folders copied from the module into the part's folder, new name by path. */
  readonly files?: Readonly<Record<string, string>>;
}

interface GoMod {
  readonly Go: string;
  readonly Require?: { readonly Path: string; readonly Version: string; readonly Indirect?: boolean }[];
  readonly Replace?: { readonly Old: { readonly Path: string }; readonly New: { readonly Path: string; readonly Version?: string } }[];
}

const GO_ENV = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false' };

/**
 * A part whose programs are compiled from a Go module.
 *
 * `go install` refuses modules with replacements, so a small tools module is made that repeats the module's own requirements,
 * replacements and checksums: the programs are then built from the very versions that their authors chose.
 */
export function goPart(options: GoPartOptions): Part {
  return {
    name: options.name,
    version: options.version,
    maker: 'go',
    programs: Object.keys(options.programs),
    build: async (into, log) => {
      const tools = path.join(cacheDir(), 'tools', `${options.name}-${options.version}`);
      log.progress('fetching modules');
      const source = await writeToolsModule(tools, options, log);
      fs.mkdirSync(path.join(into, 'bin'));
      for (const [name, folder] of Object.entries(options.programs)) await goBuild(tools, options, name, folder, into, log);
      for (const [from, to] of Object.entries(options.files ?? {})) {
        fs.cpSync(path.join(source, from), path.join(into, to), { recursive: true });
        // The module cache is read-only.
        await run('chmod', ['-R', 'u+w', path.join(into, to)]);
      }
    },
  };
}

async function writeToolsModule(tools: string, options: GoPartOptions, log: BuildLog): Promise<string> {
  fs.rmSync(tools, { recursive: true, force: true });
  fs.mkdirSync(tools, { recursive: true });
  const go = async (...args: string[]) => run('go', args, { cwd: tools, env: GO_ENV, logFile: log.file });
  const found: { Dir: string; GoMod: string } = JSON.parse(await go('mod', 'download', '-json', `${options.module}@${options.moduleVersion}`));
  const own: GoMod = JSON.parse(await go('mod', 'edit', '-json', found.GoMod));

  const replaced = new Map<string, string>();
  for (const { Old, New } of own.Replace ?? []) {
    const local = New.Path.startsWith('.');
    if (local && !options.stagedVersion) throw new Error(`${options.module} replaces ${Old.Path} by its own folder ${New.Path}: say stagedVersion`);
    replaced.set(Old.Path, local ? `${Old.Path} ${options.stagedVersion}` : `${New.Path} ${New.Version}`);
  }
  for (const [from, to] of Object.entries(options.replace ?? {})) replaced.set(from, to);

  const requires = (own.Require ?? []).map((it) => `\t${it.Path} ${it.Version}${it.Indirect ? ' // indirect' : ''}`);
  fs.writeFileSync(path.join(tools, 'go.mod'), [
    'module lab/tools', '', `go ${own.Go}`, '',
    'require (', `\t${options.module} ${options.moduleVersion}`, ...requires, ')', '',
    ...[...replaced].map(([from, to]) => `replace ${from} => ${to}`), '',
  ].join('\n'));
  fs.copyFileSync(path.join(found.Dir, 'go.sum'), path.join(tools, 'go.sum'));
  fs.chmodSync(path.join(tools, 'go.sum'), 0o644);
  return found.Dir;
}

async function goBuild(tools: string, options: GoPartOptions, name: string, folder: string, into: string, log: BuildLog): Promise<void> {
  const own = path.isAbsolute(folder);
  if (own) fs.cpSync(folder, path.join(tools, name, 'main.go'));
  const flags = Object.entries(options.variables ?? {}).map(([variable, value]) => `-X ${variable}=${value}`);
  const args = ['build', '-v', '-mod=mod', '-ldflags', ['-s', '-w', ...flags].join(' '),
    '-o', path.join(into, 'bin', name), own ? `./${name}` : `${options.module}/${folder}`];
  log.progress('waiting for another Go build');
  // Two at once would only make both slower, and their memory adds up.
  await withLock('go', async () => {
    let packages = 0;
    log.progress(`${name}: fetching modules`);
    await run('go', args, {
      cwd: tools,
      env: GO_ENV,
      logFile: log.file,
      onLine: (line) => {
        if (/^[a-z][\w./-]*$/.test(line)) log.progress(`${name}: ${++packages} packages compiled`);
      },
    });
    log.say(`${name}: ${packages} packages compiled`);
  });
}
