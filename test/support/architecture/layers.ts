import { Import, importsOf } from './imports';
import { SourceFile } from './source-file';

/** The folders of `src` from the bottom up; a folder imports only what stands lower, never its own level. */
const LEVELS: readonly (readonly string[])[] = [
  ['private'],
  ['engine', 'l1'],
  ['core'],
  ['patterns'],
  ['gatewayapi', 'certmanager'],
  // Every mesh delivers its control plane in the same ways.
  ['delivery'],
  ['istio', 'linkerd', 'consul', 'pki', 'observability', 'analysis', 'testing'],
  ['fleet'],
  ['plugin', 'cli'],
];
const MESHES = new Set(['istio', 'linkerd', 'consul']);
/** Plain data in, plain data out. */
const PURE = new Set(['private', 'engine']);
const FRAMEWORK = /^(cdk8s|constructs)(-|\/|$)/;
const ENTRY = 'src/index.ts';

/** Imports that point upwards or sideways, and whatever else the layers forbid. */
export function checkLayers(files: readonly SourceFile[]): string[] {
  return files.filter((file) => file.path.startsWith('src/') && file.path !== ENTRY).flatMap((file) => {
    const from = folderOf(file.path);
    if (level(from) < 0) { return [`${file.path}: folder ${from} has no layer; give it one in test/support/architecture/layers.ts`]; }
    return importsOf(file).flatMap((found) => {
      const problem = found.to === undefined ? packageProblem(from, found.module!) : folderProblem(found, from, found.to);
      return problem === undefined ? [] : [`${file.path}:${found.line}: ${problem}`];
    });
  });
}

/** A mesh that knows another mesh. The layers forbid it too; this says what is wrong. */
export function checkMeshes(files: readonly SourceFile[]): string[] {
  return files.filter((file) => file.path.startsWith('src/')).flatMap((file) => importsOf(file).flatMap(({ to, line }) => {
    const [from, target] = [folderOf(file.path), to === undefined ? '' : folderOf(to)];
    return from !== target && MESHES.has(from) && MESHES.has(target) ? [`${file.path}:${line}: mesh ${from} imports mesh ${target}; what both need belongs into core or gatewayapi`] : [];
  }));
}

function packageProblem(from: string, module: string): string | undefined {
  return PURE.has(from) && FRAMEWORK.test(module) ? `${from} imports ${module}; it takes and gives plain data` : undefined;
}

function folderProblem({ from: file }: Import, from: string, target: string): string | undefined {
  const to = folderOf(target);
  if (target === 'src') { return 'imports the entry of the library; import the file that has what you need'; }
  // npm always ships it; the program reads its version there.
  if (target === 'package.json') { return undefined; }
  if (!target.startsWith('src/')) { return `imports ${target}, which is not shipped`; }
  const inCrd = (path: string) => path.split('/')[2] === 'crd';
  if (inCrd(file) && !inCrd(target) && to !== 'l1') { return `a generated resource imports ${target}; it stands on l1 alone`; }
  if (to === from) { return undefined; }
  if (level(to) < 0) { return `imports ${target}, whose folder has no layer`; }
  if (level(to) >= level(from)) { return `${from} imports ${to}, which is not below it`; }
  if (from === 'core' && to === 'engine' && !file.startsWith('src/core/private/')) { return 'core shows engine; only core/private may use it'; }
  return undefined;
}

/** `core` of `src/core/port.ts`, `plugin` of `src/plugin.ts`. */
function folderOf(file: string): string {
  return (file.split('/')[1] ?? '').replace(/\.ts$/, '');
}

function level(folder: string): number {
  return LEVELS.findIndex((folders) => folders.includes(folder));
}
