import { each, FieldChecks, isObject, JsonObject, objectOf, textOf } from './field-checks';
import { isUsable } from './selecting';
import { FieldPath } from '../field-path';
import { dnsSubdomainProblem, pathSegmentProblem } from '../text/names';
import { Violations } from '../violation';

const GROUP = 'rbac.authorization.k8s.io';

/** Checks a Role. */
export function checkRole(object: JsonObject, violations: Violations): void {
  checkRules(object, true, new FieldChecks(violations));
}

/** Checks a ClusterRole. */
export function checkClusterRole(object: JsonObject, violations: Violations): void {
  const checks = new FieldChecks(violations);
  checkRules(object, false, checks);
  if (!isObject(object.aggregationRule)) return;
  const selectors = object.aggregationRule.clusterRoleSelectors;
  const place = FieldPath.ROOT.fields('aggregationRule', 'clusterRoleSelectors');
  if (!Array.isArray(selectors) || selectors.length === 0) checks.required(place, undefined, 'at least one selector');
  each(selectors, place, (selector, at) => {
    checks.selector(at, selector);
    if (!isUsable(selector)) checks.invalid(at, selector, 'a selector that can be read');
  });
}

function checkRules(object: JsonObject, isNamespaced: boolean, checks: FieldChecks): void {
  each(object.rules, FieldPath.ROOT.field('rules'), (rule, place) => {
    const has = (name: string): boolean => Array.isArray(rule[name]) && rule[name].length > 0;
    if (!has('verbs')) checks.required(place.field('verbs'), undefined, 'at least one verb');
    if (has('nonResourceURLs')) {
      if (isNamespaced) checks.invalid(place.field('nonResourceURLs'), rule.nonResourceURLs, 'nothing: a Role speaks of its namespace only');
      if (has('apiGroups') || has('resources') || has('resourceNames')) checks.invalid(place.field('nonResourceURLs'), rule.nonResourceURLs, 'URLs or resources, in rules of their own');
      return;
    }
    if (!has('apiGroups')) checks.required(place.field('apiGroups'), undefined, 'at least one API group');
    if (!has('resources')) checks.required(place.field('resources'), undefined, 'at least one resource');
  });
}

/** Checks a RoleBinding. */
export function checkRoleBinding(object: JsonObject, violations: Violations): void {
  checkBinding(object, ['Role', 'ClusterRole'], true, new FieldChecks(violations));
}

/** Checks a ClusterRoleBinding. */
export function checkClusterRoleBinding(object: JsonObject, violations: Violations): void {
  checkBinding(object, ['ClusterRole'], false, new FieldChecks(violations));
}

function checkBinding(object: JsonObject, kinds: readonly string[], isNamespaced: boolean, checks: FieldChecks): void {
  const reference = objectOf(object.roleRef);
  const place = FieldPath.ROOT.field('roleRef');
  checks.oneOf(place.field('apiGroup'), textOf(reference.apiGroup) || GROUP, [GROUP]);
  checks.oneOf(place.field('kind'), reference.kind ?? '', kinds);
  if (checks.required(place.field('name'), reference.name)) checks.name(place.field('name'), reference.name, pathSegmentProblem);
  each(object.subjects, FieldPath.ROOT.field('subjects'), (subject, at) => checkSubject(subject, isNamespaced, at, checks));
}

function checkSubject(subject: JsonObject, isNamespaced: boolean, path: FieldPath, checks: FieldChecks): void {
  const { kind = '', name } = subject;
  const group = textOf(subject.apiGroup) ?? '';
  checks.required(path.field('name'), name);
  if (kind === 'ServiceAccount') {
    if (name) checks.name(path.field('name'), name, dnsSubdomainProblem);
    if (group !== '') checks.add('FieldValueNotSupported', path.field('apiGroup'), `unsupported value "${group}"`, 'no API group');
    if (!isNamespaced) checks.required(path.field('namespace'), subject.namespace);
  } else if (kind === 'User' || kind === 'Group') {
    checks.oneOf(path.field('apiGroup'), group || GROUP, [GROUP]);
  } else {
    checks.oneOf(path.field('kind'), kind, ['Group', 'ServiceAccount', 'User']);
  }
}
