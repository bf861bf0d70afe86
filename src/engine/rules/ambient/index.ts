import { MESH0401 } from './mesh0401-http-rules-at-ztunnel';
import { MESH0402 } from './mesh0402-unsupported-action';
import { MESH0403 } from './mesh0403-sidecar-in-ambient';
import { MESH0404 } from './mesh0404-unknown-waypoint';
import { MESH0405 } from './mesh0405-routes-without-waypoint';
import { MESH0406 } from './mesh0406-waypoint-not-allowed';
import { MESH0407 } from './mesh0407-target-without-waypoint';
import { MESH0408 } from './mesh0408-peer-mode';
import { MESH0409 } from './mesh0409-trust-domains';
import type { Rule } from '../rule';

/** The ambient mesh. */
export const AMBIENT_RULES: readonly Rule[] = [
  MESH0401, MESH0402, MESH0403, MESH0404, MESH0405, MESH0406, MESH0407, MESH0408, MESH0409,
];
