import { App, Chart, JsonPatch } from 'cdk8s';
import { istio } from 'cdk8s-mesh';

/** Generated resources: nested structs, enums, maps of structs, fields that the types do not know, and a patch. */
export function resources(app: App): void {
  const chart = new Chart(app, 'resources', { namespace: 'demo', disableResourceNameHashes: true });
  new istio.crd.PeerAuthentication(chart, 'strict', {
    spec: {
      selector: { matchLabels: { app: 'cart' } },
      mtls: { mode: istio.crd.MutualTLSMode.STRICT },
      portLevelMtls: { 8080: { mode: istio.crd.MutualTLSMode.PERMISSIVE } },
    },
  });
  const routes = new istio.crd.VirtualService(chart, 'cart', {
    metadata: { name: 'cart', labels: { team: 'shop' } },
    spec: {
      hosts: ['cart.demo.svc.cluster.local'],
      http: [{
        match: [{ uri: { prefix: '/cart/' }, headers: { 'x-beta': { exact: 'true' } } }],
        route: [
          { destination: { host: 'cart', subset: 'v1', port: { number: 7070 } }, weight: 90 },
          { destination: { host: 'cart', subset: 'v2', port: { number: 7070 } }, weight: 10 },
        ],
        timeout: '2.5s',
      }],
    },
    additionalSpec: { notKnownYet: { ratio: 0.5, names: ['a', 'b'] } },
  });
  routes.addJsonPatch(JsonPatch.replace('/spec/http/0/timeout', '3s'));
}
