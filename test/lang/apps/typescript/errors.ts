import { App, Chart } from 'cdk8s';
import { MeshError, MeshedService, Port, istio } from 'cdk8s-mesh';

/** Texts of errors that programs meet: one at construction, several together at synth. */
export function errorTexts(): Map<string, string> {
  return new Map([
    ['construction', textOf(() => Port.http(70000))],
    ['synth', textOf(() => faultyApp().synthYaml())],
  ]);
}

function faultyApp(): App {
  const app = new App();
  const chart = new Chart(app, 'faulty');
  const mesh = new istio.IstioMesh(chart, 'mesh');
  new MeshedService(chart, 'one', { mesh, image: 'one:1', ports: [Port.http(80)], serviceName: 'same' });
  new MeshedService(chart, 'two', { mesh, image: 'two:1', ports: [Port.http(80)], serviceName: 'same' });
  return app;
}

/** Takes the text of an exception apart by the library's own means, which are the same in every language. */
function textOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return MeshError.parse((error as Error).message).map((found) => `${found.code} | ${found.what} | ${found.fix} | ${found.constructPath ?? ''}\n`).join('');
  }
  return 'no error\n';
}
