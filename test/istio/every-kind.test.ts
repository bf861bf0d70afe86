import * as fs from 'fs';
import * as path from 'path';
import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { istio, Jwt, MtlsMode, Port, ResourceProps } from '../../src';
import { chartIn } from '../support/fixtures';
import { manifestsOf } from '../support/manifests';

const { AuthorizationAction, EnvoyOperation, EnvoyPatch, GatewayServer, Host, RouteTarget, TrafficFilter, WasmModule, WorkloadSelector } = istio;

const PODS = WorkloadSelector.labels({ app: 'cart' });
const HOST = Host.fqdn('cart.example.com');
const WASM = WasmModule.file('/opt/filter.wasm');

/** The least that each kind can be made of, with whatever else is given. */
const KINDS: { readonly [kind: string]: (scope: Chart, more: ResourceProps) => Construct } = {
  AuthorizationPolicy: (scope, more) => new istio.AuthorizationPolicy(scope, 'made', { action: AuthorizationAction.ALLOW_NOTHING, ...more }),
  DestinationRule: (scope, more) => new istio.DestinationRule(scope, 'made', { host: HOST, ...more }),
  EnvoyFilter: (scope, more) => {
    const filter = new istio.EnvoyFilter(scope, 'made', { priority: 10, reviewedFor: ['1.31'], workloads: PODS, ...more });
    filter.addPatch(EnvoyPatch.cluster({ operation: EnvoyOperation.MERGE, config: { connect_timeout: '1s' } }));
    return filter;
  },
  Gateway: (scope, more) => new istio.Gateway(scope, 'made', { servers: [GatewayServer.http({ hosts: [HOST] })], ...more }),
  PeerAuthentication: (scope, more) => new istio.PeerAuthentication(scope, 'made', { mode: MtlsMode.STRICT, ...more }),
  ProxyConfig: (scope, more) => new istio.ProxyConfig(scope, 'made', { concurrency: 2, ...more }),
  RequestAuthentication: (scope, more) => new istio.RequestAuthentication(scope, 'made', {
    selector: PODS, rules: [{ jwt: Jwt.issuedBy('https://login.example.com') }], tokensOptional: true, ...more,
  }),
  ServiceEntry: (scope, more) => new istio.ServiceEntry(scope, 'made', { hosts: [HOST], ports: [Port.http(80)], ...more }),
  Sidecar: (scope, more) => new istio.Sidecar(scope, 'made', { egress: [{ hosts: [istio.EgressHost.ownNamespace()] }], ...more }),
  Telemetry: (scope, more) => new istio.Telemetry(scope, 'made', { tracing: { disabled: true }, ...more } as istio.TelemetryProps),
  TrafficExtension: (scope, more) => new istio.TrafficExtension(scope, 'made', { selector: PODS, filter: TrafficFilter.lua('function envoy_on_request(handle) end'), ...more }),
  VirtualService: (scope, more) => new istio.VirtualService(scope, 'made', { hosts: [HOST], httpRoutes: [{ destinations: [RouteTarget.host(HOST)] }], ...more }),
  WasmPlugin: (scope, more) => new istio.WasmPlugin(scope, 'made', { selector: PODS, module: WASM, ...more }),
  WorkloadEntry: (scope, more) => new istio.WorkloadEntry(scope, 'made', { address: '192.0.2.1', ...more }),
  WorkloadGroup: (scope, more) => new istio.WorkloadGroup(scope, 'made', { template: { serviceAccountName: 'cart' }, ...more }),
};

/** Every kind that Istio 1.31 has. */
const ALL = Object.entries(istio.crd).filter(([, made]) => typeof made === 'function' && 'GVK' in made).map(([name]) => name).sort();

const SOURCES = fs.readdirSync(__dirname).filter((file) => file.endsWith('.test.ts') && file !== path.basename(__filename))
  .map((file) => fs.readFileSync(path.join(__dirname, file), 'utf8')).join('\n');

describe('every kind of Istio', () => {
  test('has a construct, fifteen of them', () => {
    expect(ALL).toHaveLength(15);
    expect(Object.keys(KINDS)).toEqual(ALL);
    ALL.forEach((kind) => expect(istio).toHaveProperty(kind));
  });

  test.each(ALL)('%s has a test that sets every field, or names those that only additionalSpec sets', (kind) => {
    const checks = new RegExp(`unsetFields\\('[a-z.]+/v\\w+', '${kind}'`);
    expect(checks.test(SOURCES)).toBe(true);
  });

  test.each(ALL)('%s keeps fields of the future, and patches of them', (kind) => {
    const chart = chartIn();
    const made = KINDS[kind](chart, { additionalSpec: { fieldOfTheFuture: { deep: [1, { er: 'x' }] } } });
    ApiObject.of(made).addJsonPatch(JsonPatch.add('/spec/another', 'patched'));
    const [manifest] = manifestsOf(chart);
    expect(manifest.kind).toBe(kind);
    expect(manifest.spec).toMatchObject({ fieldOfTheFuture: { deep: [1, { er: 'x' }] }, another: 'patched' });
  });
});
