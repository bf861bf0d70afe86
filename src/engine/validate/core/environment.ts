import { each, FieldChecks, isObject, JsonObject, setOf, textOf } from './field-checks';
import { FieldPath } from '../field-path';
import { dnsSubdomainProblem, qualifiedNameProblem, prefixProblem } from '../text/names';
import { parseQuantity } from '../text/quantity';
import { configKeyProblem, variableNameProblem } from '../text/text-rules';

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'];

/** Fields of the pod that a variable can take. */
const FIELDS = [
  'metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName', 'status.hostIP', 'status.hostIPs', 'status.podIP', 'status.podIPs',
];
/** Fields of the pod that a file can take. */
const FILE_FIELDS = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
const RESOURCES = ['limits.cpu', 'limits.ephemeral-storage', 'limits.memory', 'requests.cpu', 'requests.ephemeral-storage', 'requests.memory'];
const HUGE_PAGES = /^(requests|limits)\.hugepages-/;
const BILLION = 1_000_000_000n;
const SIZES = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'].map((it) => parseQuantity(it));

/** The environment variables of a container. */
export function checkEnvironment(container: JsonObject, path: FieldPath, checks: FieldChecks): void {
  each(container.env, path.field('env'), (variable, place) => {
    if (checks.required(place.field('name'), variable.name)) checks.name(place.field('name'), variable.name, variableNameProblem);
    if (isObject(variable.valueFrom)) checkSource(variable.valueFrom, variable.value, place.field('valueFrom'), checks);
  });
  each(container.envFrom, path.field('envFrom'), (source, place) => {
    if (source.prefix) checks.name(place.field('prefix'), source.prefix, variableNameProblem);
    const sources = setOf(source, ['configMapRef', 'secretRef']);
    for (const name of sources) {
      const reference = source[name];
      if (!isObject(reference)) continue;
      if (checks.required(place.field(name).field('name'), reference.name)) {
        checks.name(place.field(name).field('name'), reference.name, (it) => prefixProblem(it, dnsSubdomainProblem));
      }
    }
    if (sources.length !== 1) checks.invalid(path.field('envFrom'), source, 'exactly one of configMapRef and secretRef');
  });
}

function checkSource(source: JsonObject, value: unknown, path: FieldPath, checks: FieldChecks): void {
  const sources = setOf(source, [...SOURCES, 'fileKeyRef']);
  if (isObject(source.fieldRef)) checkFieldReference(source.fieldRef, FIELDS, path.field('fieldRef'), checks);
  if (isObject(source.resourceFieldRef)) checkResourceReference(source.resourceFieldRef, false, path.field('resourceFieldRef'), checks);
  for (const name of setOf(source, ['configMapKeyRef', 'secretKeyRef'])) {
    const reference = source[name];
    if (!isObject(reference)) continue;
    checks.name(path.field(name).field('name'), reference.name, dnsSubdomainProblem);
    if (checks.required(path.field(name).field('key'), reference.key)) checks.name(path.field(name).field('key'), reference.key, configKeyProblem);
  }
  if (sources.length === 0) checks.invalid(path, source, `one of ${SOURCES.join(', ')}`);
  else if (value) checks.invalid(path, source, 'either value or valueFrom');
  else if (sources.length > 1) checks.invalid(path, source, `only one of ${SOURCES.join(', ')}`);
}

/** A field of the pod that becomes a file of a volume. */
export function checkDownwardFile(file: JsonObject, path: FieldPath, checks: FieldChecks): void {
  if (isObject(file.fieldRef)) {
    checkFieldReference(file.fieldRef, FILE_FIELDS, path.field('fieldRef'), checks);
    if (file.resourceFieldRef !== undefined) checks.invalid(path, file, 'either fieldRef or resourceFieldRef');
  } else if (isObject(file.resourceFieldRef)) {
    checkResourceReference(file.resourceFieldRef, true, path.field('resourceFieldRef'), checks);
  } else {
    checks.required(path, undefined, 'one of fieldRef and resourceFieldRef');
  }
}

function checkFieldReference(reference: JsonObject, fields: readonly string[], path: FieldPath, checks: FieldChecks): void {
  const field = textOf(reference.fieldPath) ?? '';
  const place = path.field('fieldPath');
  if (!checks.required(place, field)) return;
  const subscript = /^(.+)\['(.+)'\]$/s.exec(field);
  const known = /^metadata\.(annotations|labels|name|namespace|uid)$|^spec\.(nodeName|restartPolicy|serviceAccountName|schedulerName|host)$|^status\.(phase|podIPs?|hostIPs?|nominatedNodeName)$/;
  if ((textOf(reference.apiVersion) || 'v1') !== 'v1' || !(subscript ? /^metadata\.(annotations|labels)$/ : known).test(subscript?.[1] ?? field)) {
    checks.invalid(place, field, `one of ${fields.join(', ')}, metadata.labels['KEY'] or metadata.annotations['KEY']`);
  } else if (subscript) {
    checks.name(path, subscript[1].endsWith('annotations') ? subscript[2].toLowerCase() : subscript[2], qualifiedNameProblem);
  } else {
    checks.oneOf(place, field === 'spec.host' ? 'spec.nodeName' : field, fields);
  }
}

function checkResourceReference(reference: JsonObject, isFile: boolean, path: FieldPath, checks: FieldChecks): void {
  const resource = textOf(reference.resource) ?? '';
  if (isFile && !reference.containerName) checks.required(path.field('containerName'), undefined);
  else if (checks.required(path.field('resource'), resource) && !HUGE_PAGES.test(resource)) checks.oneOf(path.field('resource'), resource, RESOURCES);
  const divisor = reference.divisor === undefined ? 0n : parseQuantity(String(reference.divisor)) ?? 0n;
  const isFine = divisor === 0n || (resource.endsWith('.cpu') ? divisor === BILLION || divisor === BILLION / 1000n : SIZES.includes(divisor));
  if (!isFine && (RESOURCES.includes(resource) || HUGE_PAGES.test(resource))) {
    checks.invalid(path.field('divisor'), reference.divisor, resource.endsWith('.cpu') ? '1m or 1' : 'one of 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei');
  }
}
