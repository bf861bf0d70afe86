import { MESH0601 } from './mesh0601-overlapping-servers';
import { MESH0602 } from './mesh0602-probe-lock-out';
import { MESH0603 } from './mesh0603-server-without-clients';
import { MESH0604 } from './mesh0604-unknown-authentication';
import { MESH0605 } from './mesh0605-unknown-target';
import { MESH0606 } from './mesh0606-profile-and-route';
import { MESH0607 } from './mesh0607-server-selects-nothing';
import { MESH0608 } from './mesh0608-opaque-mismatch';
import { MESH0609 } from './mesh0609-misplaced-settings';
import { MESH0610 } from './mesh0610-unsupported-filter';
import { MESH0611 } from './mesh0611-unknown-app-protocol';
import { MESH0612 } from './mesh0612-annotation-values';
import { MESH0613 } from './mesh0613-headless-parent';
import type { Rule } from '../rule';

/** Linkerd. */
export const LINKERD_RULES: readonly Rule[] = [
  MESH0601, MESH0602, MESH0603, MESH0604, MESH0605, MESH0606, MESH0607, MESH0608, MESH0609, MESH0610, MESH0611, MESH0612,
  MESH0613,
];
