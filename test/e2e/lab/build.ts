import * as fs from 'fs';
import * as path from 'path';
import { cacheDir, makeDirectory, withLock } from './cache';
import { BuildLog, isBuilt, Part, partDir, whyNot } from './parts/part';

/** What became of one part. */
export interface BuildResult {
  readonly part: Part;
  /** `there` = was built before. */
  readonly state: 'there' | 'built' | 'missing' | 'failed';
  /** Why it is missing or failed. */
  readonly why?: string;
  readonly minutes: number;
}

/** How often a long build says that it is still alive, in seconds. */
const PROGRESS_SECONDS = 30;

/**
 * Makes sure that the parts are built, one after the other, waiting where another process is building one of them.
 *
 * A part that cannot be built does not stop the others.
 */
export async function buildParts(parts: readonly Part[], say: (line: string) => void): Promise<BuildResult[]> {
  const results: BuildResult[] = [];
  for (const part of parts) results.push(await buildPart(part, say));
  return results;
}

async function buildPart(part: Part, say: (line: string) => void): Promise<BuildResult> {
  if (isBuilt(part)) return { part, state: 'there', minutes: 0 };
  const why = whyNot(part);
  if (why) {
    say(`${part.name} ${part.version}: missing, because ${why}`);
    return { part, state: 'missing', why, minutes: 0 };
  }
  const start = Date.now();
  const minutes = () => (Date.now() - start) / 60000;
  const built = await withLock(part.name, async (): Promise<BuildResult> => {
    if (isBuilt(part)) return { part, state: 'there', minutes: minutes() };
    const log = newLog(part, say, minutes);
    try {
      say(`${part.name} ${part.version}: building with ${part.maker}`);
      await makeDirectory(partDir(part), async (into) => part.build(into, log));
      say(`${part.name} ${part.version}: built in ${minutes().toFixed(1)} min`);
      return { part, state: 'built', minutes: minutes() };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      say(`${part.name} ${part.version}: failed after ${minutes().toFixed(1)} min; full log: ${log.file}\n${text}`);
      return { part, state: 'failed', why: text, minutes: minutes() };
    } finally {
      log.stop();
    }
  }, () => say(`${part.name} ${part.version}: waiting for another process that builds it`));
  if (built.state === 'there') say(`${part.name} ${part.version}: another process built it, waited ${minutes().toFixed(1)} min`);
  return built;
}

function newLog(part: Part, say: (line: string) => void, minutes: () => number): BuildLog & { stop(): void } {
  const file = path.join(cacheDir(), 'logs', `${part.name}-${part.version}.log`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, '');
  let state = '';
  const timer = setInterval(() => say(`${part.name} ${part.version}: ${minutes().toFixed(1)} min, ${state}`), PROGRESS_SECONDS * 1000);
  return {
    file,
    say: (line) => say(`${part.name} ${part.version}: ${line}`),
    progress: (text) => {
      state = text;
    },
    stop: () => clearInterval(timer),
  };
}
