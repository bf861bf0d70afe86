import { checkEnvironment } from './environment';
import { each, FieldChecks, isObject, JsonObject, numberOr, objectOf, setOf, textOf } from './field-checks';
import { checkProbes, checkLifecycle } from './probe';
import { checkResources } from './resources';
import { checkContainerSecurity } from './security-context';
import { FieldPath } from '../field-path';
import { dnsLabelProblem, portNameProblem } from '../text/names';
import { backstepProblem, relativePathProblem } from '../text/text-rules';

/** What the checks of containers need to know of their pod. */
export interface PodFacts {
  /** Volumes that are right, by name. */
  readonly volumes: ReadonlyMap<string, JsonObject>;
  /** Names of resource claims. */
  readonly claims: ReadonlySet<string>;
  readonly gracePeriod: number;
  readonly restartPolicy: string;
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const RESTART_POLICIES = ['Always', 'Never', 'OnFailure'];

/** The containers of a pod, and those that run before them. */
export function checkContainers(spec: JsonObject, path: FieldPath, facts: PodFacts, checks: FieldChecks): void {
  const containers = path.field('containers');
  if (!Array.isArray(spec.containers) || spec.containers.length === 0) checks.required(containers, undefined, 'at least one container');
  const names = new Set<unknown>();
  const hostPorts = new Set<string>();
  each(spec.containers, containers, (container, place) => {
    checkContainer(container, place, facts, checks);
    if (names.has(container.name)) checks.duplicate(place.field('name'), container.name);
    names.add(container.name);
    checkLifecycle(container.lifecycle, place.field('lifecycle'), facts.gracePeriod, checks);
    checkProbes(container, place, facts.gracePeriod, checks);
    checkRestart(container, place, checks);
    checkHostPorts(container, place, hostPorts, checks);
  });
  each(spec.initContainers, path.field('initContainers'), (container, place) => {
    checkContainer(container, place, facts, checks);
    checkRestart(container, place, checks);
    if (names.has(container.name)) checks.duplicate(place.field('name'), container.name);
    else if (container.name) names.add(container.name);
    checkHostPorts(container, place, new Set(), checks);
    if (container.restartPolicy === 'Always') {
      checkLifecycle(container.lifecycle, place.field('lifecycle'), facts.gracePeriod, checks);
      checkProbes(container, place, facts.gracePeriod, checks);
    } else {
      for (const field of setOf(container, ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'])) {
        checks.forbidden(place.field(field), 'only an init container with restartPolicy Always can have it');
      }
    }
  });
}

function checkContainer(container: JsonObject, path: FieldPath, facts: PodFacts, checks: FieldChecks): void {
  if (checks.required(path.field('name'), container.name)) checks.name(path.field('name'), container.name, dnsLabelProblem);
  checks.required(path.field('image'), container.image);
  if (container.terminationMessagePolicy) checks.oneOf(path.field('terminationMessagePolicy'), container.terminationMessagePolicy, ['FallbackToLogsOnError', 'File']);
  checkPorts(container, path.field('ports'), checks);
  checkEnvironment(container, path, checks);
  checkMounts(container, path, facts, checks);
  if (container.imagePullPolicy) checks.oneOf(path.field('imagePullPolicy'), container.imagePullPolicy, PULL_POLICIES);
  checkResources(objectOf(container.resources), path.field('resources'), facts.claims, checks);
  checkResizePolicy(container, path.field('resizePolicy'), facts, checks);
  checkContainerSecurity(container.securityContext, path.field('securityContext'), checks);
}

function checkPorts(container: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const names = new Set<unknown>();
  each(container.ports, path, (port, place) => {
    const { name, containerPort, hostPort, protocol } = port;
    if (name && checks.name(place.field('name'), name, portNameProblem)) {
      if (names.has(name)) checks.duplicate(place.field('name'), name);
      names.add(name);
    }
    if (numberOr(containerPort, 0) === 0) checks.required(place.field('containerPort'), undefined, 'from 1 to 65535');
    else checks.port(place.field('containerPort'), containerPort);
    if (numberOr(hostPort, 0) !== 0) checks.port(place.field('hostPort'), hostPort);
    if (protocol) checks.oneOf(place.field('protocol'), protocol, ['SCTP', 'TCP', 'UDP']);
  });
}

function checkHostPorts(container: JsonObject, path: FieldPath, taken: Set<string>, checks: FieldChecks): void {
  each(container.ports, path.field('ports'), (port, place) => {
    if (numberOr(port.hostPort, 0) === 0) return;
    const key = `${textOf(port.protocol) || 'TCP'}/${textOf(port.hostIP) ?? ''}/${String(port.hostPort)}`;
    if (taken.has(key)) checks.duplicate(place.field('hostPort'), key);
    taken.add(key);
  });
}

function checkMounts(container: JsonObject, path: FieldPath, facts: PodFacts, checks: FieldChecks): void {
  const mountPaths = new Set<unknown>();
  const mounts = path.field('volumeMounts');
  each(container.volumeMounts, mounts, (mount, place) => {
    const { name, mountPath = '', subPath, subPathExpr, mountPropagation } = mount;
    checks.required(place.field('name'), name);
    if (!facts.volumes.has(textOf(name) ?? '')) checks.add('FieldValueNotFound', place.field('name'), `there is no volume ${textOf(name) ?? ''}`, 'the name of a volume');
    checks.required(place.field('mountPath'), mountPath);
    if (mountPaths.has(mountPath)) checks.invalid(place.field('mountPath'), mountPath, 'a path that no other volume is mounted at');
    mountPaths.add(mountPath);
    if (subPath) checks.name(mounts.field('subPath'), subPath, relativePathProblem);
    if (subPathExpr) {
      if (subPath) checks.invalid(place.field('subPathExpr'), subPathExpr, 'either subPath or subPathExpr');
      checks.name(mounts.field('subPathExpr'), subPathExpr, relativePathProblem);
    }
    if (mount.recursiveReadOnly !== undefined) checkRecursion(mount, mounts.field('recursiveReadOnly'), checks);
    if (mountPropagation !== undefined) checkPropagation(mountPropagation, container, mounts.field('mountPropagation'), checks);
  });
  each(container.volumeDevices, path.field('volumeDevices'), (device, place) => {
    const name = textOf(device.name) ?? '';
    checks.required(place.field('name'), name);
    const volume = facts.volumes.get(name);
    if (!volume) checks.add('FieldValueNotFound', place.field('name'), `there is no volume ${name}`, 'the name of a volume');
    else if (!isObject(volume.persistentVolumeClaim)) checks.invalid(place.field('name'), name, 'the name of a volume with a claim');
    if (checks.required(place.field('devicePath'), device.devicePath)) checks.name(place.field('devicePath'), device.devicePath, backstepProblem);
  });
}

function checkRecursion(mount: JsonObject, path: FieldPath, checks: FieldChecks): void {
  if (!checks.oneOf(path, mount.recursiveReadOnly, ['Disabled', 'Enabled', 'IfPossible']) || mount.recursiveReadOnly === 'Disabled') return;
  if (mount.readOnly !== true) checks.forbidden(path, 'readOnly must be true');
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== 'None') checks.forbidden(path, 'mountPropagation must be None');
}

function checkPropagation(value: unknown, container: JsonObject, path: FieldPath, checks: FieldChecks): void {
  checks.oneOf(path, value, ['Bidirectional', 'HostToContainer', 'None']);
  if (value === 'Bidirectional' && objectOf(container.securityContext).privileged !== true) {
    checks.forbidden(path, 'only a privileged container can mount both ways');
  }
}

function checkResizePolicy(container: JsonObject, path: FieldPath, facts: PodFacts, checks: FieldChecks): void {
  const resources = new Set<unknown>();
  each(container.resizePolicy, path, (policy, place) => {
    const { resourceName, restartPolicy } = policy;
    if (resources.has(resourceName)) checks.duplicate(place, resourceName);
    resources.add(resourceName);
    if (checks.required(path, resourceName)) checks.oneOf(path, resourceName, ['cpu', 'memory']);
    if (checks.required(path, restartPolicy)) checks.oneOf(path, restartPolicy, ['NotRequired', 'RestartContainer']);
    if (facts.restartPolicy === 'Never' && restartPolicy !== 'NotRequired') checks.invalid(path, restartPolicy, 'NotRequired, because the pod is never restarted');
  });
}

function checkRestart(container: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const { restartPolicy, restartPolicyRules } = container;
  const rules = Array.isArray(restartPolicyRules) ? restartPolicyRules : [];
  if (restartPolicy !== undefined) checks.oneOf(path.field('restartPolicy'), restartPolicy, RESTART_POLICIES);
  else if (rules.length > 0) checks.required(path.field('restartPolicy'), undefined, 'a policy, because there are rules');
  const place = path.field('restartPolicyRules');
  if (rules.length > 20) checks.add('FieldValueTooMany', place, `has ${rules.length} items`, 'at most 20 items');
  each(rules, place, (rule, at) => {
    checks.oneOf(at.field('action'), rule.action ?? '', ['Restart', 'RestartAllContainers']);
    if (!isObject(rule.exitCodes)) checks.required(at.field('exitCodes'), undefined);
    else checks.oneOf(at.fields('exitCodes', 'operator'), rule.exitCodes.operator ?? '', ['In', 'NotIn']);
  });
}
