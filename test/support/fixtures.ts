import { App, Chart, ChartProps } from 'cdk8s';
import { Construct } from 'constructs';
import { IMesh, istio, MeshedService, MeshedServiceProps, Port } from '../../src';

/** A chart of its own app, with readable names. */
export function chartIn(app: App = new App({ outdir: '/nonexistent' }), id: string = 'test', props: ChartProps = {}): Chart {
  return new Chart(app, id, { disableResourceNameHashes: true, ...props });
}

/** A chart with an Istio mesh in it. */
export function istioChart(props: istio.IstioMeshProps = {}, chart: ChartProps = {}): { readonly app: App; readonly chart: Chart; readonly mesh: istio.IstioMesh } {
  const app = new App({ outdir: '/nonexistent' });
  const made = chartIn(app, 'test', chart);
  return { app, chart: made, mesh: new istio.IstioMesh(made, 'mesh', props) };
}

/** A service that runs an image. */
export function serviceIn(scope: Construct, id: string, mesh: IMesh, props: Partial<MeshedServiceProps> = {}): MeshedService {
  const image = props.workload ? undefined : `registry.example.com/${id}:1.0.0`;
  return new MeshedService(scope, id, { mesh, image, ports: [Port.http(8080)], ...props });
}
