import * as assert from 'assert/strict';
import { App, Chart } from 'cdk8s';
import * as yaml from 'js-yaml';
import { gatewayapi, MeshedService, MeshedWorkload, Port } from '../../../src';
import { isMeshObject } from '../istio/library-app';
import { PARTNERS, RunningShop, SHOP } from '../istio/shop';
import { Manifest } from '../lab/api-client';

/** The shop as a mesh that only the Gateway API is known of. */
export interface GammaShop {
  readonly chart: Chart;
  readonly api: MeshedService;
  readonly copy: MeshedService;
  /** Calls from the namespace of the services. */
  readonly client: MeshedWorkload;
  /** Calls from another namespace. */
  readonly partner: MeshedWorkload;
}

/** The routes that the library writes for the shop by the Gateway API. */
export function gammaRoutes(declare: (it: GammaShop) => void): Manifest[] {
  const app = new App();
  const chart = new Chart(app, 'app', { namespace: SHOP, disableResourceNameHashes: true });
  const mesh = new gatewayapi.GatewayApiMesh(chart, 'mesh', { accept: ['mtls.strict', 'authz.defaultDeny'] });
  const ports = [Port.http(80, { targetPort: 8080 }), Port.grpc(7070), Port.tcp(9000)];
  const service = (name: string) => new MeshedService(chart, name, { mesh, image: 'lab', ports });
  const caller = (name: string, namespace: string) => new MeshedWorkload(chart, name, { mesh, image: 'lab', namespace });
  declare({ chart, api: service('api'), copy: service('copy'), client: caller('client', SHOP), partner: caller('partner', PARTNERS) });
  const written = (yaml.loadAll(app.synthYaml()) as (Manifest | null)[]).filter((it) => it !== null);
  return written.filter(isMeshObject);
}

/** Puts the routes of a scenario in force, and nothing else. */
export async function routeShop(shop: RunningShop, declare: (it: GammaShop) => void): Promise<Manifest[]> {
  const routes = gammaRoutes(declare);
  assert.ok(routes.length > 0, 'the scenario wrote no route');
  assert.ok(routes.every(({ apiVersion }) => apiVersion.startsWith('gateway.networking.k8s.io/')), 'only the Gateway API is used');
  const report = await shop.lab.configure(routes);
  assert.deepEqual([report.refused, report.ignored], [[], []], 'a proxy refused its configuration, or istiod had no use for a route');
  return routes;
}
