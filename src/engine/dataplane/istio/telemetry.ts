import { ISTIO } from '../../model/istio';
import { JsonObject, objectOf, objectsOf, StringMap, textOf } from '../../model/json';
import { matchLabelsOf, selects } from '../../model/labels';
import type { Cluster } from '../../model/model';
import { nameOf, Resource } from '../../model/resource';

/** A signal that a proxy will give of a request. */
export interface Signal extends JsonObject {
  readonly signal: string;
  /** The proxy that gives it. */
  readonly reporter: string;
}

/** The signals that a proxy gives: metrics unless they are switched off, logs and traces where the mesh or a Telemetry asks for them. */
export function signalsOf(
  cluster: Cluster, proxy: { readonly namespace: string; readonly labels: StringMap }, reporter: string, layer: 'http' | 'tcp',
): Signal[] {
  const { raw, rootNamespace } = cluster.family(ISTIO).mesh;
  const defaults = objectOf(raw.defaultProviders);
  const signals: Signal[] = [];
  const metrics = decidedBy(cluster, proxy, rootNamespace, 'metrics');
  const disabled = metrics && objectsOf(metrics.spec.metrics).some(item => objectsOf(item.overrides).some(override =>
    override.disabled === true && objectOf(override.match).metric === undefined && objectOf(override.match).customMetric === undefined));
  if (!disabled && !isEmptyList(defaults.metrics)) {
    const names = layer === 'http'
      ? ['istio_requests_total', 'istio_request_duration_milliseconds']
      : ['istio_tcp_connections_opened_total', 'istio_tcp_sent_bytes_total'];
    for (const name of names) signals.push({ signal: `metric ${name}`, reporter, ...by(metrics) });
  }
  const logs = decidedBy(cluster, proxy, rootNamespace, 'accessLogging');
  const logged = logs ? objectsOf(logs.spec.accessLogging).some(item => item.disabled !== true)
    : Boolean(textOf(raw.accessLogFile)) || objectsOrTexts(defaults.accessLogging);
  if (logged) signals.push({ signal: 'access log', reporter, ...by(logs) });
  const traces = decidedBy(cluster, proxy, rootNamespace, 'tracing');
  const [tracing] = traces ? objectsOf(traces.spec.tracing) : [];
  const traced = tracing ? tracing.disableSpanReporting !== true : objectsOrTexts(defaults.tracing) || raw.enableTracing === true;
  if (traced && layer === 'http') {
    const percent = tracing?.randomSamplingPercentage ?? objectOf(objectOf(raw.defaultConfig).tracing).sampling ?? 1;
    signals.push({ signal: 'trace span', reporter, samplingPercent: percent, ...by(traces) });
  }
  return signals;
}

/** The Telemetry that decides a part for a proxy: one that selects it, else its namespace's, else the mesh's. */
function decidedBy(
  cluster: Cluster, proxy: { readonly namespace: string; readonly labels: StringMap }, rootNamespace: string, part: string,
): Resource | undefined {
  const all = cluster.kind('telemetry.istio.io', 'Telemetry').filter(item => objectsOf(item.spec[part]).length > 0);
  const selector = (item: Resource): StringMap => matchLabelsOf(item.spec.selector) ?? {};
  const chosen = (item: Resource): boolean => Object.keys(selector(item)).length > 0;
  return all.find(item => item.namespace === proxy.namespace && chosen(item) && selects(selector(item), proxy.labels))
    ?? all.find(item => item.namespace === proxy.namespace && !chosen(item))
    ?? all.find(item => item.namespace === rootNamespace && !chosen(item));
}

function by(resource: Resource | undefined): JsonObject {
  return resource ? { by: nameOf(resource) } : {};
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function objectsOrTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
