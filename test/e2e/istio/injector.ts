import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { Manifest } from '../lab/api-client';
import { run } from '../lab/command';
import { LabRun } from '../lab/lab-run';
import { helm, istio, istioCharts } from '../lab/parts';
import { partDir, program } from '../lab/parts/part';

/** The real injector with the template of Istio's own chart, as an installation with some values would have it. */
export class Injector {
  static async create(run_: LabRun, values: object = {}): Promise<Injector> {
    const dir = fs.mkdtempSync(path.join(run_.folder('injectors'), 'i'));
    fs.writeFileSync(path.join(dir, 'own-values.json'), JSON.stringify(values));
    const rendered = await run(program(helm, 'helm'), [
      'template', 'istiod', path.join(partDir(istioCharts), 'istio-discovery'), '--namespace', 'istio-system', '--values', path.join(dir, 'own-values.json'),
    ], { env: { HELM_CACHE_HOME: dir, HELM_CONFIG_HOME: dir, HELM_DATA_HOME: dir } });
    const maps = (yaml.loadAll(rendered) as (Manifest | null)[]).filter((it) => it?.kind === 'ConfigMap');
    const data = (name: string) => maps.find((it) => it!.metadata.name === name)!.data;
    fs.writeFileSync(path.join(dir, 'config'), data('istio-sidecar-injector').config);
    fs.writeFileSync(path.join(dir, 'values'), data('istio-sidecar-injector').values);
    fs.writeFileSync(path.join(dir, 'mesh'), data('istio').mesh);
    return new Injector(dir);
  }

  private constructor(private readonly dir: string) {}

  /** The objects with proxies beside the pods that ask for one. */
  async inject(objects: readonly Manifest[]): Promise<Manifest[]> {
    const file = path.join(this.dir, 'objects.yaml');
    fs.writeFileSync(file, objects.map((it) => `---\n${JSON.stringify(it)}\n`).join(''));
    const out = await run(program(istio, 'istioctl'), [
      'kube-inject', '--filename', file, '--injectConfigFile', path.join(this.dir, 'config'), '--valuesFile', path.join(this.dir, 'values'),
      '--meshConfigFile', path.join(this.dir, 'mesh'), '--kubeconfig', path.join(this.dir, 'none'),
    ]);
    return (yaml.loadAll(out) as (Manifest | null)[]).filter((it) => it !== null);
  }
}

/** A container of a pod template, by its name; init containers too. */
export function containerOf(template: any, name: string): any {
  return [...template.spec.containers, ...template.spec.initContainers ?? []].find((it: any) => it.name === name);
}

/** An environment variable of the proxy. */
export function proxyVariable(template: any, name: string): string | undefined {
  return containerOf(template, 'istio-proxy').env.find((it: any) => it.name === name)?.value;
}
