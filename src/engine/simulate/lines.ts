import type { Decision, ErrorDecision } from './decision';
import { SimulationRequest } from './request';
import { answerTo, simulate, SimulateOptions } from './simulate';
import { MeshFault } from '../../private/errors';
import { isObject } from '../model/json';
import type { Model } from '../model/model';

/** Characters of answers that are handed over together. */
const CHUNK = 262_144;

/** Decides a request written as one line of JSON; a line that is none is answered with an error. */
export function simulateLine(model: Model, line: string, options: SimulateOptions = {}): Decision | ErrorDecision {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return answerTo(new MeshFault({ code: 'MESH-E070', what: 'the line is no JSON', fix: 'write one JSON object on each line' }), idIn(line));
  }
  if (!isObject(value)) {
    return answerTo(new MeshFault({ code: 'MESH-E070', what: 'the line is no JSON object', fix: 'write {"client": …, "server": …}' }), undefined);
  }
  return simulate(model, value as SimulationRequest, options);
}

/** Decides requests line by line; the answers come in the same order, some at a time. */
export function simulateLines(model: Model, text: string, options: SimulateOptions, write: (answers: string, count: number) => void): void {
  let answers = '';
  let count = 0;
  const flush = (): void => {
    if (count > 0) write(answers, count);
    answers = '';
    count = 0;
  };
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end);
    start = end < 0 ? text.length : end + 1;
    // Empty lines ask nothing.
    if (line.trim() === '') continue;
    answers += `${JSON.stringify(answered(model, line, options))}\n`;
    count++;
    if (answers.length > CHUNK) flush();
  }
  flush();
}

/** A mistake of ours in one answer must not cost the others. */
function answered(model: Model, line: string, options: SimulateOptions): Decision | ErrorDecision {
  try {
    return simulateLine(model, line, options);
  } catch (error) {
    const what = `the request could not be decided: ${error instanceof Error ? error.message : String(error)}`;
    return answerTo(new MeshFault({ code: 'MESH-E073', what, fix: 'report it with the manifests, it is a mistake of ours' }), idIn(line));
  }
}

/** The id of a line that is broken elsewhere. */
function idIn(line: string): number | string | undefined {
  const found = /^\s*\{\s*"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?)\s*[,}]/.exec(line);
  try {
    return found ? JSON.parse(found[1]) as number | string : undefined;
  } catch {
    return undefined;
  }
}
