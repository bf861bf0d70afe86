import * as fs from 'fs';
import * as path from 'path';

const ROOT = path.resolve(__dirname, '../..');
const EXAMPLES = path.join(ROOT, 'examples');

/** Runs an example from its sources; arguments: name of the example, then its own. */
export const EXAMPLE_RUNNER = path.join(ROOT, 'tools/run-example.js');

/** One way to run an example. */
export interface ExampleRun {
  /** Name of the example and of the variant, such as `online-boutique (linkerd)`. */
  readonly title: string;
  /** Folder of the example below `examples`. */
  readonly name: string;
  /** Arguments of this variant. */
  readonly args: readonly string[];
}

/**
 * Every example in all of its variants. An example is a folder with a `main.ts`; one that can be run in several ways says so in
 * `variants.json`: a map from the name of each variant to its arguments.
 */
export function exampleRuns(): ExampleRun[] {
  const folders = fs.readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'main.ts').map((file) => path.dirname(file)).sort();
  return folders.flatMap((name) => {
    const file = path.join(EXAMPLES, name, 'variants.json');
    const variants = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) as { readonly [variant: string]: readonly string[] } : { '': [] };
    return Object.entries(variants).map(([variant, args]) => ({ title: variant === '' ? name : `${name} (${variant})`, name, args }));
  });
}
