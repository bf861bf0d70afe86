import { each, FieldChecks, isObject, JsonObject, numberOr, objectOf, textOf } from './field-checks';
import { FieldPath } from '../field-path';
import { dnsLabelProblem, labelValueProblem, qualifiedNameProblem } from '../text/names';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const NODE_OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Which nodes a pod may and should run on. */
export function checkScheduling(spec: JsonObject, path: FieldPath, checks: FieldChecks): void {
  checks.labels(path.field('nodeSelector'), spec.nodeSelector);
  checkTolerations(spec, path.field('tolerations'), checks);
  checkSpread(spec, path.field('topologySpreadConstraints'), checks);
  const affinity = objectOf(spec.affinity);
  const place = path.field('affinity');
  if (isObject(affinity.nodeAffinity)) checkNodeAffinity(affinity.nodeAffinity, place.field('nodeAffinity'), checks);
  for (const name of ['podAffinity', 'podAntiAffinity']) {
    const terms = objectOf(affinity[name]);
    each(terms[REQUIRED], place.field(name).field(REQUIRED), (term, at) => checkPodTerm(term, at, checks));
    each(terms[PREFERRED], place.field(name).field(PREFERRED), (term, at) => {
      checks.range(at.field('weight'), numberOr(term.weight, 0), 1, 100);
      checkPodTerm(objectOf(term.podAffinityTerm), at.field('podAffinityTerm'), checks);
    });
  }
}

function checkNodeAffinity(affinity: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const required = affinity[REQUIRED];
  if (isObject(required)) {
    const place = path.field(REQUIRED).field('nodeSelectorTerms');
    if (!Array.isArray(required.nodeSelectorTerms) || required.nodeSelectorTerms.length === 0) checks.required(place, undefined, 'at least one term');
    each(required.nodeSelectorTerms, place, (term, at) => checkNodeTerm(term, at, false, checks));
  }
  each(affinity[PREFERRED], path.field(PREFERRED), (term, at) => {
    checks.range(at.field('weight'), numberOr(term.weight, 0), 1, 100);
    checkNodeTerm(objectOf(term.preference), at.field('preference'), true, checks);
  });
}

function checkNodeTerm(term: JsonObject, path: FieldPath, anyValues: boolean, checks: FieldChecks): void {
  each(term.matchExpressions, path.field('matchExpressions'), (it, place) => checks.requirement(place, it, NODE_OPERATORS, { anyValues }));
  each(term.matchFields, path.field('matchFields'), (it, place) => {
    const values = Array.isArray(it.values) ? it.values as unknown[] : [];
    if (!['In', 'NotIn'].includes(textOf(it.operator) ?? '')) checks.invalid(place.field('operator'), it.operator ?? '', 'In or NotIn');
    else if (values.length !== 1) checks.required(place.field('values'), undefined, 'exactly one value');
    if (it.key !== 'metadata.name') checks.invalid(place.field('key'), it.key ?? '', 'metadata.name');
  });
}

function checkPodTerm(term: JsonObject, path: FieldPath, checks: FieldChecks): void {
  checks.selector(path.field('labelSelector'), term.labelSelector);
  checks.selector(path.field('namespaceSelector'), term.namespaceSelector);
  const namespaces = Array.isArray(term.namespaces) ? term.namespaces as unknown[] : [];
  for (const it of namespaces) checks.name(path.field('namespace'), it, dnsLabelProblem);
  for (const name of ['matchLabelKeys', 'mismatchLabelKeys']) checkKeys(term, name, path, checks);
  checks.required(path.field('topologyKey'), term.topologyKey);
  checks.name(path.field('topologyKey'), term.topologyKey, qualifiedNameProblem);
}

function checkKeys(term: JsonObject, name: string, path: FieldPath, checks: FieldChecks): void {
  const keys = Array.isArray(term[name]) ? term[name] as unknown[] : [];
  if (keys.length === 0) return;
  if (!isObject(term.labelSelector)) checks.forbidden(path.field(name), 'needs a labelSelector beside it');
  else keys.forEach((key, index) => checks.name(path.field(name).index(index), key, qualifiedNameProblem));
}

function checkTolerations(spec: JsonObject, path: FieldPath, checks: FieldChecks): void {
  each(spec.tolerations, path, (toleration, place) => {
    const { key, operator = '', value = '', effect, tolerationSeconds } = toleration;
    if (key) checks.name(place.field('key'), key, qualifiedNameProblem);
    else if (operator !== 'Exists') checks.invalid(place.field('operator'), operator, 'Exists, because there is no key');
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') checks.invalid(place.field('effect'), effect ?? '', 'NoExecute, because tolerationSeconds is set');
    if (operator === '' || operator === 'Equal') {
      const problem = labelValueProblem(textOf(value) ?? '');
      if (problem) checks.invalid(place.field('operator'), value, problem);
    } else if (operator === 'Exists') {
      if (value) checks.invalid(place.field('operator'), value, 'no value, because the operator is Exists');
    } else {
      checks.oneOf(place.field('operator'), operator, ['Equal', 'Exists']);
    }
    if (effect) checks.oneOf(place.field('effect'), effect, EFFECTS);
  });
}

function checkSpread(spec: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const seen: string[] = [];
  each(spec.topologySpreadConstraints, path, (constraint, place) => {
    const { maxSkew, topologyKey, whenUnsatisfiable, minDomains } = constraint;
    checks.range(place.field('maxSkew'), numberOr(maxSkew, 0), 1);
    checks.required(place.field('topologyKey'), topologyKey);
    checks.oneOf(place.field('whenUnsatisfiable'), whenUnsatisfiable ?? '', ['DoNotSchedule', 'ScheduleAnyway']);
    seen.push(`${textOf(topologyKey) ?? ''} ${textOf(whenUnsatisfiable) ?? ''}`);
    if (minDomains !== undefined) {
      checks.range(place.field('minDomains'), minDomains, 1);
      if (whenUnsatisfiable !== 'DoNotSchedule') checks.invalid(place.field('minDomains'), minDomains, 'nothing, unless whenUnsatisfiable is DoNotSchedule');
    }
    for (const name of ['nodeAffinityPolicy', 'nodeTaintsPolicy']) {
      if (constraint[name] !== undefined) checks.oneOf(place.field(name), constraint[name], ['Honor', 'Ignore']);
    }
    checkKeys(constraint, 'matchLabelKeys', place, checks);
    checks.selector(place.field('labelSelector'), constraint.labelSelector);
  });
  seen.forEach((it, index) => {
    if (seen.includes(it, index + 1)) checks.duplicate(path.index(index).field('{topologyKey, whenUnsatisfiable}'), it);
  });
}
