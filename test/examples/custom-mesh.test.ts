import * as fs from 'fs';
import * as path from 'path';
import { App, Chart, Duration } from 'cdk8s';
import { EnvoyStaticMesh } from '../../examples/custom-mesh/envoy-static-mesh';
import { shop } from '../../examples/custom-mesh/shop';
import { Destination, HeaderMatch, IMesh, MeshedService, Mirror, PathMatch, pki, Port } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorsOf, kindOf, manifestsOf } from '../support/manifests';
import { pkiApp } from '../support/pki-app';

const FOLDER = path.join(__dirname, '../../examples/custom-mesh');

function meshApp(): { readonly app: App; readonly chart: Chart; readonly mesh: IMesh } {
  const { app, authority } = pkiApp();
  const chart = chartIn(app, 'shop', { namespace: 'shop' });
  const sinkOf = () => pki.SecretSink.plain({ iUnderstandThatThePrivateKeyIsInTheOutput: true });
  return { app, chart, mesh: new EnvoyStaticMesh(chart, 'mesh', { authority, sinkOf }) };
}

/** The configuration of the proxy of a service. */
function bootstrapOf(chart: Chart, name: string): any {
  const [map] = kindOf(chart, 'ConfigMap').filter(({ metadata }) => metadata.name === `${name}-envoy`);
  return JSON.parse(map.data['envoy.json']);
}

const routesTo = (config: any, name: string): any[] => config.static_resources.listeners.find((it: any) => it.name.startsWith(`${name}.`))
  .filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0].routes;

describe('a mesh written against the public interface', () => {
  test('imports nothing of the library but the library', () => {
    const imports = fs.readdirSync(FOLDER).filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...fs.readFileSync(path.join(FOLDER, file), 'utf8').matchAll(/from '([^']+)'/g)].map(([, module]) => module));
    const foreign = imports.filter((module) => !module.startsWith('./') && !module.startsWith('node:'));
    expect([...new Set(foreign)].sort()).toEqual(['cdk8s', 'cdk8s-mesh', 'cdk8s-plus-28', 'constructs']);
  });

  test('writes a whole shop down: proxies in the pods, their configuration, certificates and ways to find each other', () => {
    const { chart, mesh } = meshApp();
    shop(chart, mesh);
    const count: Record<string, number> = {};
    manifestsOf(chart).forEach(({ kind }) => { count[kind] = (count[kind] ?? 0) + 1; });
    expect(count).toEqual({ ConfigMap: 4, Deployment: 4, NetworkPolicy: 4, Secret: 4, Service: 8, ServiceAccount: 4 });
  });

  test('lets nobody in who was not declared', () => {
    const { chart, mesh } = meshApp();
    const [alone, caller] = ['alone', 'caller'].map((id) => new MeshedService(chart, id, { mesh, image: 'a:1', ports: [Port.http(80)] }));
    alone.connections.allowTo(caller);
    const [chain] = bootstrapOf(chart, 'caller').static_resources.listeners[0].filter_chains;
    const rbac = chain.filters[0].typed_config.http_filters.find(({ name }: any) => name === 'envoy.filters.http.rbac').typed_config;
    expect(rbac.rules).toMatchObject({ action: 'ALLOW', policies: { 'edge-1': { principals: [{ authenticated: { principal_name: { exact: 'spiffe://cluster.local/ns/shop/sa/alone' } } }] } } });
    expect(Object.keys(rbac.rules.policies)).toEqual(['edge-1']);
    expect(chain.transport_socket.typed_config.require_client_certificate).toBe(true);
  });

  test('keeps the order of rules, ends with the service itself, and knows the time-out of a caller', () => {
    const { chart, mesh } = meshApp();
    const make = (id: string) => new MeshedService(chart, id, { mesh, image: 'a:1', ports: [Port.http(80)] });
    const [web, batch, api, beta] = ['web', 'batch', 'api', 'beta'].map(make);
    api.addRoute({ matches: [{ path: PathMatch.prefix('/a'), headers: [HeaderMatch.not(HeaderMatch.exact('x-b', 'c'))] }], destinations: [Destination.service(beta)] });
    web.connections.allowTo(api, undefined, { timeout: Duration.seconds(1) });
    batch.connections.allowTo(api, undefined, { timeout: Duration.seconds(60) });
    const [web1, batch1] = ['web', 'batch'].map((name) => routesTo(bootstrapOf(chart, name), 'api'));
    const inShort = (routes: readonly any[]) => routes.map(({ match, route }) => [match.path_separated_prefix ?? match.prefix, route.cluster.split('.')[0], route.timeout]);
    // What holds for everybody else stands behind, where it is never reached.
    expect(inShort(web1)).toEqual([['/a', 'beta', '1s'], ['/a', 'beta', '0s'], ['/', 'api', '1s'], ['/', 'api', '0s']]);
    expect(web1[0].match.headers).toEqual([{ name: 'x-b', string_match: { exact: 'c' }, invert_match: true }]);
    expect(batch1[0].route.timeout).toBe('60s');
  });

  test('refuses by itself what it did not say that it can do', () => {
    const { chart, mesh } = meshApp();
    const make = (id: string) => new MeshedService(chart, id, { mesh, image: 'a:1', ports: [Port.http(80)] });
    const [api, shadow] = ['api', 'shadow'].map(make);
    api.addRoute({ destinations: [Destination.service(api)], mirrors: [Mirror.to(Destination.service(shadow))] });
    expect(errorsOf(() => manifestsOf(chart)).map(({ code, what }) => `${code} ${what}`)).toContainEqual(expect.stringMatching(/MESH-E021 .*mirror.*envoy-static/));
  });

  test('can be planned again after something was added', () => {
    const { chart, mesh } = meshApp();
    const api = new MeshedService(chart, 'api', { mesh, image: 'a:1', ports: [Port.http(80)] });
    manifestsOf(chart);
    new MeshedService(chart, 'web', { mesh, image: 'a:1', ports: [Port.http(80)] }).connections.allowTo(api);
    const [deployment] = kindOf(chart, 'Deployment').filter(({ metadata }) => metadata.name === 'web');
    expect(deployment.spec.template.spec.initContainers).toHaveLength(1);
    expect(deployment.spec.template.spec.hostAliases).toEqual([{ ip: '127.1.0.1', hostnames: ['api.shop.svc.cluster.local', 'api.shop.svc', 'api.shop', 'api'] }]);
  });
});
