import * as path from 'node:path';
import { run, succeeds } from '../command';
import { Language } from '../language';
import { APPS } from '../packages';

/** A Python program in a virtual environment of its own. */
export const python: Language = {
  name: 'python',
  obstacle: () => succeeds('python3', ['-c', 'import ensurepip, venv'], { cwd: APPS }) ? undefined : 'there is no python3 with venv (Debian: python3-venv)',
  run: ({ packages, folder, floors, env }) => {
    run('python3', ['-m', 'venv', 'venv'], { cwd: folder });
    const venv = path.join(folder, 'venv', 'bin', 'python');
    run(venv, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', path.join(packages, 'python'), `cdk8s==${floors.cdk8s}`, `constructs==${floors.constructs}`], { cwd: folder });
    run(venv, ['-B', path.join(APPS, 'python', 'main.py')], { cwd: folder, env });
  },
};
