import { ApiObject } from 'cdk8s';
import { istio } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorOf, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { ProxyConfig, WorkloadSelector } = istio;

describe('a ProxyConfig', () => {
  test('says no more than what it was told, of one kind in one version', () => {
    const chart = chartIn();
    new ProxyConfig(chart, 'proxies', { concurrency: 0 });
    expect(manifestsOf(chart)).toEqual([{ apiVersion: 'networking.istio.io/v1beta1', kind: 'ProxyConfig', metadata: { name: 'test-proxies' }, spec: { concurrency: 0 } }]);
  });

  test('sets every field that Istio knows, and grows until synth', () => {
    const chart = chartIn();
    const config = new ProxyConfig(chart, 'proxies', { workloads: WorkloadSelector.labels({ app: 'a' }), concurrency: 2, imageType: 'debug', environmentVariables: { A: '1' } });
    config.addEnvironmentVariable('B', '2');
    config.environmentVariables.C = '3';
    const [manifest] = manifestsOf(chart);
    expect(unsetFields('networking.istio.io/v1beta1', 'ProxyConfig', [manifest])).toEqual([]);
    expect(manifest.spec.environmentVariables).toEqual({ A: '1', B: '2' });
    expect(ApiObject.of(config).kind).toBe('ProxyConfig');
  });

  test.each<[string, istio.ProxyConfigProps, string, string]>([
    ['fewer than no threads', { concurrency: -1 }, 'MESH-E028', 'use a whole number from 0 to 1024'],
    ['a variable that is none', { environmentVariables: { 'a-b': '1' } }, 'MESH-E001', 'use letters, digits and underscores'],
  ])('refuses %s', (_, props, code, fix) => {
    expect(errorOf(() => new ProxyConfig(chartIn(), 'proxies', props))).toMatchObject({ code, fix, constructPath: 'test/proxies' });
  });

  test('sets a variable once', () => {
    const config = new ProxyConfig(chartIn(), 'proxies', { environmentVariables: { A: '1' } });
    expect(errorOf(() => config.addEnvironmentVariable('A', '2'))).toMatchObject({ code: 'MESH-E031', fix: 'set it once' });
  });
});
