import { ApiObject, Duration, JsonPatch } from 'cdk8s';
import { istio, Percent } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, Manifest, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { AccessLogFilter, ExtensionProvider, PolicyTarget, SpanTag, StandardMetric, Telemetry, TelemetryMode, WorkloadSelector } = istio;

const OTEL = ExtensionProvider.openTelemetry('otel', { host: istio.Host.kubernetesService('collector', 'observability'), port: 4317 });
const LOG = ExtensionProvider.fileAccessLog('log');

function render(props: istio.TelemetryProps): Manifest {
  const chart = chartIn();
  new Telemetry(chart, 'telemetry', props);
  return manifestsOf(chart)[0];
}

describe('a Telemetry', () => {
  test('says no more than it is told', () => {
    expect(render({ tracing: { sampling: Percent.of(5) } })).toEqual({
      apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry', metadata: { name: 'test-telemetry' }, spec: { tracing: [{ randomSamplingPercentage: 5 }] },
    });
  });

  test('sets every field that Istio knows', () => {
    const full = render({
      selector: WorkloadSelector.labels({ a: 'b' }),
      tracing: {
        mode: TelemetryMode.SERVER,
        provider: OTEL,
        sampling: Percent.of(0.5),
        tags: { a: SpanTag.literal('x'), b: SpanTag.environment('POD', '-'), c: SpanTag.header('x-tenant', '-'), d: SpanTag.formatted('%RESPONSE_CODE%') },
        reporting: false,
        propagation: false,
        istioTags: false,
        requestIdSampling: false,
      },
      metrics: [{
        providers: [ExtensionProvider.prometheus()],
        reportingInterval: Duration.seconds(10),
        overrides: [
          { metric: StandardMetric.REQUEST_COUNT, mode: TelemetryMode.CLIENT, disabled: false, setTags: { host: 'request.host' }, removeTags: ['request_protocol'] },
          { customMetric: 'mine', disabled: true },
        ],
      }],
      accessLogs: [{ mode: TelemetryMode.SERVER, providers: [LOG], disabled: false, filter: AccessLogFilter.cel('response.code >= 400 || connection.mtls == false') }],
    });
    expect(full.spec).toEqual({
      selector: { matchLabels: { a: 'b' } },
      tracing: [{
        match: { mode: 'SERVER' },
        providers: [{ name: 'otel' }],
        randomSamplingPercentage: 0.5,
        customTags: {
          a: { literal: { value: 'x' } },
          b: { environment: { name: 'POD', defaultValue: '-' } },
          c: { header: { name: 'x-tenant', defaultValue: '-' } },
          d: { formatter: { value: '%RESPONSE_CODE%' } },
        },
        disableSpanReporting: true,
        disableContextPropagation: true,
        enableIstioTags: false,
        useRequestIdForTraceSampling: false,
      }],
      metrics: [{
        providers: [{ name: 'prometheus' }],
        reportingInterval: '10s',
        overrides: [
          {
            match: { metric: 'REQUEST_COUNT', mode: 'CLIENT' },
            disabled: false,
            tagOverrides: { host: { operation: 'UPSERT', value: 'request.host' }, request_protocol: { operation: 'REMOVE' } },
          },
          { match: { customMetric: 'mine' }, disabled: true },
        ],
      }],
      accessLogging: [{
        match: { mode: 'SERVER' }, providers: [{ name: 'log' }], disabled: false, filter: { expression: 'response.code >= 400 || connection.mtls == false' },
      }],
    });
    const targeted = render({ targets: [PolicyTarget.kubernetesService('a')], metrics: [{ overrides: [{ disabled: true }] }] });
    const reference = { group: '', kind: 'Service', name: 'a', namespace: '' };
    const old = render({ tracing: {}, additionalSpec: { targetRef: reference, targetRefs: [reference] } });
    expect(targeted.spec.metrics).toEqual([{ overrides: [{ match: { metric: 'ALL_METRICS' }, disabled: true }] }]);
    expect(unsetFields('telemetry.istio.io/v1', 'Telemetry', [full, targeted, old])).toEqual([]);
  });

  test('grows until synth, and can be read back', () => {
    const chart = chartIn();
    const telemetry = new Telemetry(chart, 'telemetry', { tracing: { sampling: Percent.of(1) } });
    telemetry.addMetrics({ providers: [ExtensionProvider.prometheus()] });
    telemetry.addAccessLog({ filter: AccessLogFilter.statusAtLeast(500) });
    telemetry.addTarget(PolicyTarget.kubernetesService('a'));
    telemetry.metrics.pop();
    telemetry.accessLogs.pop();
    expect([telemetry.metrics.length, telemetry.accessLogs.length, telemetry.targets.length, telemetry.tracing?.sampling?.toPercent()]).toEqual([1, 1, 1, 1]);
    expect(manifestsOf(chart)[0].spec).toMatchObject({ metrics: [{}], accessLogging: [{ filter: { expression: 'response.code >= 500' } }], targetRefs: [{ name: 'a' }] });
  });

  test('keeps fields and patches that it does not know, and can be referred to by its name', () => {
    const chart = chartIn();
    const telemetry = new Telemetry(chart, 'telemetry', { tracing: {}, additionalSpec: { brandNew: 1 } });
    ApiObject.of(telemetry).addJsonPatch(JsonPatch.add('/spec/patched', 2));
    expect(manifestsOf(chart)[0].spec).toMatchObject({ brandNew: 1, patched: 2 });
    expect(Telemetry.fromTelemetryName(chart, 'imported', 'mesh-default', 'istio-system').resourceName).toBe('mesh-default');
  });

  test.each<[string, istio.TelemetryProps, string, string]>([
    ['that says nothing', {}, 'MESH-E037', 'a resource that says nothing'],
    ['with a collector for something else', { tracing: { provider: LOG } }, 'MESH-E031', 'extension provider "log" for tracing, and it is there for access logging'],
    ['with an empty list of providers', { metrics: [{ providers: [] }] }, 'MESH-E030', 'an empty list of providers'],
    ['with an override that changes nothing', { metrics: [{ overrides: [{}] }] }, 'MESH-E037', 'an override that changes nothing'],
    ['with an override for two metrics', { metrics: [{ overrides: [{ metric: StandardMetric.REQUEST_COUNT, customMetric: 'a', disabled: true }] }] }, 'MESH-E031',
      'metric REQUEST_COUNT and metric "a" in one override'],
    ['with a tag that is no expression', { metrics: [{ overrides: [{ setTags: { a: 'request.' } }] }] }, 'MESH-E009', expect.stringContaining('invalid expression for tag "a", got "request."')],
    ['with a tag that is set and removed', { metrics: [{ overrides: [{ setTags: { a: '"x"' }, removeTags: ['a'] }] }] }, 'MESH-E027', 'tag "a" is set and removed'],
    ['with no interval at all', { metrics: [{ reportingInterval: Duration.seconds(0) }] }, 'MESH-E010', expect.stringContaining('invalid reporting interval')],
    ['with a filter for nothing', { accessLogs: [{ disabled: true, filter: AccessLogFilter.statusAtLeast(400) }] }, 'MESH-E031', 'a filter for an access log that is disabled'],
    ['with a tag without name', { tracing: { tags: { '': SpanTag.literal('a') } } }, 'MESH-E030', 'a tag of a span without name'],
  ])('%s is refused', (_, props, code, what) => {
    expect(errorOf(() => render(props))).toMatchObject({ code, what, constructPath: 'test/telemetry' });
  });

  test('has no effect on the pods of an ambient service, nor on a waypoint where there is none', () => {
    const ambient = istioChart({ dataPlane: istio.DataPlane.AMBIENT }, { namespace: 'shop' });
    new Telemetry(ambient.chart, 'telemetry', { tracing: {}, selector: WorkloadSelector.service(serviceIn(ambient.chart, 'a', ambient.mesh)) });
    expect(errorOf(() => manifestsOf(ambient.chart))).toMatchObject({ code: 'MESH-E037', fix: 'observe at the waypoint: targets: [PolicyTarget.service(…)] in place of the selector' });
    const sidecars = istioChart({}, { namespace: 'shop' });
    new Telemetry(sidecars.chart, 'telemetry', { tracing: {}, targets: [PolicyTarget.service(serviceIn(sidecars.chart, 'a', sidecars.mesh))] });
    expect(errorOf(() => manifestsOf(sidecars.chart))).toMatchObject({ code: 'MESH-E037', fix: 'use selector: WorkloadSelector.service(…) in place of targets' });
  });
});

describe('a tag of a span', () => {
  test.each([
    ['an empty text', () => SpanTag.literal(''), 'MESH-E030'],
    ['no variable', () => SpanTag.environment(''), 'MESH-E030'],
    ['an empty format', () => SpanTag.formatted(''), 'MESH-E030'],
    ['no header', () => SpanTag.header('a b'), 'MESH-E009'],
  ])('is not %s', (_, make, code) => {
    expect(errorOf(make)).toMatchObject({ code });
  });
});

describe('a filter', () => {
  test.each(['', ' ', 'response.code >=', 'a b'])('is not %j', (expression) => {
    expect(errorOf(() => AccessLogFilter.cel(expression))).toMatchObject({ code: 'MESH-E009', fix: 'use an expression in CEL such as "response.code >= 400"' });
  });
});
