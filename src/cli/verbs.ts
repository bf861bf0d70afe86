import type * as analyze from './analyze';
import { PKI_VERBS } from './pki/verbs';
import type * as reach from './reach';
import type * as simulate from './simulate';
import type * as validate from './validate';
import { Verb } from './verb';

/** All verbs, in the order in which help lists them. */
export const VERBS: readonly Verb[] = [
  {
    name: 'analyze',
    summary: 'find what is wrong in manifests, each by itself and all together',
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    load: () => (require('./analyze') as typeof analyze).ANALYZE,
  },
  { name: 'pki', summary: 'keep certificates in a store, renew and revoke them, and check them', verbs: PKI_VERBS },
  {
    name: 'reach',
    summary: 'show which workload may call which port of which other',
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    load: () => (require('./reach') as typeof reach).REACH,
  },
  {
    name: 'simulate',
    summary: 'decide whether a request is let in and where it goes, as the mesh would',
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    load: () => (require('./simulate') as typeof simulate).SIMULATE,
  },
  {
    name: 'validate',
    summary: 'check manifests as the API server and the webhooks of the meshes would',
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    load: () => (require('./validate') as typeof validate).VALIDATE,
  },
];
