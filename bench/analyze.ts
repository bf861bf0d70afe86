/**
 * How long `validate` and `analyze` take for 1,000 and 10,000 meshed services, beside `istioctl analyze --use-kube=false` on the same files.
 *
 * Compile first; `ISTIOCTL` names Istio's program, which is left out when it is absent.
 */
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { writeEstate } from './estate';
import { Cost, measure, median } from './measure';

const OURS = path.join(__dirname, '../bin/cdk8s-mesh');
const TIMES = Number(process.env.BENCH_TIMES ?? 3);

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk8s-mesh-bench-'));
  try {
    const [small, large] = [1000, 10_000].map((services) => {
      const files = path.join(folder, String(services));
      return { files, objects: writeEstate(files, services) };
    });
    const costs: Record<string, Cost> = {};
    const run = async (name: string, objects: number, times: number, program: string, args: readonly string[]): Promise<void> => {
      const cost = costs[name] = await median(times, () => measure(program, args, { HOME: folder, KUBECONFIG: '' }));
      console.log(`${name.padEnd(28)} ${String(objects).padStart(6)} objects ${cost.seconds.toFixed(2).padStart(7)} s ${cost.cpuSeconds.toFixed(2).padStart(7)} s of processor ${cost.megabytes.toFixed(0).padStart(5)} MB`);
    };
    for (const verb of ['validate', 'analyze']) {
      await run(verb, small.objects, TIMES, process.execPath, [OURS, verb, '--fail-on', 'never', '--format', 'json', small.files]);
      await run(`${verb}, ten times as much`, large.objects, 1, process.execPath, [OURS, verb, '--fail-on', 'never', '--format', 'json', large.files]);
      console.log(`  ${(costs[`${verb}, ten times as much`].cpuSeconds / costs[verb].cpuSeconds).toFixed(1)} times the processor time for ${(large.objects / small.objects).toFixed(1)} times the objects`);
    }
    const istioctl = process.env.ISTIOCTL;
    if (istioctl === undefined) return;
    await run('istioctl analyze', small.objects, TIMES, istioctl, ['analyze', '--use-kube=false', '--all-namespaces', '--output', 'json', small.files]);
    const [ours, theirs] = [costs.analyze, costs['istioctl analyze']];
    console.log(`  analyze takes ${(ours.seconds / theirs.seconds).toFixed(2)} of its time, ${(ours.cpuSeconds / theirs.cpuSeconds).toFixed(2)} of its processor time and ${(ours.megabytes / theirs.megabytes).toFixed(2)} of its memory`);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

void main();
