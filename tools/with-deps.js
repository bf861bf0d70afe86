// Usage: node tools/with-deps.js COMMAND [ARGUMENT...]
// Installs the dependencies first when they are not there, as in a fresh clone. Plain JavaScript, because it runs before anything is installed.
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const modules = path.join(root, 'node_modules');

function run(command, args) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: path.join(modules, '.bin') + path.delimiter + process.env.PATH },
  });
  if (error) { console.error(`cannot run ${command}: ${error.message}`); }
  if (signal) { console.error(`${command} was ended by ${signal}`); }
  return status ?? 1;
}

// npm writes this file last: a folder without it was left by an installation that did not finish.
if (!existsSync(path.join(modules, '.package-lock.json'))) {
  console.error('node_modules is missing or incomplete: running npm ci');
  const status = run('npm', ['ci', '--no-audit', '--no-fund']);
  if (status !== 0) { process.exit(status); }
}
const [command, ...args] = process.argv.slice(2);
process.exit(command ? run(command, args) : 0);
