// Usage: node tools/lazy-submodules.js LIB
// Makes the compiled library load each submodule on first use: `exports.istio = require(…)` in an index.js becomes a getter. See
// docs/decisions/0001-module-graph.md. Plain JavaScript, because it runs at every compile.
const fs = require('node:fs');
const path = require('node:path');

/** What TypeScript makes of `export * as NAME from './PATH'`. */
const NAMESPACE_EXPORT = /^exports\.(\w+) = __importStar\(require\("(\.[^"]+)"\)\);$/gm;

/**
 * The same, on first use. Node finds the names that a CommonJS module exports to ES modules by scanning its text, and it knows only getters
 * of the form `function () { return a.b; }`; hence the object in between. One line stays one line, so that source maps hold.
 */
function lazily(text) {
  return text.replace(NAMESPACE_EXPORT, (_, name, from) =>
    `var lazy_${name} = { get module() { return require("${from}"); } }; ` +
    `Object.defineProperty(exports, "${name}", { enumerable: true, get: function () { return lazy_${name}.module; } });`);
}

function indexFiles(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? indexFiles(file) : entry.name === 'index.js' ? [file] : [];
  });
}

const changed = indexFiles(process.argv[2]).filter((file) => {
  const before = fs.readFileSync(file, 'utf8');
  const after = lazily(before);
  if (after !== before) { fs.writeFileSync(file, after); }
  return after !== before;
});
if (changed.length === 0) {
  console.error(`no submodule export found in ${process.argv[2]}/**/index.js: has the compiler changed its output?`);
  process.exit(1);
}
