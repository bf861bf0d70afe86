import * as fs from 'node:fs';
import * as path from 'node:path';
import { run } from './command';

/** The repository. */
export const REPOSITORY = path.join(__dirname, '..', '..');
/** What is run in each language. */
export const APPS = path.join(__dirname, 'apps');
/** Languages that a package is made for. .NET code is generated and not compiled. */
export const TARGETS = ['js', 'python', 'java', 'go', 'dotnet'];

const PACMAK = path.join(REPOSITORY, 'node_modules', '.bin', 'jsii-pacmak');

/**
 * Makes the code of a compiled jsii module's packages, one folder a language. Each language then builds its package with its own
 * tools; documentation, which is most of the work for Java, is left out.
 */
export function makePackages(moduleFolder: string, targets: readonly string[], folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  run(PACMAK, ['--code-only', '--targets', ...targets, '--outdir', folder, moduleFolder], { cwd: REPOSITORY });
}

/** The package that npm would publish. */
export function npmPackage(packages: string): string {
  const [file, ...others] = fs.readdirSync(path.join(packages, 'js')).filter((name) => name.endsWith('.tgz'));
  if (!file || others.length > 0) { throw new Error(`expected one package in ${packages}/js`); }
  return path.join(packages, 'js', file);
}

/** The oldest versions of the peer dependencies, which are the installed ones. */
export function floors(): { readonly cdk8s: string; readonly constructs: string } {
  const { devDependencies } = JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')) as { devDependencies: { [name: string]: string } };
  return { cdk8s: devDependencies.cdk8s, constructs: devDependencies.constructs };
}
