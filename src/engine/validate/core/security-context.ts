import { FieldChecks, isObject, JsonObject, objectOf, textOf } from './field-checks';
import { FieldPath } from '../field-path';
import { relativePathProblem } from '../text/text-rules';

const LARGEST_ID = 2147483647;

/** How privileged a container runs. Whether it may be privileged is the cluster's own choice, and is not told here. */
export function checkContainerSecurity(context: unknown, path: FieldPath, checks: FieldChecks): void {
  if (!isObject(context)) return;
  checkIds(context, ['runAsUser', 'runAsGroup'], path, checks);
  if (context.procMount !== undefined && checks.oneOf(path.field('procMount'), context.procMount, ['Default', 'Unmasked']) && context.procMount === 'Unmasked') {
    checks.invalid(path.field('procMount'), 'Unmasked', 'Default, unless the pod has hostUsers: false');
  }
  checkProfiles(context, path, checks);
  if (context.allowPrivilegeEscalation === false) {
    const added = objectOf(context.capabilities).add;
    if (context.privileged === true) checks.invalid(path, context, 'a privileged container that may escalate');
    if (Array.isArray(added)) {
      for (const it of added) if (it === 'CAP_SYS_ADMIN') checks.invalid(path, context, 'no CAP_SYS_ADMIN where escalation is refused');
    }
  }
}

/** How privileged the containers of a pod run, and with which groups. */
export function checkPodSecurity(spec: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const context = spec.securityContext;
  if (!isObject(context)) return;
  const place = path.field('securityContext');
  checkIds(context, ['fsGroup', 'runAsUser', 'runAsGroup'], place, checks);
  const groups = Array.isArray(context.supplementalGroups) ? context.supplementalGroups as unknown[] : [];
  groups.forEach((group, index) => checks.range(place.field('supplementalGroups').index(index), group, 0, LARGEST_ID));
  if (context.fsGroupChangePolicy !== undefined) checks.oneOf(place.field('fsGroupChangePolicy'), context.fsGroupChangePolicy, ['Always', 'OnRootMismatch']);
  if (context.supplementalGroupsPolicy !== undefined) checks.oneOf(place.field('supplementalGroupsPolicy'), context.supplementalGroupsPolicy, ['Merge', 'Strict']);
  if (context.seLinuxChangePolicy !== undefined) checks.oneOf(place.field('seLinuxChangePolicy'), context.seLinuxChangePolicy, ['MountOption', 'Recursive']);
  checkSysctls(context, place.field('sysctls'), checks);
  checkProfiles(context, place, checks);
}

function checkIds(context: JsonObject, names: readonly string[], path: FieldPath, checks: FieldChecks): void {
  for (const name of names) checks.range(path.field(name), context[name], 0, LARGEST_ID);
}

function checkProfiles(context: JsonObject, path: FieldPath, checks: FieldChecks): void {
  for (const name of ['seccompProfile', 'appArmorProfile']) {
    const profile = context[name];
    if (!isObject(profile)) continue;
    const place = path.field(name);
    const local = place.field('localhostProfile');
    const file = textOf(profile.localhostProfile);
    if (name === 'appArmorProfile' || profile.type) {
      if (!profile.type) checks.required(place.field('type'), undefined);
      else checks.oneOf(place.field('type'), profile.type, ['Localhost', 'RuntimeDefault', 'Unconfined']);
    } else {
      checks.required(place.field('type'), undefined, 'one of Localhost, RuntimeDefault, Unconfined');
    }
    if (profile.type !== 'Localhost') {
      if (file !== undefined) checks.invalid(local, file, 'nothing, unless the type is Localhost');
    } else if (file === undefined) {
      checks.required(local, undefined, 'the profile, because the type is Localhost');
    } else if (name === 'seccompProfile') {
      checks.name(local, file, relativePathProblem);
    } else if (file.trim() !== file) {
      checks.invalid(local, file, 'a name without spaces around it');
    } else if (file === '') {
      checks.required(local, undefined, 'the profile, because the type is Localhost');
    }
  }
}

const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

function checkSysctls(context: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const names = new Set<string>();
  const list = Array.isArray(context.sysctls) ? context.sysctls as unknown[] : [];
  list.forEach((it, index) => {
    const name = textOf(objectOf(it).name) ?? '';
    const place = path.index(index).field('name');
    if (!checks.required(place, name)) return;
    if (name.length > 253 || !SYSCTL.test(name)) checks.invalid(place, name, 'a name such as net.core.somaxconn');
    else if (names.has(name)) checks.duplicate(place, name);
    names.add(name);
  });
}
