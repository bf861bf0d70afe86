import { MESH0301 } from './mesh0301-policy-service-port';
import { MESH0302 } from './mesh0302-peer-service-port';
import { MESH0303 } from './mesh0303-http-rules-on-tcp';
import { MESH0304 } from './mesh0304-token-not-required';
import { MESH0305 } from './mesh0305-claim-routes';
import { MESH0306 } from './mesh0306-identity-without-mtls';
import { MESH0307 } from './mesh0307-plain-to-strict';
import { MESH0308 } from './mesh0308-principal-form';
import { MESH0309 } from './mesh0309-wildcard-inside';
import { MESH0310 } from './mesh0310-deny-host-with-port';
import { MESH0311 } from './mesh0311-several-peer-authentications';
import { MESH0312 } from './mesh0312-unknown-provider';
import { MESH0313 } from './mesh0313-gateway-locked-out';
import { MESH0314 } from './mesh0314-probes-not-rewritten';
import { MESH0315 } from './mesh0315-gateway-pods-by-selector';
import { MESH0316 } from './mesh0316-proxy-user';
import { MESH0317 } from './mesh0317-injection-labels';
import { MESH0318 } from './mesh0318-not-injected';
import type { Rule } from '../rule';

/** Policies and identities of Istio. */
export const SECURITY_RULES: readonly Rule[] = [
  MESH0301, MESH0302, MESH0303, MESH0304, MESH0305, MESH0306, MESH0307, MESH0308, MESH0309, MESH0310, MESH0311, MESH0312,
  MESH0313, MESH0314, MESH0315, MESH0316, MESH0317, MESH0318,
];
