#!/usr/bin/env node
/**
 * Runs an example from its TypeScript sources, against the library's own: nothing has to be compiled first.
 *
 *   node tools/run-example.js NAME [arguments of the example]
 */
'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const root = path.join(__dirname, '..');
const [name, ...args] = process.argv.slice(2);
const main = path.join(root, 'examples', name ?? '', 'main.ts');

if (!name || !fs.existsSync(main)) {
  const names = fs.readdirSync(path.join(root, 'examples')).filter((entry) => fs.existsSync(path.join(root, 'examples', entry, 'main.ts')));
  console.error(`usage: node tools/run-example.js NAME [--out DIR]\nexamples: ${names.join(', ')}`);
  process.exit(2);
}

// What was compiled is as good as the sources while it is newer than all of them, and starts in a tenth of the time.
function newest(folder) {
  return Math.max(0, ...fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map((entry) => fs.statSync(path.join(entry.parentPath, entry.name)).mtimeMs));
}
const compiled = path.join(root, 'lib', 'index.js');
const library = fs.existsSync(compiled) && fs.statSync(compiled).mtimeMs > newest(path.join(root, 'src')) ? compiled : path.join(root, 'src', 'index.ts');

require('ts-node').register({ transpileOnly: true, project: path.join(root, 'tsconfig.json'), ignore: ['/node_modules/'] });

// The examples import the library by its name, as a user would.
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return request === 'cdk8s-mesh' ? library : resolve.call(this, request, ...rest);
};

process.argv = [process.argv[0], main, ...args];
require(main);
