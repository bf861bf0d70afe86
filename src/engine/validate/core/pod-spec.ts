import { checkAddress } from './addresses';
import { checkContainers } from './container';
import { each, FieldChecks, isObject, JsonObject, numberOr, objectOf, textOf } from './field-checks';
import { checkResources } from './resources';
import { checkScheduling } from './scheduling';
import { checkPodSecurity } from './security-context';
import { checkVolumes } from './volumes';
import { FieldPath } from '../field-path';
import { checkAnnotations } from '../object-meta';
import { dnsLabelProblem, dnsSubdomainProblem, qualifiedNameProblem } from '../text/names';
import { Violations } from '../violation';

const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const LARGEST = 2147483647;

/** A pod, or the template of pods. */
export interface PodOptions {
  /** Volumes that the controller adds. */
  readonly addedVolumes?: readonly JsonObject[];
  /** Fields that the controller overwrites, so that nobody looks at them. */
  readonly overwritten?: readonly string[];
}

/** The template of the pods that a controller makes. */
export function checkPodTemplate(template: JsonObject, path: FieldPath, violations: Violations, options: PodOptions = {}): void {
  const checks = new FieldChecks(violations);
  const meta = objectOf(template.metadata);
  checks.labels(path.field('labels'), meta.labels);
  checkAnnotations(meta.annotations, path.field('annotations'), violations);
  checkPodSpec(objectOf(template.spec), path.field('spec'), violations, options);
  if (objectOf(template.spec).ephemeralContainers !== undefined) {
    checks.forbidden(path.fields('spec', 'ephemeralContainers'), 'a template cannot have ephemeral containers');
  }
}

/** What a pod runs, where, and with what. */
export function checkPodSpec(given: JsonObject, path: FieldPath, violations: Violations, options: PodOptions = {}): void {
  const checks = new FieldChecks(violations);
  const added = options.addedVolumes ?? [];
  const own = Array.isArray(given.volumes) ? (given.volumes as unknown[]).filter((it) => isObject(it) && !added.some((other) => other.name === it.name)) : [];
  const spec: JsonObject = added.length === 0 ? given : { ...given, volumes: [...added, ...own] };
  const volumes = checkVolumes(spec, path, checks, () => violations.list().length);
  const claims = new Set<string>();
  each(spec.resourceClaims, path, (claim) => claims.add(textOf(claim.name) ?? ''));
  const restartPolicy = textOf(spec.restartPolicy) || 'Always';
  const gracePeriod = numberOr(spec.terminationGracePeriodSeconds, 30);
  checkContainers(spec, path, { volumes, claims, gracePeriod, restartPolicy }, checks);
  if (isObject(spec.resources)) checkResources(spec.resources, path.field('resources'), new Set(), checks);
  if (spec.hostNetwork === true) checkHostNetwork(spec, path, checks);
  checks.oneOf(path.field('restartPolicy'), restartPolicy, RESTART_POLICIES);
  const dnsPolicy = textOf(spec.dnsPolicy) || 'ClusterFirst';
  checks.oneOf(path.field('dnsPolicy'), dnsPolicy, DNS_POLICIES);
  checkDns(spec.dnsConfig, dnsPolicy, path.field('dnsConfig'), checks);
  checkScheduling(spec, path, checks);
  checkPodSecurity(spec, path, checks);
  checkNames(spec, path, options, checks);
  checks.range(path.field('activeDeadlineSeconds'), spec.activeDeadlineSeconds, 1, LARGEST);
  each(spec.readinessGates, path.field('readinessGates'), (gate, place) => checks.name(place.field('conditionType'), gate.conditionType, qualifiedNameProblem));
  each(spec.hostAliases, path.field('hostAliases'), (alias, place) => {
    checkAddress(textOf(alias.ip) ?? '', place.field('ip'), checks);
    const names = Array.isArray(alias.hostnames) ? alias.hostnames as unknown[] : [];
    names.forEach((name, index) => checks.name(place.field('hostnames').index(index), name, dnsSubdomainProblem));
  });
  if (spec.preemptionPolicy) checks.oneOf(path.field('preemptionPolicy'), spec.preemptionPolicy, ['PreemptLowerPriority', 'Never']);
}

function checkNames(spec: JsonObject, path: FieldPath, options: PodOptions, checks: FieldChecks): void {
  const account = spec.serviceAccountName || spec.serviceAccount;
  if (account) checks.name(path.field('serviceAccountName'), account, dnsSubdomainProblem);
  for (const name of ['nodeName', 'priorityClassName']) {
    if (spec[name]) checks.name(path.field(name), spec[name], dnsSubdomainProblem);
  }
  if (spec.runtimeClassName !== undefined) checks.name(path.field('runtimeClassName'), spec.runtimeClassName, dnsSubdomainProblem);
  for (const name of ['hostname', 'subdomain']) {
    if (spec[name] && !options.overwritten?.includes(name)) checks.name(path.field(name), spec[name], dnsLabelProblem);
  }
}

/** On the network of the node, the ports of the container are those of the node. */
function checkHostNetwork(spec: JsonObject, path: FieldPath, checks: FieldChecks): void {
  each(spec.containers, path.field('containers'), (container, place) => {
    each(container.ports, place.field('ports'), (port, at) => {
      const hostPort = numberOr(port.hostPort, 0);
      if (hostPort !== 0 && hostPort !== numberOr(port.containerPort, 0)) checks.invalid(at.field('hostPort'), hostPort, 'the containerPort, because hostNetwork is true');
    });
  });
}

function checkDns(config: unknown, policy: string, path: FieldPath, checks: FieldChecks): void {
  const servers = isObject(config) && Array.isArray(config.nameservers) ? config.nameservers as unknown[] : [];
  if (policy === 'None' && !isObject(config)) {
    checks.required(path, undefined, 'nameservers, because the DNS policy is None');
    return;
  }
  if (policy === 'None' && servers.length === 0) {
    checks.required(path.field('nameservers'), undefined, 'at least one, because the DNS policy is None');
    return;
  }
  if (!isObject(config)) return;
  if (servers.length > 3) checks.invalid(path.field('nameservers'), servers, 'at most 3 name servers');
  servers.forEach((server, index) => checkAddress(String(server), path.field('nameservers').index(index), checks));
  const searches = Array.isArray(config.searches) ? (config.searches as unknown[]).map(String) : [];
  if (searches.length > 32) checks.invalid(path.field('searches'), searches, 'at most 32 search domains');
  if (searches.join(' ').length > 2048) checks.invalid(path.field('searches'), searches, 'at most 2048 characters in all');
  searches.forEach((search, index) => {
    if (search === '.') return;
    checks.name(path.field('searches').index(index), search.replace(/\.$/, ''), (it) => dnsSubdomainProblem(it.replace(/_/g, 'a')));
  });
  each(config.options, path.field('options'), (option, place) => checks.required(place, option.name));
}

