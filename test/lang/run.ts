import * as fs from 'node:fs';
import * as path from 'node:path';
import { differences } from './compare';
import { Language, Workshop } from './language';
import { go } from './languages/go';
import { java } from './languages/java';
import { javascript, npmLoad, typescript } from './languages/npm';
import { python } from './languages/python';
import { REPOSITORY, TARGETS, floors, makePackages } from './packages';

/** TypeScript comes first: what it writes is what the others are compared with. */
const LANGUAGES: readonly Language[] = [typescript, javascript, npmLoad, python, java, go];
/** These write no manifests. */
const WITHOUT_MANIFESTS = new Set([npmLoad.name]);

const work = path.join(REPOSITORY, '.cache', 'lang');
const packages = path.join(work, 'packages');
const lines: string[] = [];
const counts = { passed: 0, failed: 0, skipped: 0 };

function say(line: string): void {
  console.log(line);
}

function main(wanted: readonly string[]): void {
  const unknown = wanted.filter((name) => !LANGUAGES.some((language) => language.name === name));
  if (unknown.length > 0) {
    console.error(`unknown language, got ${unknown.join(', ')}; use any of ${LANGUAGES.map((language) => language.name).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  fs.rmSync(work, { recursive: true, force: true });
  attempt('packages', () => makePackages(REPOSITORY, TARGETS, packages));
  if (counts.failed === 0) {
    LANGUAGES.filter((language) => wanted.length === 0 || wanted.includes(language.name) || language === typescript).forEach(tryLanguage);
  }
  say(`\n${lines.join('\n')}`);
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  say(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

function tryLanguage(language: Language): void {
  const obstacle = language.obstacle?.();
  // What a developer's machine lacks is no mistake; a machine that decides about changes must try everything.
  if (obstacle !== undefined && process.env.CI !== 'true') {
    counts.skipped += 1;
    lines.push(`${language.name.padEnd(12)} skipped: ${obstacle}`);
    return;
  }
  attempt(language.name, () => {
    if (obstacle !== undefined) { throw new Error(obstacle); }
    const shop = workshop(language);
    language.run(shop);
    const found = WITHOUT_MANIFESTS.has(language.name) ? [] : differences(outdirOf(typescript), shop.outdir);
    if (found.length > 0) {
      throw new Error(`not what TypeScript writes:\n${found.join('\n')}`);
    }
  });
}

function attempt(name: string, action: () => void): void {
  say(`${name}: running`);
  const start = process.hrtime.bigint();
  let failure: string | undefined;
  try {
    action();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const minutes = Number((process.hrtime.bigint() - start) / 1_000_000n) / 60_000;
  counts[failure === undefined ? 'passed' : 'failed'] += 1;
  lines.push(`${name.padEnd(12)} ${failure === undefined ? 'passed' : 'FAILED'} ${minutes.toFixed(1)} min`);
  if (failure !== undefined) { say(`${name}: FAILED\n${failure}`); }
}

function workshop(language: Language): Workshop {
  const folder = path.join(work, language.name.replace(/\W/g, '-'));
  fs.mkdirSync(folder, { recursive: true });
  const outdir = outdirOf(language);
  // The runtimes unpack the packages into a cache, which would grow with every run.
  const env = { CDK8S_OUTDIR: outdir, JSII_RUNTIME_PACKAGE_CACHE_ROOT: path.join(work, 'unpacked') };
  return { packages, folder, outdir, floors: floors(), env, say };
}

function outdirOf(language: Language): string {
  return path.join(work, 'manifests', language.name.replace(/\W/g, '-'));
}

main(process.argv.slice(2));
