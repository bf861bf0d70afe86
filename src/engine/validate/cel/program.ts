import type { CelEnv, CelError, CelValue } from '@bufbuild/cel';
import type * as re2 from 're2js';
import { addressFunctions } from './address-functions';
import { goFunctions } from './functions';
import { kubernetesFunctions } from './kubernetes-functions';
import { loadCel } from './library';
import { quantityFunctions } from './quantity-functions';
import { searchPattern } from '../text/pattern';

/** A compiled expression. */
export type Program = (self: CelValue) => CelValue | CelError;

let environment: CelEnv | undefined;
const programs = new Map<string, Program | Error>();

/** Compiles an expression over `self`, once; an error when the library cannot read it. */
export function compile(expression: string): Program | Error {
  let program = programs.get(expression);
  if (!program) {
    const { cel } = loadCel();
    try {
      const plan = cel.plan(environment ??= newEnvironment(), cel.parse(expression));
      program = (self) => plan({ self }) as CelValue | CelError;
    } catch (error) {
      program = error instanceof Error ? error : new Error(String(error));
    }
    programs.set(expression, program);
  }
  return program;
}

function newEnvironment(): CelEnv {
  const { cel, strings } = loadCel();
  return cel.celEnv({
    funcs: [...strings, ...goFunctions(), ...kubernetesFunctions(findAll), ...addressFunctions(), ...quantityFunctions()],
    re2: { compile: (pattern) => ({ test: searchPattern(pattern) }) },
  });
}

function findAll(text: string, pattern: string): string[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { RE2JS } = require('re2js') as typeof re2;
  const matcher = RE2JS.compile(pattern).matcher(text);
  const found: string[] = [];
  while (matcher.find()) found.push(matcher.group() ?? '');
  return found;
}
