import { each, FieldChecks, JsonObject, objectOf } from './field-checks';
import { FieldPath } from '../field-path';
import { qualifiedNameProblem } from '../text/names';
import { parseQuantity } from '../text/quantity';

const STANDARD = new Set([
  'cpu', 'memory', 'ephemeral-storage', 'requests.cpu', 'requests.memory', 'requests.ephemeral-storage', 'limits.cpu', 'limits.memory', 'limits.ephemeral-storage',
  'pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'configmaps', 'persistentvolumeclaims', 'storage', 'requests.storage',
  'services.nodeports', 'services.loadbalancers',
]);
const OF_CONTAINERS = new Set(['cpu', 'memory', 'ephemeral-storage']);
const WHOLE = new Set(['pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'configmaps', 'persistentvolumeclaims', 'services.nodeports', 'services.loadbalancers']);
const MILLI = 1_000_000n;

/** What a container asks for and is held to. */
export function checkResources(resources: JsonObject, path: FieldPath, claims: ReadonlySet<string>, checks: FieldChecks): void {
  const limits = objectOf(resources.limits);
  const requests = objectOf(resources.requests);
  for (const [name, value] of Object.entries(limits)) checkResource(name, value, path.field('limits').key(name), checks);
  for (const [name, value] of Object.entries(requests)) {
    checkResource(name, value, path.field('requests').key(name), checks);
    const [request, limit] = [quantity(value), quantity(limits[name])];
    if (limit === undefined) {
      if (!isOvercommitted(name)) checks.required(path.field('limits'), undefined, `a limit of ${name}, of which nobody can have more than there is`);
    } else if (request !== undefined && request !== limit && (request > limit || !isOvercommitted(name))) {
      checks.invalid(path.field('requests'), value, `${isOvercommitted(name) ? 'at most' : 'exactly'} the limit of ${name}, ${String(limits[name])}`);
    }
  }
  const named = [...Object.keys(limits), ...Object.keys(requests)];
  if (named.some((it) => it.startsWith('hugepages-')) && !named.some((it) => it === 'cpu' || it === 'memory')) {
    checks.forbidden(path, 'huge pages need cpu or memory beside them');
  }
  const used = new Set<string>();
  each(resources.claims, path.field('claims'), (claim, place) => {
    const name = String(claim.name ?? '');
    if (!checks.required(place, name)) return;
    const key = `${name}/${String(claim.request ?? '')}`;
    if (used.has(key)) checks.duplicate(place, key);
    else if (!claims.has(name)) checks.add('FieldValueNotFound', place, `there is no resource claim ${name}`, 'one of spec.resourceClaims');
    used.add(key);
  });
}

function checkResource(name: string, value: unknown, path: FieldPath, checks: FieldChecks): void {
  checkResourceName(name, path, checks);
  const amount = quantity(value);
  if (amount === undefined) return;
  if (amount < 0n) checks.invalid(path, value, 'zero or more');
  // Counts cannot be divided; the API server looks at thousandths.
  if ((WHOLE.has(name) || (!isNative(name) && isExtended(name))) && roundUp(amount, MILLI) % 1000n !== 0n) checks.invalid(path, value, 'a whole number');
}

/** A resource that containers can have. */
export function checkResourceName(name: string, path: FieldPath, checks: FieldChecks): void {
  const isHuge = name.startsWith('hugepages-');
  const isFine = checks.name(path, name, qualifiedNameProblem);
  if (!name.includes('/')) {
    if (isFine && !STANDARD.has(name) && !isHuge) checks.invalid(path, name, 'a resource of Kubernetes, or a name with a domain');
    if (!OF_CONTAINERS.has(name) && !isHuge) checks.invalid(path, name, 'cpu, memory, ephemeral-storage, hugepages-SIZE or a name with a domain');
  } else if (isFine && !isNative(name) && !isExtended(name)) {
    checks.invalid(path, name, 'a name whose domain does not begin with requests.');
  }
}

/** Of cpu and memory more can be promised than there is; of devices and huge pages not. */
function isOvercommitted(name: string): boolean {
  return isNative(name) && !name.startsWith('hugepages-');
}

function isNative(name: string): boolean {
  return !name.includes('/') || name.split('/')[0].includes('kubernetes.io');
}

function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.') && qualifiedNameProblem(`requests.${name}`) === undefined;
}

function quantity(value: unknown): bigint | undefined {
  return value === undefined ? undefined : parseQuantity(String(value));
}

function roundUp(value: bigint, unit: bigint): bigint {
  return value < 0n ? -((-value + unit - 1n) / unit) : (value + unit - 1n) / unit;
}
