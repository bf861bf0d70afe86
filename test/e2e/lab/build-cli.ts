import { buildParts } from './build';
import { cacheDir } from './cache';
import { ALL_PARTS } from './parts';

/** `npm run lab:build [part…]`: builds the named parts, or all. */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !ALL_PARTS.some((part) => part.name === name));
  if (unknown.length > 0) {
    console.error(`no such part: ${unknown.join(', ')}; there are ${ALL_PARTS.map((part) => part.name).join(', ')}`);
    return 2;
  }
  const parts = names.length > 0 ? ALL_PARTS.filter((part) => names.includes(part.name)) : ALL_PARTS;
  console.log(`lab: ${parts.length} parts into ${cacheDir()}`);
  const results = await buildParts(parts, (line) => console.log(line));
  for (const { part, state, minutes, why } of results) {
    console.log(`${part.name.padEnd(16)} ${part.version.padEnd(10)} ${state.padEnd(8)} ${minutes.toFixed(1)} min ${why?.split('\n')[0] ?? ''}`.trimEnd());
  }
  return results.some((result) => result.state === 'failed' || result.state === 'missing') ? 1 : 0;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
