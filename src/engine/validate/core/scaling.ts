import { each, FieldChecks, isObject, JsonObject, numberOr, objectOf, setOf, textOf } from './field-checks';
import { checkAtMostAll, checkIntOrPercent } from './int-or-percent';
import { checkResourceName } from './resources';
import { FieldPath } from '../field-path';
import { dnsLabelProblem, pathSegmentProblem } from '../text/names';
import { parseQuantity } from '../text/quantity';
import { Violations } from '../violation';

const SPEC = FieldPath.ROOT.field('spec');

/** The types of metrics, with the fields that hold them; in the order in which the API server looks at them. */
const METRICS: readonly (readonly [type: string, field: string])[] = [
  ['Object', 'object'], ['External', 'external'], ['Pods', 'pods'], ['Resource', 'resource'], ['ContainerResource', 'containerResource'],
];

/** Checks a HorizontalPodAutoscaler. */
export function checkAutoscaler(object: JsonObject, violations: Violations): void {
  const spec = objectOf(object.spec);
  const checks = new FieldChecks(violations);
  const most = numberOr(spec.maxReplicas, 0);
  checks.range(SPEC.field('minReplicas'), spec.minReplicas, 1);
  if (most === 0) checks.required(SPEC.field('maxReplicas'), undefined, 'at least 1');
  else checks.range(SPEC.field('maxReplicas'), most, 1);
  if (most < numberOr(spec.minReplicas, 1)) checks.invalid(SPEC.field('maxReplicas'), most, 'at least minReplicas');
  checkReference(objectOf(spec.scaleTargetRef), SPEC.field('scaleTargetRef'), true, checks);
  each(spec.metrics, SPEC.field('metrics'), (metric, place) => checkMetric(metric, place, checks));
  const behavior = objectOf(spec.behavior);
  for (const name of ['scaleUp', 'scaleDown']) {
    if (isObject(behavior[name])) checkScaling(behavior[name], SPEC.fields('behavior', name), checks);
  }
}

function checkReference(reference: JsonObject, path: FieldPath, needsGroup: boolean, checks: FieldChecks): void {
  for (const name of ['kind', 'name']) {
    if (checks.required(path.field(name), reference[name])) checks.name(path.field(name), reference[name], pathSegmentProblem);
  }
  const version = textOf(reference.apiVersion) ?? '';
  const parts = version.split('/').length;
  if (parts > 2 || (needsGroup && (parts < 2 || version.startsWith('/')))) checks.invalid(path.field('apiVersion'), version, 'GROUP/VERSION');
}

function checkScaling(rules: JsonObject, path: FieldPath, checks: FieldChecks): void {
  checks.range(path.field('stabilizationWindowSeconds'), rules.stabilizationWindowSeconds, 0, 3600);
  if (rules.selectPolicy !== undefined) checks.oneOf(path.field('selectPolicy'), rules.selectPolicy, ['Disabled', 'Max', 'Min']);
  // Without policies, there are default ones.
  if (Array.isArray(rules.policies) && rules.policies.length === 0) checks.required(path.field('policies'), undefined, 'at least one policy');
  each(rules.policies, path.field('policies'), (policy, place) => {
    checks.oneOf(place.field('type'), policy.type ?? '', ['Percent', 'Pods']);
    checks.range(place.field('value'), numberOr(policy.value, 0), 1);
    checks.range(place.field('periodSeconds'), numberOr(policy.periodSeconds, 0), 1, 1800);
  });
}

function checkMetric(metric: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const type = textOf(metric.type) ?? '';
  if (type === '') checks.required(path.field('type'), undefined);
  checks.oneOf(path.field('type'), type, METRICS.map(([name]) => name));
  const present = setOf(metric, METRICS.map(([, field]) => field));
  if (present[0] !== undefined) checkSource(present[0], objectOf(metric[present[0]]), path.field(present[0]), checks);
  const expected = METRICS.find(([name]) => name === type)?.[1];
  if (expected !== undefined && metric[expected] === undefined) checks.required(path.field(expected), undefined, `the metric, because the type is ${type}`);
  if (present.length !== 1) {
    for (const field of present.filter((it) => it !== expected)) checks.forbidden(path.field(field), 'only the metric of the type can be there');
  }
}

function checkSource(kind: string, source: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const target = objectOf(source.target);
  const at = path.field('target');
  if (kind === 'object') checkReference(objectOf(source.describedObject), path.field('describedObject'), false, checks);
  if (['object', 'external', 'pods'].includes(kind)) {
    const name = path.fields('metric', 'name');
    if (checks.required(name, objectOf(source.metric).name)) checks.name(name, objectOf(source.metric).name, pathSegmentProblem);
  } else {
    if (checks.required(path.field('name'), source.name) && kind === 'containerResource') checkResourceName(String(source.name), path.field('name'), checks);
    if (kind === 'containerResource' && checks.required(path.field('container'), source.container)) checks.name(path.field('container'), source.container, dnsLabelProblem);
  }
  checkTarget(target, at, checks);
  const { value, averageValue, averageUtilization } = target;
  switch (kind) {
    case 'object':
      if (value === undefined && averageValue === undefined) checks.required(at.field('averageValue'), undefined, 'value or averageValue');
      break;
    case 'external':
      if (value === undefined && averageValue === undefined) checks.required(at.field('averageValue'), undefined, 'value or averageValue');
      if (value !== undefined && averageValue !== undefined) checks.forbidden(at.field('value'), 'averageValue is there, too');
      break;
    case 'pods':
      if (averageValue === undefined) checks.required(at.field('averageValue'), undefined);
      break;
    default:
      if (averageUtilization === undefined && averageValue === undefined) checks.required(at.field('averageUtilization'), undefined, 'averageUtilization or averageValue');
      if (averageUtilization !== undefined && averageValue !== undefined) checks.forbidden(at.field('averageValue'), 'averageUtilization is there, too');
  }
}

function checkTarget(target: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const type = textOf(target.type) ?? '';
  if (type === '') checks.required(path.field('type'), undefined);
  if (!['Utilization', 'Value', 'AverageValue'].includes(type)) checks.invalid(path.field('type'), type, 'Utilization, Value or AverageValue');
  for (const name of ['value', 'averageValue']) {
    if (target[name] !== undefined && (parseQuantity(String(target[name])) ?? 0n) <= 0n) checks.invalid(path.field(name), target[name], 'more than 0');
  }
  checks.range(path.field('averageUtilization'), target.averageUtilization, 1);
}

/** Checks a PodDisruptionBudget. */
export function checkDisruptionBudget(object: JsonObject, violations: Violations): void {
  const spec = objectOf(object.spec);
  const checks = new FieldChecks(violations);
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) checks.invalid(SPEC, {}, 'either minAvailable or maxUnavailable');
  for (const name of ['minAvailable', 'maxUnavailable']) {
    checkIntOrPercent(spec[name], SPEC.field(name), checks);
    checkAtMostAll(spec[name], SPEC.field(name), checks);
  }
  checks.selector(SPEC.field('selector'), spec.selector);
  if (spec.unhealthyPodEvictionPolicy !== undefined) {
    checks.oneOf(SPEC.field('unhealthyPodEvictionPolicy'), spec.unhealthyPodEvictionPolicy, ['AlwaysAllow', 'IfHealthyBudget']);
  }
}
