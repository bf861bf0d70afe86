import { checkCronSchedule, checkTimeZone } from './cron';
import { each, FieldChecks, isObject, JsonObject, numberOr, objectOf, textOf } from './field-checks';
import { checkPodTemplate } from './pod-spec';
import { isUsable, selects } from './selecting';
import { FieldPath } from '../field-path';
import { dnsLabelProblem, labelValueProblem, qualifiedNameProblem } from '../text/names';
import { Violations } from '../violation';

const COUNTS = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes'];
const LARGEST_CRON_NAME = 52;
/** Labels that name the job, which the API server adds. */
const NAME_LABELS = ['job-name', 'batch.kubernetes.io/job-name'];
const UID_LABELS = ['controller-uid', 'batch.kubernetes.io/controller-uid'];

/** Checks a Job. */
export function checkJob(object: JsonObject, violations: Violations): void {
  const spec = objectOf(object.spec);
  const checks = new FieldChecks(violations);
  const place = FieldPath.ROOT.field('spec');
  const name = textOf(objectOf(object.metadata).name) ?? '';
  checkJobSpec(spec, place, violations, checks);
  const labels = objectOf(objectOf(objectOf(spec.template).metadata).labels);
  if (spec.manualSelector === true) {
    if (!isObject(spec.selector)) checks.required(place.field('selector'), undefined, 'a selector, because manualSelector is true');
    checks.selector(place.field('selector'), spec.selector);
    if (isUsable(spec.selector) && !selects(spec.selector, labels)) checks.invalid(place.fields('template', 'metadata', 'labels'), labels, 'labels that the selector selects');
  } else {
    checkGenerated(spec, labels, name, place, checks);
  }
  if (spec.completionMode === 'Indexed' && (numberOr(spec.completions, spec.parallelism === undefined ? 1 : 0)) > 0 && dnsLabelProblem(`${name}-${numberOr(spec.completions, 1) - 1}`) !== undefined) {
    checks.invalid(FieldPath.ROOT.fields('metadata', 'name'), name, 'a name that is a DNS label with the index of a pod behind it');
  }
}

/** The API server writes selector and labels itself; what is there already must not contradict. */
function checkGenerated(spec: JsonObject, labels: JsonObject, name: string, path: FieldPath, checks: FieldChecks): void {
  if (labelValueProblem(name) !== undefined && name !== '') {
    checks.add('FieldValueInvalid', path.fields('template', 'labels'), `the name ${name} cannot become a label of the pods`, 'a name of 63 characters at most');
  }
  checks.selector(path.field('selector'), spec.selector);
  if (!isObject(spec.selector) || !isUsable(spec.selector)) return;
  const own = Object.fromEntries([...NAME_LABELS.map((it) => [it, name]), ...UID_LABELS.map((it) => [it, undefined])]);
  if (!selects(spec.selector, own)) checks.invalid(path.field('selector'), spec.selector, 'no selector, or manualSelector: true');
  if (!selects(spec.selector, { ...labels, ...own })) checks.invalid(path.fields('template', 'metadata', 'labels'), labels, 'labels that the selector selects');
}

/** Checks a CronJob. */
export function checkCronJob(object: JsonObject, violations: Violations): void {
  const spec = objectOf(object.spec);
  const checks = new FieldChecks(violations);
  const place = FieldPath.ROOT.field('spec');
  const name = textOf(objectOf(object.metadata).name) ?? '';
  if (name.length > LARGEST_CRON_NAME) checks.invalid(FieldPath.ROOT.fields('metadata', 'name'), name, `at most ${LARGEST_CRON_NAME} characters, so that the names of the jobs fit`);
  if (checks.required(place.field('schedule'), spec.schedule)) checkCronSchedule(textOf(spec.schedule) ?? '', place.field('schedule'), checks);
  if (spec.timeZone !== undefined) checkTimeZone(textOf(spec.timeZone) ?? '', place.field('timeZone'), checks);
  for (const count of ['startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit']) checks.range(place.field(count), spec[count], 0);
  checks.oneOf(place.field('concurrencyPolicy'), textOf(spec.concurrencyPolicy) || 'Allow', ['Allow', 'Forbid', 'Replace']);
  const job = objectOf(objectOf(spec.jobTemplate).spec);
  const jobPlace = place.fields('jobTemplate', 'spec');
  checkJobSpec(job, jobPlace, violations, checks);
  if (job.selector !== undefined) checks.invalid(jobPlace.field('selector'), job.selector, 'no selector: it is generated');
  if (job.manualSelector === true) checks.add('FieldValueNotSupported', jobPlace.field('manualSelector'), 'unsupported value true', 'false');
}

function checkJobSpec(spec: JsonObject, path: FieldPath, violations: Violations, checks: FieldChecks): void {
  for (const name of COUNTS) checks.range(path.field(name), spec[name], 0);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) checks.required(path.field('backoffLimitPerIndex'), undefined, 'a limit, because maxFailedIndexes is set');
  const mode = spec.completionMode ?? 'NonIndexed';
  checks.oneOf(path.field('completionMode'), mode, ['Indexed', 'NonIndexed']);
  if (mode === 'Indexed') checkIndexed(spec, path, checks);
  if (mode === 'NonIndexed') {
    for (const name of ['backoffLimitPerIndex', 'maxFailedIndexes']) {
      if (spec[name] !== undefined) checks.invalid(path.field(name), spec[name], 'nothing, unless completionMode is Indexed');
    }
  }
  checkFailurePolicy(spec, path.fields('podFailurePolicy', 'rules'), checks);
  if (spec.podReplacementPolicy !== undefined) {
    checks.oneOf(path.field('podReplacementPolicy'), spec.podReplacementPolicy, spec.podFailurePolicy !== undefined ? ['Failed'] : ['Failed', 'TerminatingOrFailed']);
  }
  checkPodTemplate(objectOf(spec.template), path.field('template'), violations);
  const restart = textOf(objectOf(objectOf(spec.template).spec).restartPolicy) || 'Always';
  const place = path.fields('template', 'spec', 'restartPolicy');
  if (restart === 'Always') checks.required(place, undefined, 'OnFailure or Never');
  else if (checks.oneOf(place, restart, ['Never', 'OnFailure']) && spec.podFailurePolicy !== undefined && restart !== 'Never') checks.invalid(place, restart, 'Never, because podFailurePolicy is set');
}

function checkIndexed(spec: JsonObject, path: FieldPath, checks: FieldChecks): void {
  // Without either count, both are 1.
  if (spec.completions === undefined && spec.parallelism !== undefined) checks.required(path.field('completions'), undefined, 'a count, because completionMode is Indexed');
  const parallelism = numberOr(spec.parallelism, 1);
  if (parallelism > 100_000) checks.invalid(path.field('parallelism'), parallelism, 'at most 100000, because completionMode is Indexed');
  const { maxFailedIndexes, completions } = spec;
  if (typeof maxFailedIndexes !== 'number') return;
  if (typeof completions === 'number' && maxFailedIndexes > completions) checks.invalid(path.field('maxFailedIndexes'), maxFailedIndexes, 'at most completions');
  if (maxFailedIndexes > 100_000) checks.invalid(path.field('maxFailedIndexes'), maxFailedIndexes, 'at most 100000');
}

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];

function checkFailurePolicy(spec: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const { rules } = objectOf(spec.podFailurePolicy);
  each(rules, path, (rule, place) => {
    if (checks.required(place.field('action'), rule.action, `one of ${ACTIONS.join(', ')}`)) {
      if (rule.action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) checks.invalid(place.field('action'), rule.action, 'another action, unless backoffLimitPerIndex is set');
      else checks.oneOf(place.field('action'), rule.action, ACTIONS);
    }
    const conditions = Array.isArray(rule.onPodConditions) ? rule.onPodConditions.length : 0;
    if (isObject(rule.onExitCodes) === conditions > 0) checks.invalid(place, {}, 'one of onExitCodes and onPodConditions');
    if (isObject(rule.onExitCodes)) checkExitCodes(rule.onExitCodes, spec, place.field('onExitCodes'), checks);
    each(rule.onPodConditions, place.field('onPodConditions'), (condition, at) => {
      checks.name(at.field('type'), condition.type, qualifiedNameProblem);
      if (condition.status !== undefined && condition.status !== '') checks.oneOf(at.field('status'), condition.status, ['False', 'True', 'Unknown']);
    });
  });
}

function checkExitCodes(codes: JsonObject, spec: JsonObject, path: FieldPath, checks: FieldChecks): void {
  if (checks.required(path.field('operator'), codes.operator, 'In or NotIn')) checks.oneOf(path.field('operator'), codes.operator, ['In', 'NotIn']);
  const pod = objectOf(objectOf(spec.template).spec);
  const names = new Set<unknown>();
  for (const list of ['containers', 'initContainers']) each(pod[list], path, (container) => names.add(container.name));
  if (codes.containerName !== undefined && !names.has(codes.containerName)) checks.invalid(path.field('containerName'), codes.containerName, 'the name of a container');
  const values = Array.isArray(codes.values) ? codes.values as unknown[] : [];
  const place = path.field('values');
  if (values.length === 0) checks.invalid(place, values, 'at least one value');
  const seen = new Set<unknown>();
  let before = -Infinity;
  values.forEach((value, index) => {
    if (codes.operator === 'In' && value === 0) checks.invalid(place.index(index), value, 'another value than 0, because the operator is In');
    if (seen.has(value)) checks.duplicate(place.index(index), value);
    seen.add(value);
    if (typeof value === 'number' && value < before) checks.invalid(place, values, 'values in ascending order');
    before = Math.max(before, numberOr(value, 0));
  });
}
