import { PKI_VERBS } from './pki/verbs';
import type * as validate from './validate';
import { Verb } from './verb';

/** All verbs, in the order in which help lists them. */
export const VERBS: readonly Verb[] = [
  { name: 'pki', summary: 'keep certificates in a store, renew and revoke them, and check them', verbs: PKI_VERBS },
  {
    name: 'validate',
    summary: 'check manifests as the API server and the webhooks of the meshes would',
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    load: () => (require('./validate') as typeof validate).VALIDATE,
  },
];
