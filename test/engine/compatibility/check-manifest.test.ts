import * as fc from 'fast-check';
import { BEHAVIOUR_CHANGES } from '../../../src/engine/compatibility/behaviour-changes';
import { checkManifest, hasHistory } from '../../../src/engine/compatibility/check-manifest';
import { checkMeshConfigFields, meshConfigSchema } from '../../../src/engine/compatibility/mesh-config';
import { MESH_CONFIG_DEPRECATED, MESH_CONFIG_SINCE } from '../../../src/engine/compatibility/mesh-config-history';
import { schemaFor } from '../../../src/engine/schema/load-schema';
import { sinceOf } from '../../../src/engine/schema/since';
import { StructuralSchema } from '../../../src/engine/schema/types';
import { parseVersion } from '../../../src/private/version';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 1) * 100, seed: 31 };

function issues(apiVersion: string, kind: string, spec: object, istio: string, gatewayApi?: string): string[] {
  return checkManifest({ apiVersion, kind, spec }, { istio: parseVersion(istio)!, gatewayApi: gatewayApi === undefined ? undefined : parseVersion(gatewayApi) })
    .map(({ change, field, release, instead }) => [change, field, release ?? instead].filter((part) => part !== undefined).join(' '));
}

const virtualService = { hosts: ['a.b'], http: [{ retries: { attempts: 2, backoff: '1s' } }, { retries: { backoff: '2s', retryIgnorePreviousHosts: true } }] };

describe('a release', () => {
  test('lacks fields that came later, each told once', () => {
    expect(issues('networking.istio.io/v1', 'VirtualService', virtualService, '1.25')).toEqual(['lacks spec.http.retries.backoff 1.26', 'lacks spec.http.retries.retryIgnorePreviousHosts 1.26']);
    expect(issues('networking.istio.io/v1', 'VirtualService', virtualService, '1.26')).toEqual([]);
    expect(issues('networking.istio.io/v1', 'VirtualService', virtualService, '1.31.1')).toEqual([]);
  });

  test('lacks a field as a whole, and nothing is said of what is in it', () => {
    const spec = { host: 'a.b', trafficPolicy: { retryBudget: { percent: 20, budgetInterval: '1s' } } };
    expect(issues('networking.istio.io/v1', 'DestinationRule', spec, '1.26')).toEqual(['lacks spec.trafficPolicy.retryBudget 1.27']);
    expect(issues('networking.istio.io/v1', 'DestinationRule', spec, '1.30')).toEqual(['lacks spec.trafficPolicy.retryBudget.budgetInterval 1.31']);
  });

  test('lacks values of a field', () => {
    expect(issues('networking.istio.io/v1', 'ServiceEntry', { hosts: ['*.b.c'], resolution: 'DYNAMIC_DNS' }, '1.27')).toEqual(['lacks spec.resolution=DYNAMIC_DNS 1.28']);
    expect(issues('networking.istio.io/v1', 'ServiceEntry', { hosts: ['b.c'], resolution: 'DNS' }, '1.27')).toEqual([]);
  });

  test('lacks kinds and API versions as a whole', () => {
    expect(issues('extensions.istio.io/v1alpha1', 'TrafficExtension', { lua: {} }, '1.29')).toEqual(['lacks kind 1.30']);
    expect(issues('networking.istio.io/v1', 'VirtualService', virtualService, '1.21')).toEqual(['lacks apiVersion 1.22']);
    expect(issues('networking.istio.io/v1beta1', 'VirtualService', { hosts: ['a.b'] }, '1.21')).toEqual([]);
  });

  test('lacks fields that are newer than the definitions that are known', () => {
    expect(issues('security.istio.io/v1', 'RequestAuthentication', { jwtRules: [{ issuer: 'a', presence: 'OPTIONAL' }] }, '1.31')).toEqual(['lacks spec.jwtRules.presence 1.32']);
    expect(issues('security.istio.io/v1', 'RequestAuthentication', { jwtRules: [{ issuer: 'a', presence: 'OPTIONAL' }] }, '1.32')).toEqual([]);
  });

  test('knows fields of no release', () => {
    expect(issues('networking.istio.io/v1', 'VirtualService', { hosts: ['a.b'], htp: [] }, '1.31')).toEqual(['unknown spec.htp']);
  });

  test('deprecates fields and values', () => {
    expect(issues('networking.istio.io/v1', 'VirtualService', { http: [{ mirrorPercent: 5, corsPolicy: { allowOrigin: ['*'] }, fault: { delay: { percent: 5, fixedDelay: '1s' } } }] }, '1.31')).toEqual([
      'deprecated spec.http.mirrorPercent mirrorPercentage', 'deprecated spec.http.corsPolicy.allowOrigin allowOrigins', 'deprecated spec.http.fault.delay.percent percentage',
    ]);
    expect(issues('networking.istio.io/v1', 'DestinationRule', { subsets: [{ trafficPolicy: { portLevelSettings: [{ loadBalancer: { simple: 'LEAST_CONN' } }] } }] }, '1.31')).toEqual([
      'deprecated spec.subsets.trafficPolicy.portLevelSettings.loadBalancer.simple=LEAST_CONN LEAST_REQUEST',
    ]);
  });

  test('dropped fields and API versions of the Gateway API, which is looked at when its version is told', () => {
    const route = { rules: [{ sessionPersistence: { sessionName: 'x' } }] };
    expect(issues('gateway.networking.k8s.io/v1', 'GRPCRoute', route, '1.31')).toEqual([]);
    expect(issues('gateway.networking.k8s.io/v1', 'GRPCRoute', route, '1.31', '1.0')).toEqual(['lacks apiVersion 1.1']);
    expect(issues('gateway.networking.k8s.io/v1', 'GRPCRoute', route, '1.31', '1.7')).toEqual(['removed spec.rules.sessionPersistence.sessionName 1.7']);
    expect(issues('gateway.networking.k8s.io/v1', 'GRPCRoute', route, '1.31', '1.6')).toEqual([]);
    expect(issues('gateway.networking.k8s.io/v1alpha2', 'ReferenceGrant', {}, '1.31', '1.4')).toEqual(['removed apiVersion 1.2']);
  });

  test('has nothing to say about kinds without history', () => {
    expect(issues('apps/v1', 'Deployment', { replicas: 1 }, '1.20')).toEqual([]);
    expect([hasHistory('apps/v1', 'Deployment'), hasHistory('networking.istio.io/v1', 'VirtualService'), hasHistory('v1', 'toString')]).toEqual([false, true, false]);
  });

  test('looks through the keys of maps', () => {
    const spec = { metrics: [{ overrides: [{ tagOverrides: { backoff: { operation: 'REMOVE' }, spec: { operation: 'UPSERT', value: 'x' } } }] }] };
    expect(issues('telemetry.istio.io/v1', 'Telemetry', spec, '1.31')).toEqual([]);
  });

  test('lacks no more than an earlier one, for any object', () => {
    const { schema } = schemaFor('networking.istio.io/v1', 'DestinationRule')!;
    fc.assert(fc.property(sample(schema.properties!.spec), fc.integer({ min: 20, max: 31 }), fc.integer({ min: 0, max: 3 }), (spec, minor, more) => {
      const lacking = (version: number) => checkManifest({ apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', spec }, { istio: { major: 1, minor: version } })
        .filter(({ change }) => change === 'lacks').map(({ field }) => field);
      const earlier = lacking(minor);
      if (minor < 22) { return; }
      for (const field of lacking(minor + more)) {
        expect(earlier.some((known) => field === known || field.startsWith(`${known}.`) || field.startsWith(`${known}=`))).toBe(true);
      }
    }), RUNS);
  });
});

describe('the mesh config', () => {
  test('is told what a release lacks and deprecates', () => {
    const config = { defaultTrafficPolicy: { outlierDetection: {} }, extensionProviders: [{ name: 'a', zipkin: { service: 'x', port: 1, timeout: '1s' } }, { name: 'b', lightstep: {} }], outboundTrafficPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS' } };
    expect(checkMeshConfigFields(config, parseVersion('1.28')!)).toEqual([
      { change: 'lacks', field: 'defaultTrafficPolicy', release: '1.31' },
      { change: 'lacks', field: 'extensionProviders.zipkin.timeout', release: '1.29' },
      { change: 'deprecated', field: 'extensionProviders.lightstep', instead: 'opentelemetry' },
      { change: 'lacks', field: 'outboundTrafficPolicy.mode=ALLOW_ANY_DYNAMIC_DNS', release: '1.30' },
    ]);
    expect(checkMeshConfigFields({ trustDomain: 'x', nonsense: 1 }, parseVersion('1.31')!)).toEqual([{ change: 'unknown', field: 'nonsense' }]);
  });

  test('has every field whose history is kept', () => {
    const has = (field: string): boolean => {
      const [path, value] = field.split('=');
      const node = path.split('.').reduce<StructuralSchema | undefined>((schema, key) => (schema?.items ?? schema)?.properties?.[key], meshConfigSchema());
      return node !== undefined && (value === undefined || node.enum!.includes(value));
    };
    expect([...Object.keys(MESH_CONFIG_SINCE), ...Object.keys(MESH_CONFIG_DEPRECATED)].filter((field) => !has(field))).toEqual([]);
  });
});

test('changes of behaviour concern kinds that are known', () => {
  const groups = ['networking.istio.io', 'security.istio.io', 'gateway.networking.k8s.io'];
  const unknown = BEHAVIOUR_CHANGES.flatMap(({ concerns }) => concerns).filter((kind) => !['sidecars', 'ambient'].includes(kind) && !groups.some((group) => sinceOf(group, kind)));
  expect(unknown).toEqual([]);
  expect(BEHAVIOUR_CHANGES.every(({ release }) => parseVersion(release))).toBe(true);
});

/** Any value of a schema, a few levels deep. */
function sample(schema: StructuralSchema, depth = 5): fc.Arbitrary<unknown> {
  if (schema.enum) { return fc.constantFrom(...schema.enum); }
  if (depth === 0) { return fc.constant({}); }
  if (schema.type === 'array') { return fc.array(sample(schema.items ?? {}, depth), { maxLength: 1 }); }
  if (schema.type !== 'object') { return fc.constant('x'); }
  const entries = Object.entries(schema.properties ?? {}).map(([key, child]): [string, fc.Arbitrary<unknown>] => [key, sample(child, depth - 1)]);
  return fc.record(Object.fromEntries(entries), { requiredKeys: [] });
}
