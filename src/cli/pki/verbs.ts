import type * as init from './init';
import type * as issue from './issue';
import type * as list from './list';
import type * as revoke from './revoke';
import type * as rotate from './rotate';
import type * as status from './status';
import type * as verify from './verify';
import { Verb } from '../verb';

/** What can be done with certificates, in the order in which help lists them. Each is only loaded to run it. */
export const PKI_VERBS: readonly Verb[] = [
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  { name: 'init', summary: 'make a certificate authority, and the store when there is none', load: () => (require('./init') as typeof init).INIT },
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  { name: 'issue', summary: 'issue what an app declares, or one certificate by hand', load: () => (require('./issue') as typeof issue).ISSUE },
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  { name: 'rotate', summary: 'renew what is due, or take the next step of changing the root', load: () => (require('./rotate') as typeof rotate).ROTATE },
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  { name: 'revoke', summary: 'say that a certificate is no longer good', load: () => (require('./revoke') as typeof revoke).REVOKE },
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  { name: 'list', summary: 'list every certificate that was issued', load: () => (require('./list') as typeof list).LIST },
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  { name: 'status', summary: 'tell when certificates end, in a store or in manifests', load: () => (require('./status') as typeof status).STATUS },
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  { name: 'verify', summary: 'check chains, names, keys and signatures, in a store or in manifests', load: () => (require('./verify') as typeof verify).VERIFY },
];
