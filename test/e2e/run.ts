import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiServer } from './lab/api-server';
import { buildParts } from './lab/build';
import { crdsDir } from './lab/crds';
import { LabRun } from './lab/lab-run';
import { ALL_PARTS } from './lab/parts';
import { isBuilt, whyNot } from './lab/parts/part';
import { closingLine, PartResult, SuiteContext, SuitePart } from './suite';

const say = (line: string) => console.log(line);
const indent = (text: string, by: string) => text.split('\n').map((line) => by + line).join('\n');

/** `npm run test:e2e [part…]`: runs the named parts of the suite, or all. */
async function main(names: readonly string[]): Promise<number> {
  const all = loadParts();
  const unknown = names.filter((name) => !all.some((part) => part.name === name));
  if (unknown.length > 0) {
    console.error(`no such part: ${unknown.join(', ')}; there are ${all.map((part) => part.name).join(', ')}`);
    return 2;
  }
  const shared = new SharedApiServer();
  const results: PartResult[] = [];
  for (const part of all.filter((it) => names.length === 0 || names.includes(it.name))) results.push(await runPart(part, shared));
  shared.close();

  say('\nminutes per part');
  for (const { name, minutes, passed, failed, skipped } of results) {
    say(`  ${name.padEnd(20)} ${minutes.toFixed(1).padStart(6)} min  ${closingLine([{ name, minutes, passed, failed, skipped }])}`);
  }
  say(closingLine(results));
  return results.some((result) => result.failed > 0) || results.length === 0 ? 1 : 0;
}

/** All parts of the suite, those that need what is built first in front. */
function loadParts(): SuitePart[] {
  const dir = path.join(__dirname, 'parts');
  const files = fs.readdirSync(dir).filter((name) => name.endsWith('.e2e.ts')).sort();
  const parts = files.map((file): SuitePart => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { part } = require(path.join(dir, file));
    if (!part) throw new Error(`${file} exports no \`part\``);
    return part;
  });
  const lastNeed = (part: SuitePart) => Math.max(-1, ...part.needs.map((need) => ALL_PARTS.indexOf(need)));
  return parts.map((part, index) => ({ part, index })).sort((a, b) => lastNeed(a.part) - lastNeed(b.part) || a.index - b.index).map((it) => it.part);
}

async function runPart(part: SuitePart, shared: SharedApiServer): Promise<PartResult> {
  say(`\n${part.name}`);
  const start = Date.now();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const fail = (what: string, error: unknown) => {
    counts.failed++;
    say(`  FAILED ${what}\n${indent(error instanceof Error ? error.stack ?? error.message : String(error), '    ')}`);
  };
  const obstacle = await findObstacle(part);
  if (obstacle) {
    // On a build server a test that did not run is a test that failed.
    if (process.env.CI === 'true') {
      fail('could not run', obstacle);
    } else {
      counts.skipped++;
      say(`  skipped: ${obstacle}`);
    }
  } else {
    const lab = new LabRun();
    const context: SuiteContext = {
      lab,
      say: (line) => say(indent(line, '  ')),
      apiServer: async () => shared.get(),
      check: async (sentence, work) => {
        const began = Date.now();
        try {
          const remark = await work();
          counts.passed++;
          say(`  ok ${sentence}${remark ? `: ${remark}` : ''} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
        } catch (error) {
          fail(sentence, error);
        }
      },
    };
    try {
      await part.run(context);
    } catch (error) {
      fail('broke off', error);
    }
    if (counts.failed > 0) {
      lab.keepAs = path.join(os.tmpdir(), `failed-${part.name}-${process.pid}`);
      say(indent(`logs are kept in ${lab.keepAs}\n${lab.obituaries()}`.trimEnd(), '  '));
    }
    lab.close();
  }
  return { name: part.name, minutes: (Date.now() - start) / 60000, ...counts };
}

/** Why a part cannot run, after building what it needs. */
async function findObstacle(part: SuitePart): Promise<string | undefined> {
  const missing = part.missing?.();
  if (missing) return missing;
  if (part.needsRoot && process.getuid?.() !== 0) return 'it makes network namespaces, which takes root';
  if (part.needsCrds && !fs.existsSync(crdsDir())) return 'the CRDs are not beside the repository, and L1_CRDS does not name a folder';
  const unbuildable = part.needs.find((need) => !isBuilt(need) && whyNot(need));
  if (unbuildable) return `${unbuildable.name} is missing: ${whyNot(unbuildable)}`;
  const results = await buildParts(part.needs, (line) => say(indent(line, '  ')));
  const failed = results.find((result) => result.state === 'failed' || result.state === 'missing');
  return failed && `${failed.part.name} ${failed.state}: ${failed.why}`;
}

/** The API server that the parts of a suite share, started by the first that asks. */
class SharedApiServer {
  private run?: LabRun;
  private server?: Promise<ApiServer>;

  async get(): Promise<ApiServer> {
    if (!this.server) {
      this.run = new LabRun();
      this.server = ApiServer.start(this.run);
    }
    return this.server;
  }

  close(): void {
    this.run?.close();
  }
}

main(process.argv.slice(2)).then((code) => {
  // Kept connections would hold the process.
  process.exit(code);
}, (error) => {
  console.error(error);
  process.exit(1);
});
