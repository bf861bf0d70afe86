import { positive } from '../../core/private/check-values';
import { celProblem } from '../../engine/match/cel-syntax';
import { byText } from '../../private/compare';
import { fail } from '../../private/errors';
import type { AccessLogSettings } from '../access-log-settings';
import * as crd from '../crd';
import type { ExtensionProvider } from '../extension-provider';
import { MetricOverride, MetricsSettings, StandardMetric } from '../metrics-settings';
import type { TelemetryMode } from '../telemetry-mode';
import type { TracingSettings } from '../tracing-settings';
import { istioDuration } from './duration';

/** How calls are traced, in Istio's words. */
export function renderTracing(settings: TracingSettings, path: string): crd.Tracing {
  const { mode, provider, sampling, tags, reporting, propagation, istioTags, requestIdSampling } = settings;
  const names = Object.keys(tags ?? {}).sort(byText((name) => name));
  if (names.includes('')) {
    fail('MESH-E030', 'a tag of a span without name', 'name it', path);
  }
  return {
    match: match(mode),
    providers: provider && refs([provider]),
    randomSamplingPercentage: sampling?.toPercent(),
    customTags: tags && Object.fromEntries(names.map((name) => [name, tags[name]._render()])),
    disableSpanReporting: not(reporting),
    disableContextPropagation: not(propagation),
    enableIstioTags: istioTags,
    useRequestIdForTraceSampling: requestIdSampling,
  };
}

/** How calls are measured, in Istio's words. */
export function renderMetrics({ providers, overrides, reportingInterval }: MetricsSettings, path: string): crd.Metrics {
  positive('reporting interval', reportingInterval, path);
  return {
    providers: refs(providers, path),
    overrides: overrides?.map((override) => renderOverride(override, path)),
    reportingInterval: istioDuration(reportingInterval),
  };
}

function renderOverride(override: MetricOverride, path: string): crd.MetricsOverrides {
  const { metric, customMetric, mode, disabled, setTags, removeTags } = override;
  if (metric !== undefined && customMetric !== undefined) {
    fail('MESH-E031', `metric ${metric} and metric "${customMetric}" in one override`, 'make an override for each', path);
  }
  if (disabled === undefined && setTags === undefined && removeTags === undefined) {
    fail('MESH-E037', 'an override that changes nothing', 'disable the metric, or set or remove tags', path);
  }
  const set = Object.entries(setTags ?? {}).map(([name, expression]): [string, crd.TagOverride] => {
    const problem = celProblem(expression);
    if (name === '' || problem !== undefined) {
      fail('MESH-E009', `invalid expression for tag "${name}", got "${expression}" (${problem ?? 'a tag without name'})`, 'use CEL: request.host, or "text" with its quotes', path);
    }
    return [name, { operation: crd.TagOverrideOperation.UPSERT, value: expression }];
  });
  const both = removeTags?.find((name) => setTags && Object.hasOwn(setTags, name));
  if (both !== undefined) {
    fail('MESH-E027', `tag "${both}" is set and removed`, 'do one of the two', path);
  }
  const remove = (removeTags ?? []).map((name): [string, crd.TagOverride] => [name, { operation: crd.TagOverrideOperation.REMOVE }]);
  const tags = [...set, ...remove].sort(byText(([name]) => name));
  return {
    match: {
      metric: customMetric === undefined ? crd.IstioMetric[metric ?? StandardMetric.ALL_METRICS] : undefined,
      customMetric,
      ...match(mode),
    },
    disabled,
    tagOverrides: tags.length > 0 ? Object.fromEntries(tags) : undefined,
  };
}

/** Which calls are logged, in Istio's words. */
export function renderAccessLog({ mode, providers, disabled, filter }: AccessLogSettings, path: string): crd.AccessLogging {
  if (disabled && filter) {
    fail('MESH-E031', 'a filter for an access log that is disabled', 'leave one of the two out', path);
  }
  return { match: match(mode), providers: refs(providers, path), disabled, filter: filter && { expression: filter.expression } };
}

function match(mode: TelemetryMode | undefined): { readonly mode: crd.WorkloadMode } | undefined {
  return mode && { mode: crd.WorkloadMode[mode] };
}

function refs(providers: readonly ExtensionProvider[] | undefined, path?: string): crd.ProviderRef[] | undefined {
  if (providers?.length === 0) {
    fail('MESH-E030', 'an empty list of providers', 'name at least one, or leave the list out', path);
  }
  return providers?.map(({ providerName }) => ({ name: providerName }));
}

function not(flag: boolean | undefined): boolean | undefined {
  return flag === undefined ? undefined : !flag;
}
