import { Construct, IConstruct } from 'constructs';

/** Id of the construct that holds everything that is written for its parent at synth. */
export const OUTPUT_ID = 'Mesh';

/** Makes the construct that holds everything that is written for `parent` at synth. */
export function outputScope(parent: IConstruct): Construct {
  return new Construct(parent as Construct, OUTPUT_ID);
}
