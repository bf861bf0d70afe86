import { App, Chart } from 'cdk8s';
import * as yaml from 'js-yaml';
import { istio } from '../../../src';
import { Manifest } from '../lab/api-client';

/** Where a scenario declares what it wants. */
export interface LibraryApp {
  readonly chart: Chart;
  readonly mesh: istio.IstioMesh;
}

/** Where the objects of the app go, and how its mesh is set up. */
export interface LibraryAppProps {
  readonly namespace: string;
  readonly mesh?: istio.IstioMeshProps;
}

/** What the library writes for an app, read back from its YAML. */
export function synthesize(props: LibraryAppProps, declare: (app: LibraryApp) => void): Manifest[] {
  const app = new App();
  const chart = new Chart(app, 'app', { namespace: props.namespace, disableResourceNameHashes: true });
  declare({ chart, mesh: new istio.IstioMesh(chart, 'mesh', props.mesh) });
  return (yaml.loadAll(app.synthYaml()) as (Manifest | null)[]).filter((it) => it !== null);
}

/** Whether an object is for the mesh, not for Kubernetes itself. */
export function isMeshObject({ apiVersion }: Manifest): boolean {
  return apiVersion.includes('istio.io/') || apiVersion.startsWith('gateway.networking.k8s.io/');
}
