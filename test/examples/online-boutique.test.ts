import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, Chart, Testing } from 'cdk8s';
import * as newer from 'cdk8s-plus-33';
import { istio, MeshedService, Port, Workload } from '../../src';
import { EXAMPLE_RUNNER } from '../support/examples';

const EXPECTED = resolve(__dirname, '../../examples/online-boutique/expected');

/** Runs the example in a process of its own and returns what it wrote and printed. */
function runExample(env: { readonly [name: string]: string } = {}): { readonly files: { readonly [name: string]: string }; readonly printed: string } {
  const folder = mkdtempSync(join(tmpdir(), 'online-boutique-'));
  try {
    const out = join(folder, 'out');
    const printed = execFileSync(process.execPath, [EXAMPLE_RUNNER, 'online-boutique', '--out', out], { env: { ...process.env, ...env }, encoding: 'utf8' });
    return { files: Object.fromEntries(readdirSync(out).sort().map((name) => [name, readFileSync(join(out, name), 'utf8')])), printed };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the online boutique', () => {
  test('is written byte for byte as expected, on any machine: other runs, languages and time zones', () => {
    const { files, printed } = runExample();
    // Written anew by `npm run test:update` only.
    if (process.env.UPDATE_EXPECTED) { Object.entries(files).forEach(([name, text]) => writeFileSync(join(EXPECTED, name), text)); }
    expect(files).toEqual(Object.fromEntries(readdirSync(EXPECTED).sort().map((name) => [name, readFileSync(join(EXPECTED, name), 'utf8')])));
    expect(runExample({ LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' }).files).toEqual(files);
    expect(runExample({ LANG: 'C', LC_ALL: 'C', TZ: 'America/St_Johns' }).files).toEqual(files);
    expect(printed).toMatch(/^services {2}11 \(12 workloads\)\nedges {5}17\n/);
  }, 240_000);

  test('takes workloads of a newer cdk8s-plus just as well', () => {
    const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
    const deployment = new newer.Deployment(chart, 'pods', {
      containers: [{ image: 'cart', portNumber: 7070, readiness: newer.Probe.fromGrpc({ port: 7070 }) }],
    });
    new MeshedService(chart, 'cart', { mesh: new istio.IstioMesh(chart, 'mesh'), workload: Workload.adopt(deployment), ports: [Port.grpc(7070)] });
    const { spec } = Testing.synth(chart).find((object: any) => object.kind === 'Deployment').spec.template;
    expect(spec.serviceAccountName).toBe('cart');
    expect(spec.containers[0].readinessProbe.grpc.port).toBe(7070);
  });
});
