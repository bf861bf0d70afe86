import * as fs from 'node:fs';
import * as path from 'node:path';
import { run, succeeds } from '../command';
import { Language, Workshop } from '../language';
import { APPS, REPOSITORY, makePackages } from '../packages';

const LIBRARY = 'github.com/cdk8s-mesh/cdk8s-mesh-go/cdk8smesh';
/** Our peers, in the order in which they depend on each other: npm name, Go module. */
const PEERS = [['constructs', 'github.com/aws/constructs-go/constructs/v10'], ['cdk8s', 'github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2']] as const;

/** A Go program. */
export const go: Language = {
  name: 'go',
  obstacle: () => succeeds('go', ['version'], { cwd: APPS }) ? undefined : 'there is no go',
  run: (workshop) => {
    const { packages, folder, floors, env, say } = workshop;
    const library = path.join(packages, 'go', 'cdk8smesh');
    const replaced = new Map([[LIBRARY, library]]);
    const lacking = PEERS.filter(([name, module]) => !isServed(folder, `${module}@v${floors[name]}`));
    if (lacking.length > 0) {
      say(`go: the module proxy does not serve ${lacking.map(([name]) => `${name} ${floors[name]}`).join(' and ')}; made from the npm package instead`);
      const bindings = makeBindings(workshop);
      lacking.forEach(([name, module]) => replaced.set(module, path.join(bindings, name)));
    }
    fs.cpSync(path.join(APPS, 'go'), folder, { recursive: true });
    const required = [[LIBRARY, '0.0.0'], ...PEERS.map(([name, module]) => [module, floors[name]])];
    fs.writeFileSync(path.join(folder, 'go.mod'), [
      'module app',
      `go ${/^go (\S+)$/m.exec(fs.readFileSync(path.join(library, 'go.mod'), 'utf8'))?.[1] ?? '1.25'}`,
      ...required.map(([module, version]) => `require ${module} v${version}`),
      ...[...replaced].map(([module, target]) => `replace ${module} => ${target}`),
      '',
    ].join('\n'));
    run('go', ['mod', 'tidy'], { cwd: folder });
    run('go', ['vet', '.'], { cwd: folder });
    run('go', ['build', '-o', 'app', '.'], { cwd: folder });
    run(path.join(folder, 'app'), [], { cwd: folder, env });
  },
};

function isServed(folder: string, module: string): boolean {
  return succeeds('go', ['mod', 'download', module], { cwd: folder });
}

/** Go bindings of the peers, generated from their npm packages; returns the folder with one folder a package. */
function makeBindings({ folder }: Workshop): string {
  // The generator takes packages that are not in a node_modules folder themselves and find each other in one.
  const npm = path.join(folder, '.bindings', 'npm');
  for (const [name] of PEERS) {
    for (const copy of [path.join(npm, name), path.join(npm, 'node_modules', name)]) {
      fs.cpSync(path.join(REPOSITORY, 'node_modules', name), copy, { recursive: true, dereference: true });
    }
  }
  const made = path.join(folder, '.bindings', 'made');
  PEERS.forEach(([name]) => makePackages(path.join(npm, name), ['go'], made));
  return path.join(made, 'go');
}
