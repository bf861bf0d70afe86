import { parseArgs } from 'node:util';
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { istio, MeshedService, Port } from 'cdk8s-mesh';

const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values;
const app = new App({ outdir: out });
const chart = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });
new kplus.Namespace(chart, 'namespace', { metadata: { name: 'shop' } });

const mesh = new istio.IstioMesh(chart, 'mesh');
const web = new MeshedService(chart, 'web', { mesh, image: 'registry.example.com/web:1.0.0', ports: [Port.http(80, { targetPort: 8080 })] });
const pods = istio.WorkloadSelector.service(web);

// A module from a registry, run before Istio checks who calls. Were it to fail, calls would be refused.
new istio.WasmPlugin(chart, 'basic-auth', {
  selector: pods,
  module: istio.WasmModule.oci('registry.example.com/filters/basic-auth:1.12.0'),
  phase: istio.ExtensionPhase.AUTHN,
  pluginConfig: { realm: 'shop', paths: ['/admin'] },
  env: { LOG_LEVEL: 'warn' },
  proxyEnv: ['POD_NAME'],
  matches: [{ mode: istio.TelemetryMode.SERVER, ports: [istio.PolicyPort.service(80)] }],
});

// A few lines of Lua.
new istio.TrafficExtension(chart, 'served-by', {
  selector: pods,
  filter: istio.TrafficFilter.lua(`
function envoy_on_response(handle)
  handle:headers():replace("x-served-by", "web")
end
`),
  phase: istio.ExtensionPhase.STATS,
  priority: 10,
});

// A module from a web address, whose hash is known. Calls go on without it when it fails.
new istio.TrafficExtension(chart, 'counter', {
  selector: pods,
  filter: istio.TrafficFilter.wasm(
    istio.WasmModule.http('https://artifacts.example.com/counter.wasm', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
    { failure: istio.WasmFailure.OPEN },
  ),
});

app.synth();
