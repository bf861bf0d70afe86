import type * as cel from '@bufbuild/cel';

let library: typeof cel | undefined;

/** What is wrong with the syntax of an expression of the Common Expression Language; undefined when nothing is. */
export function celProblem(expression: string): string | undefined {
  // Loaded on first use: it takes a tenth of a second.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  library ??= require('@bufbuild/cel') as typeof cel;
  try {
    library.parse(expression);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^<input>:/, '');
  }
}
