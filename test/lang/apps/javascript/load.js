// Loads everything that is in the package, as Node 20 would without its newer ways of loading.
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');

const folder = path.dirname(require.resolve('cdk8s-mesh/package.json'));
const manifest = require('cdk8s-mesh/package.json');

// Only what users need is packed.
const allowed = ['.jsii', 'LICENSE', 'README.md', 'bin', 'data', 'lib', 'node_modules', 'package.json'];
const stray = fs.readdirSync(folder).filter((name) => !allowed.includes(name));
assert.deepStrictEqual(stray, [], 'files that should not be packed');

// Submodules are loaded on first use.
const mesh = require('cdk8s-mesh');
const loaded = () => Object.keys(require.cache).filter((file) => file.startsWith(folder + path.sep)).map((file) => path.relative(folder, file));
const { submodules } = JSON.parse(fs.readFileSync(path.join(folder, '.jsii'), 'utf8'));
const names = Object.keys(submodules).map((name) => name.split('.').slice(1));
assert.ok(names.length > 0, 'no submodule in .jsii');
for (const [name] of names) {
  assert.deepStrictEqual(loaded().filter((file) => file.startsWith(path.join('lib', name) + path.sep) && file.includes('generated')), [], `${name} was loaded before its use`);
}

// Every submodule loads, at every depth.
for (const parts of names) {
  const submodule = parts.reduce((parent, name) => parent[name], mesh);
  assert.ok(Object.keys(submodule).length > 0, `${parts.join('.')} exports nothing`);
}

// So does every compiled file that the root does not reach, except programs, which act when loaded; and every bundled library.
const programs = [path.join('lib', 'cli', 'main.js')];
for (const file of fs.readdirSync(path.join(folder, 'lib'), { recursive: true }).map((name) => path.join('lib', name))) {
  if (file.endsWith('.js') && !programs.includes(file)) { require(path.join(folder, file)); }
}
for (const name of manifest.bundledDependencies) {
  require(require.resolve(name, { paths: [folder] }));
}
console.log(`${names.length} submodules, ${loaded().length} files`);
