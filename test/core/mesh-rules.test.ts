import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { MeshRules, RuleSeverity } from '../../src';

/** An app with a gateway's VirtualService whose regular expression can match nothing. */
function brokenApp(): { app: App; chart: Chart; route: ApiObject } {
  const app = Testing.app();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new ApiObject(chart, 'service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'api' }, spec: { ports: [{ name: 'http', port: 80 }] } });
  const route = new ApiObject(chart, 'route', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'api' },
    spec: { hosts: ['api'], http: [{ match: [{ uri: { regex: 'api/.*' } }], route: [{ destination: { host: 'api' } }] }] },
  });
  return { app, chart, route };
}

describe('rules inside of an app', () => {
  test('findings name the construct and the field', () => {
    const { app } = brokenApp();
    expect(MeshRules.findings(app)).toEqual([expect.objectContaining({
      ruleId: 'MESH0217', severity: RuleSeverity.ERROR, constructPath: 'shop/route', field: 'spec.http[0].match[0].uri.regex', upstreamCodes: [],
    })]);
  });

  test('an error stops synthesis, unless the app says otherwise', () => {
    const { app } = brokenApp();
    MeshRules.stopSynth(app, true);
    expect(() => app.synth()).toThrow('MESH0217');
    MeshRules.stopSynth(app, false);
    expect(() => app.synth()).not.toThrow();
  });

  test('a suppression with a reason lets it pass, and writes the reason into the object that it is about', () => {
    const { app, chart, route } = brokenApp();
    MeshRules.suppress(chart, 'MESH0217', { reason: 'a filter rewrites paths before' });
    expect(MeshRules.findings(app)).toEqual([]);
    expect(() => app.synth()).not.toThrow();
    expect(route.toJson().metadata.annotations).toEqual({ 'mesh.cdk8s.io/suppress-MESH0217': 'a filter rewrites paths before' });
    expect(Testing.synth(chart).filter((it) => it.metadata.annotations)).toHaveLength(1);
  });

  test('a suppression of nothing is a finding', () => {
    const { app, chart } = brokenApp();
    MeshRules.suppress(chart, 'MESH0103', { reason: 'none' });
    expect(MeshRules.findings(app).map(({ ruleId }) => ruleId)).toEqual(['MESH0217', 'MESH0002']);
  });

  test('unknown rules and empty reasons are refused', () => {
    const { chart } = brokenApp();
    expect(() => MeshRules.suppress(chart, 'MESH9999', { reason: 'x' })).toThrow('there is no rule MESH9999');
    expect(() => MeshRules.suppress(chart, 'MESH0217', { reason: ' ' })).toThrow('nobody says why');
  });
});
