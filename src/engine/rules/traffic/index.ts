import { MESH0201 } from './mesh0201-mesh-host-conflict';
import { MESH0202 } from './mesh0202-gateway-host-conflict';
import { MESH0203 } from './mesh0203-several-sidecars';
import { MESH0204 } from './mesh0204-sidecars-of-one-pod';
import { MESH0205 } from './mesh0205-conflicting-gateways';
import { MESH0206 } from './mesh0206-duplicate-certificate';
import { MESH0207 } from './mesh0207-gateway-port-without-service';
import { MESH0208 } from './mesh0208-ingress-past-subsets';
import { MESH0209 } from './mesh0209-entry-protocols';
import { MESH0210 } from './mesh0210-unnamed-protocol';
import { MESH0211 } from './mesh0211-external-name-port';
import { MESH0212 } from './mesh0212-services-of-one-workload';
import { MESH0213 } from './mesh0213-unverified-server';
import { MESH0214 } from './mesh0214-failover-without-detection';
import { MESH0215 } from './mesh0215-retries-of-writes';
import { MESH0216 } from './mesh0216-prefix-of-segment';
import { MESH0217 } from './mesh0217-impossible-regex';
import { MESH0218 } from './mesh0218-http-routes-on-tcp';
import { MESH0219 } from './mesh0219-subsets-of-headless';
import { MESH0220 } from './mesh0220-timeout-of-tries';
import { MESH0221 } from './mesh0221-sidecar-hosts';
import { MESH0222 } from './mesh0222-envoy-filter-operation';
import { MESH0223 } from './mesh0223-unused-host';
import { MESH0224 } from './mesh0224-entry-address';
import { MESH0225 } from './mesh0225-distribute-and-failover';
import type { Rule } from '../rule';

/** Routing and connections of Istio. */
export const TRAFFIC_RULES: readonly Rule[] = [
  MESH0201, MESH0202, MESH0203, MESH0204, MESH0205, MESH0206, MESH0207, MESH0208, MESH0209, MESH0210, MESH0211, MESH0212,
  MESH0213, MESH0214, MESH0215, MESH0216, MESH0217, MESH0218, MESH0219, MESH0220, MESH0221, MESH0222, MESH0223, MESH0224,
  MESH0225,
];
