import { checkClaimSpec } from './claims';
import { each, FieldChecks, isObject, JsonObject, numberOr, objectOf, textOf } from './field-checks';
import { amountOf, checkAtMostAll, checkIntOrPercent } from './int-or-percent';
import { checkPodTemplate, PodOptions } from './pod-spec';
import { isEmptySelector, isUsable, selects } from './selecting';
import { FieldPath } from '../field-path';
import { dnsLabelProblem } from '../text/names';
import { Violations } from '../violation';

const SPEC = FieldPath.ROOT.field('spec');

/** Checks a Deployment. */
export function checkDeployment(object: JsonObject, violations: Violations): void {
  const spec = objectOf(object.spec);
  const checks = new FieldChecks(violations);
  checkCounts(spec, ['replicas', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'], checks);
  checkSelectedTemplate(spec, violations, checks);
  const deadline = numberOr(spec.progressDeadlineSeconds, 600);
  if (deadline <= numberOr(spec.minReadySeconds, 0)) checks.invalid(SPEC.field('progressDeadlineSeconds'), deadline, 'more than minReadySeconds');
  const strategy = objectOf(spec.strategy);
  const place = SPEC.field('strategy');
  const rolling = objectOf(strategy.rollingUpdate);
  switch (textOf(strategy.type) || 'RollingUpdate') {
    case 'Recreate':
      if (strategy.rollingUpdate !== undefined) checks.forbidden(place.field('rollingUpdate'), 'the type is Recreate');
      break;
    case 'RollingUpdate': {
      const { maxUnavailable = '25%', maxSurge = '25%' } = rolling;
      const at = place.fields('rollingUpdate', 'maxUnavailable');
      checkIntOrPercent(maxUnavailable, at, checks);
      checkIntOrPercent(maxSurge, place.fields('rollingUpdate', 'maxSurge'), checks);
      if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0) checks.invalid(at, maxUnavailable, 'more than 0, because maxSurge is 0');
      checkAtMostAll(maxUnavailable, at, checks);
      break;
    }
    default:
      checks.oneOf(place, strategy.type, ['Recreate', 'RollingUpdate']);
  }
}

/** Checks a ReplicaSet. */
export function checkReplicaSet(object: JsonObject, violations: Violations): void {
  const spec = objectOf(object.spec);
  const checks = new FieldChecks(violations);
  checkCounts(spec, ['replicas', 'minReadySeconds'], checks);
  checkSelectedTemplate(spec, violations, checks);
}

/** Checks a StatefulSet. */
export function checkStatefulSet(object: JsonObject, violations: Violations): void {
  const spec = objectOf(object.spec);
  const checks = new FieldChecks(violations);
  const policy = textOf(spec.podManagementPolicy) || 'OrderedReady';
  if (!['OrderedReady', 'Parallel'].includes(policy)) checks.invalid(SPEC.field('podManagementPolicy'), policy, 'OrderedReady or Parallel');
  checkStatefulUpdate(objectOf(spec.updateStrategy), SPEC.field('updateStrategy'), checks);
  const retention = objectOf(spec.persistentVolumeClaimRetentionPolicy);
  for (const name of ['whenDeleted', 'whenScaled']) {
    if (retention[name]) checks.oneOf(SPEC.fields('persistentVolumeClaimRetentionPolicy', name), retention[name], ['Delete', 'Retain']);
  }
  each(spec.volumeClaimTemplates, SPEC.field('volumeClaimTemplates'), (claim, place) => checkClaimSpec(objectOf(claim.spec), place.field('spec'), checks));
  checkCounts(spec, ['replicas', 'minReadySeconds'], checks);
  checks.range(SPEC.field('ordinals.start'), objectOf(spec.ordinals).start, 0);
  if (spec.serviceName) checks.name(SPEC.field('serviceName'), spec.serviceName, dnsLabelProblem);
  const addedVolumes: JsonObject[] = [];
  each(spec.volumeClaimTemplates, SPEC, (claim) => {
    const name = textOf(objectOf(claim.metadata).name) ?? '';
    if (!addedVolumes.some((it) => it.name === name)) addedVolumes.push({ name, persistentVolumeClaim: { claimName: name } });
  });
  checkSelectedTemplate(spec, violations, checks, { addedVolumes, overwritten: ['hostname', 'subdomain'] });
}

/** Checks a DaemonSet. */
export function checkDaemonSet(object: JsonObject, violations: Violations): void {
  const spec = objectOf(object.spec);
  const template = objectOf(spec.template);
  const checks = new FieldChecks(violations);
  checks.selector(SPEC.field('selector'), spec.selector);
  if (isUsable(spec.selector)) checkMatches(spec.selector, template, checks);
  if (isEmptySelector(spec.selector)) checks.invalid(SPEC.field('selector'), {}, 'a selector with conditions');
  checkPodTemplate(template, SPEC.field('template'), violations);
  checkEndless(template, checks);
  checkCounts(spec, ['minReadySeconds', 'revisionHistoryLimit'], checks);
  const strategy = objectOf(spec.updateStrategy);
  const place = SPEC.field('updateStrategy');
  const type = textOf(strategy.type) || 'RollingUpdate';
  if (type !== 'RollingUpdate') {
    if (type !== 'OnDelete') checks.oneOf(place, type, ['OnDelete', 'RollingUpdate']);
    return;
  }
  const { maxUnavailable = 1, maxSurge = 0 } = objectOf(strategy.rollingUpdate);
  const [unavailable, surge] = [place.fields('rollingUpdate', 'maxUnavailable'), place.fields('rollingUpdate', 'maxSurge')];
  for (const [value, at] of [[maxUnavailable, unavailable], [maxSurge, surge]] as const) {
    checkIntOrPercent(value, at, checks);
    checkAtMostAll(value, at, checks);
  }
  const [hasUnavailable, hasSurge] = [amountOf(maxUnavailable) !== 0, amountOf(maxSurge) !== 0];
  if (hasUnavailable && hasSurge) checks.invalid(surge, maxSurge, '0, because maxUnavailable is not 0');
  if (!hasUnavailable && !hasSurge) checks.required(unavailable, undefined, 'more than 0, because maxSurge is 0');
}

function checkStatefulUpdate(strategy: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const rolling = strategy.rollingUpdate;
  const type = textOf(strategy.type) || 'RollingUpdate';
  if (type === 'OnDelete') {
    if (rolling !== undefined) checks.invalid(path.field('rollingUpdate'), rolling, 'nothing, because the type is OnDelete');
  } else if (type !== 'RollingUpdate') {
    checks.invalid(path, type, 'RollingUpdate or OnDelete');
  } else if (isObject(rolling)) {
    const at = path.fields('rollingUpdate', 'maxUnavailable');
    checks.range(path.fields('rollingUpdate', 'partition'), rolling.partition, 0);
    checkIntOrPercent(rolling.maxUnavailable, at, checks);
    if (rolling.maxUnavailable !== undefined && amountOf(rolling.maxUnavailable) === 0) checks.invalid(at, rolling.maxUnavailable, 'more than 0');
    checkAtMostAll(rolling.maxUnavailable, at, checks);
  }
}

/** The selector must be there, and must select the pods of the template, which run without end. */
function checkSelectedTemplate(spec: JsonObject, violations: Violations, checks: FieldChecks, options: PodOptions = {}): void {
  const place = SPEC.field('selector');
  const template = objectOf(spec.template);
  if (!isObject(spec.selector)) checks.required(place, undefined, 'a selector of the pods of the template');
  checks.selector(place, spec.selector);
  if (isEmptySelector(spec.selector)) checks.invalid(place, {}, 'a selector with conditions');
  if (!isUsable(spec.selector)) {
    checks.invalid(place, spec.selector, 'a selector that can be read');
    // Nobody looks at the template then; only a StatefulSet's is told to be endless.
    if (options.overwritten) checkEndless(template, checks);
    return;
  }
  if (!isEmptySelector(spec.selector)) checkMatches(spec.selector, template, checks);
  checkPodTemplate(template, SPEC.field('template'), violations, options);
  checkEndless(template, checks);
}

function checkMatches(selector: unknown, template: JsonObject, checks: FieldChecks): void {
  const labels = objectOf(objectOf(template.metadata).labels);
  if (!selects(selector, labels)) checks.invalid(SPEC.fields('template', 'metadata', 'labels'), labels, 'labels that the selector selects');
}

function checkEndless(template: JsonObject, checks: FieldChecks): void {
  const spec = objectOf(template.spec);
  const place = SPEC.fields('template', 'spec');
  checks.oneOf(place.field('restartPolicy'), textOf(spec.restartPolicy) || 'Always', ['Always']);
  if (spec.activeDeadlineSeconds !== undefined) checks.forbidden(place.field('activeDeadlineSeconds'), 'these pods have no deadline');
}

function checkCounts(spec: JsonObject, names: readonly string[], checks: FieldChecks): void {
  for (const name of names) checks.range(SPEC.field(name), spec[name], 0);
}
