import type * as validate from './validate';
import { Verb } from './verb';

/** All verbs, in the order in which help lists them. */
export const VERBS: readonly Verb[] = [
  {
    name: 'validate',
    summary: 'check manifests as the API server and the webhooks of the meshes would',
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    load: () => (require('./validate') as typeof validate).VALIDATE,
  },
];
