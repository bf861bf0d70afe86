import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App } from 'cdk8s';
import { MeshSummary } from 'cdk8s-mesh';

/** Name of the file beside the output folder that says what was given up. */
const LOSSES_FILE = 'losses.json';

/** Writes what the app does without on its mesh, beside the manifests and not among them. */
export function writeLosses(app: App): void {
  const { losses } = MeshSummary.of(app);
  const file = join(dirname(app.outdir), LOSSES_FILE);
  rmSync(file, { force: true });
  if (losses.length > 0) { writeFileSync(file, `${JSON.stringify(losses, undefined, 2)}\n`); }
}

/** Prints what a synth wrote: services, edges, resources by kind, and where the files are. */
export function printSummary(app: App): void {
  const objects = app.charts.flatMap((chart) => chart.toJson() as { readonly kind: string }[]);
  const kinds = new Map<string, number>();
  objects.forEach(({ kind }) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
  const width = Math.max(...[...kinds.keys()].map((kind) => kind.length));
  const { services, members, edges, losses } = MeshSummary.of(app);
  console.log(`services  ${services} (${members} workloads)`);
  console.log(`edges     ${edges}`);
  console.log(`resources ${objects.length}`);
  [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).forEach(([kind, count]) => console.log(`  ${kind.padEnd(width)} ${count}`));
  if (losses.length > 0) {
    console.log(`given up  ${losses.length} (${join(dirname(app.outdir), LOSSES_FILE)})`);
    [...new Set(losses.map((loss) => loss.capabilityId))].forEach((id) => console.log(`  ${id}: ${losses.filter((loss) => loss.capabilityId === id).length}`));
  }
  console.log('files');
  readdirSync(app.outdir).filter((file) => file.endsWith('.yaml')).sort().forEach((file) => console.log(`  ${join(app.outdir, file)}`));
}
