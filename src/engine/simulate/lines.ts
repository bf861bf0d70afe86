import type { Decision, ErrorDecision } from './decision';
import { SimulationRequest } from './request';
import { answerTo, simulate, SimulateOptions } from './simulate';
import { MeshFault } from '../../private/errors';
import { isObject } from '../model/json';
import type { Model } from '../model/model';

/** Decides a request written as one line of JSON; a line that is none is answered with an error. */
export function simulateLine(model: Model, line: string, options: SimulateOptions = {}): Decision | ErrorDecision {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return answerTo(new MeshFault({ code: 'MESH-E070', what: 'the line is no JSON', fix: 'write one JSON object on each line' }), undefined);
  }
  if (!isObject(value)) {
    return answerTo(new MeshFault({ code: 'MESH-E070', what: 'the line is no JSON object', fix: 'write {"client": …, "server": …}' }), undefined);
  }
  return simulate(model, value as SimulationRequest, options);
}
