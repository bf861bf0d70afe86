import * as assert from 'assert/strict';
import * as fs from 'fs';
import { MESH_CONFIG, SERVICES, WORKLOADS } from '../istio/differential/estate';
import { Disagreement, runTrial } from '../istio/differential/trial';
import { MeshLab } from '../lab/mesh-lab';
import { envoy, etcd, iptables, istio, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 1);
const SEED = Number(process.env.PROPERTY_SEED ?? 20261121);
const CONFIGURATIONS = Math.ceil(336 * RUNS);
const REQUESTS = 12;
const GROUP = 24;

/** The simulator says of random configurations and requests what istiod and Envoy do. */
export const part: SuitePart = {
  name: 'istio-differential',
  needs: [etcd, kubeApiserver, envoy, iptables, istio],
  needsRoot: true,
  needsCrds: true,
  run: async (t) => {
    const lab = await MeshLab.start(t.lab, { meshConfig: MESH_CONFIG });
    await lab.addWorkloads(...WORKLOADS);
    await lab.addServices(...SERVICES);
    await lab.settle();
    const features = new Map<string, number>();
    const verdicts = new Map<string, number>();
    const totals = { cases: 0, configurations: 0, kubernetes: 0, refused: 0, late: 0 };
    for (let first = Number(process.env.DIFFERENTIAL_FIRST ?? 0); first < CONFIGURATIONS; first += GROUP) {
      const last = Math.min(first + GROUP, CONFIGURATIONS);
      await t.check(`configurations ${first} to ${last - 1} of seed ${SEED}: the simulator says what the proxies do`, async () => {
        const disagreements: Disagreement[] = [];
        for (let number = first; number < last; number++) {
          const trial = await runTrial(lab, SEED, number, REQUESTS);
          if (trial.refused.length > 0) {
            totals.refused++;
            continue;
          }
          totals.configurations++;
          totals.cases += trial.cases;
          totals.late += trial.late;
          if (trial.theme.kubernetes) totals.kubernetes += trial.cases;
          for (const feature of trial.features) features.set(feature, (features.get(feature) ?? 0) + trial.cases);
          for (const [verdict, count] of trial.verdicts) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + count);
          disagreements.push(...trial.disagreements);
        }
        if (process.env.DIFFERENTIAL_LOG) for (const it of disagreements) fs.appendFileSync(process.env.DIFFERENTIAL_LOG, `${JSON.stringify(it)}\n`);
        assert.equal(disagreements.length, 0, disagreements.slice(0, 3).map(told).join('\n\n'));
      });
    }
    await t.check('the cases were enough, of all verdicts and of each feature', async () => {
      const rows = [...features].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name}: ${count}`);
      t.say(`cases by feature: ${rows.join(', ')}`);
      const rare = [...features].filter(([, count]) => count < 20).map(([name]) => name);
      assert.deepEqual(rare, []);
      for (const verdict of ['allowed', 'answered', 'denied', 'unroutable']) assert.ok((verdicts.get(verdict) ?? 0) >= totals.cases / 50, `few requests are ${verdict}`);
      assert.ok(totals.cases >= 3000 * Math.min(1, RUNS) && totals.kubernetes >= totals.cases / 3 && totals.refused <= CONFIGURATIONS / 50 && totals.late <= totals.cases / 100);
      return `${totals.cases} cases over ${totals.configurations} configurations, ${totals.kubernetes} of Gateway API; ${[...verdicts].map(([name, count]) => `${count} ${name}`).join(', ')}; ${totals.refused} configurations refused by a proxy, ${totals.late} cases true only a moment later`;
    });
  },
};

function told({ decision, objects, observation, request, theme, verdict }: Disagreement): string {
  const manifests = objects.map((it) => JSON.stringify({ kind: it.kind, ...it.metadata, spec: it.spec })).join('\n');
  return `${theme}: ${verdict}\n${JSON.stringify(request.simulated)}\n${JSON.stringify(decision)}\n${JSON.stringify(observation.answer)}\n${manifests}`;
}
