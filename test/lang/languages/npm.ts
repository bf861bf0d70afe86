import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { run } from '../command';
import { Language, Workshop } from '../language';
import { APPS, REPOSITORY, npmPackage } from '../packages';

const SOURCES = path.join(APPS, 'typescript');
/** Modules that only have an ES module build load on new versions of Node; the library must not need them. */
const OLD_NODE = process.allowedNodeEnvironmentFlags.has('--experimental-require-module') ? ['--no-experimental-require-module'] : [];

/** A TypeScript program, compiled by the strictest rules to CommonJS. */
export const typescript: Language = {
  name: 'typescript',
  run: (workshop) => {
    install(workshop, 'commonjs');
    fs.cpSync(SOURCES, workshop.folder, { recursive: true });
    write(workshop, 'tsconfig.json', {
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        module: 'node16',
        target: 'es2022',
        outDir: 'out',
        types: ['node'],
        typeRoots: [path.join(REPOSITORY, 'node_modules', '@types')],
      },
      include: ['*.ts'],
    });
    run(process.execPath, [path.join(REPOSITORY, 'node_modules', 'typescript', 'bin', 'tsc')], { cwd: workshop.folder });
    run(process.execPath, [path.join('out', 'main.js')], { cwd: workshop.folder, env: workshop.env });
  },
};

/** Plain JavaScript: the same program without its types, as ES modules. */
export const javascript: Language = {
  name: 'javascript',
  run: (workshop) => {
    install(workshop, 'module');
    for (const file of fs.readdirSync(SOURCES)) {
      const { outputText } = ts.transpileModule(fs.readFileSync(path.join(SOURCES, file), 'utf8'), {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
      });
      fs.writeFileSync(path.join(workshop.folder, file.replace(/\.ts$/, '.js')), outputText);
    }
    run(process.execPath, [...OLD_NODE, 'main.js'], { cwd: workshop.folder, env: workshop.env });
  },
};

/** The package itself: what is in it, and that all of it loads, part by part and only when it is used. */
export const npmLoad: Language = {
  name: 'npm package',
  run: (workshop) => {
    install(workshop, 'commonjs');
    fs.cpSync(path.join(APPS, 'javascript'), workshop.folder, { recursive: true });
    run(process.execPath, [...OLD_NODE, 'load.js'], { cwd: workshop.folder, env: workshop.env });
  },
};

function install({ packages, folder, floors }: Workshop, type: 'commonjs' | 'module'): void {
  write({ folder }, 'package.json', { name: 'app', version: '0.0.0', private: true, type });
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', npmPackage(packages), `cdk8s@${floors.cdk8s}`, `constructs@${floors.constructs}`], { cwd: folder });
}

function write({ folder }: Pick<Workshop, 'folder'>, name: string, content: object): void {
  fs.writeFileSync(path.join(folder, name), JSON.stringify(content, undefined, 2));
}
