import * as path from 'path';
import { run } from '../lab/command';
import { SuitePart } from '../suite';

const ROOT = path.resolve(__dirname, '../../..');

/** Property tests of `npm test` that are tried more often here: how many times as often, and what that comes to. */
const PROPERTIES: readonly { readonly test: string; readonly times: number; readonly says: string }[] = [
  { test: 'test/patterns/zero-trust-calls.test.ts', times: 42, says: '504 random apps in zero trust namespaces on each of four meshes: exactly the declared calls are allowed' },
  { test: 'test/linkerd/admission.test.ts', times: 34, says: '2040 random apps: whatever is written for Linkerd obeys its admission rules' },
  { test: 'test/engine/naive/agreement.test.ts', times: 100, says: '20000 random cases each of sidecars, ztunnel, VirtualServices and routes of Services: two readings agree' },
  { test: 'test/engine/naive/linkerd-agreement.test.ts', times: 100, says: '20000 random Servers with policies and routes, and 20000 sets of routes: two readings of Linkerd agree' },
  { test: 'test/engine/naive/consul-agreement.test.ts', times: 100, says: '20000 random sets of intentions, and 20000 discovery chains: two readings of Consul agree' },
  { test: 'test/patterns/same-decisions.test.ts', times: 20, says: '160 random apps: every mesh decides alike' },
];

/** The property tests of `npm test` with large counts. */
export const part: SuitePart = {
  name: 'properties',
  needs: [],
  run: async (t) => {
    for (const { test, times, says } of PROPERTIES) {
      await t.check(says, async () => {
        // A property of many samples takes longer than jest waits for a test.
        await run('npx', ['jest', '--ci', '--coverage=false', '--testTimeout=1800000', test], { cwd: ROOT, env: { ...process.env, PROPERTY_RUNS: String(times) } });
      });
    }
  },
};
