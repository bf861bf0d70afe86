import { App } from 'cdk8s';
import { MeshSummary } from 'cdk8s-mesh';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Prints what a synth wrote: services, edges, resources by kind, and where the files are. */
export function printSummary(app: App): void {
  const objects = app.charts.flatMap((chart) => chart.toJson() as { readonly kind: string }[]);
  const kinds = new Map<string, number>();
  objects.forEach(({ kind }) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
  const width = Math.max(...[...kinds.keys()].map((kind) => kind.length));
  const { services, members, edges } = MeshSummary.of(app);
  console.log(`services  ${services} (${members} workloads)`);
  console.log(`edges     ${edges}`);
  console.log(`resources ${objects.length}`);
  [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).forEach(([kind, count]) => console.log(`  ${kind.padEnd(width)} ${count}`));
  console.log('files');
  readdirSync(app.outdir).filter((file) => file.endsWith('.yaml')).sort().forEach((file) => console.log(`  ${join(app.outdir, file)}`));
}
