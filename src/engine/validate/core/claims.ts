import { FieldChecks, isObject, JsonObject, objectOf } from './field-checks';
import { FieldPath } from '../field-path';
import { dnsSubdomainProblem } from '../text/names';
import { parseQuantity } from '../text/quantity';
import { Violations } from '../violation';

const MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/** Checks a PersistentVolumeClaim. */
export function checkClaim(object: JsonObject, violations: Violations): void {
  checkClaimSpec(objectOf(object.spec), FieldPath.ROOT.field('spec'), new FieldChecks(violations));
}

/** What a volume claim asks for. */
export function checkClaimSpec(spec: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const modes = Array.isArray(spec.accessModes) ? spec.accessModes as unknown[] : [];
  if (modes.length === 0) checks.required(path.field('accessModes'), undefined, 'at least one access mode');
  for (const mode of modes) checks.oneOf(path.field('accessModes'), mode, MODES);
  if (modes.includes('ReadWriteOncePod') && modes.some((it) => it !== 'ReadWriteOncePod' && MODES.includes(String(it)))) {
    checks.forbidden(path.field('accessModes'), 'ReadWriteOncePod cannot stand beside other modes');
  }
  checks.selector(path.field('selector'), spec.selector);
  const storage = objectOf(objectOf(spec.resources).requests).storage;
  const place = path.field('resources').key('storage');
  if (storage === undefined) checks.required(place, undefined, 'the size, in resources.requests.storage');
  else if ((parseQuantity(String(storage)) ?? 0n) <= 0n) checks.invalid(place, storage, 'more than zero');
  if (spec.storageClassName) checks.name(path.field('storageClassName'), spec.storageClassName, dnsSubdomainProblem);
  if (spec.volumeMode !== undefined) checks.oneOf(path.field('volumeMode'), spec.volumeMode, ['Block', 'Filesystem']);
  if (isObject(spec.dataSource)) {
    checks.required(path.fields('dataSource', 'name'), spec.dataSource.name);
    checks.required(path.fields('dataSource', 'kind'), spec.dataSource.kind);
  }
}
