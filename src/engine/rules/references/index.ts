import { MESH0101 } from './mesh0101-unknown-destination-host';
import { MESH0102 } from './mesh0102-unknown-subset';
import { MESH0103 } from './mesh0103-unknown-gateway';
import { MESH0104 } from './mesh0104-gateway-selects-nothing';
import { MESH0105 } from './mesh0105-gateway-secret';
import { MESH0106 } from './mesh0106-selector-selects-nothing';
import { MESH0107 } from './mesh0107-policy-selects-nothing';
import { MESH0108 } from './mesh0108-unknown-source-namespace';
import { MESH0109 } from './mesh0109-port-required';
import { MESH0110 } from './mesh0110-unknown-destination-port';
import { MESH0111 } from './mesh0111-host-not-in-gateway';
import { MESH0112 } from './mesh0112-subset-selects-nothing';
import { MESH0113 } from './mesh0113-unknown-rule-host';
import { MESH0114 } from './mesh0114-internal-gateway';
import { MESH0115 } from './mesh0115-unknown-delegate';
import { MESH0116 } from './mesh0116-service-selects-nothing';
import { MESH0117 } from './mesh0117-unknown-service-account';
import { MESH0118 } from './mesh0118-unknown-target';
import type { Rule } from '../rule';

/** References that lead nowhere. */
export const REFERENCE_RULES: readonly Rule[] = [
  MESH0101, MESH0102, MESH0103, MESH0104, MESH0105, MESH0106, MESH0107, MESH0108, MESH0109, MESH0110, MESH0111, MESH0112,
  MESH0113, MESH0114, MESH0115, MESH0116, MESH0117, MESH0118,
];
