import { FieldChecks, JsonObject, objectOf, textOf } from './field-checks';
import { FieldPath } from '../field-path';
import { byteLength } from '../text/names';
import { configKeyProblem } from '../text/text-rules';
import { Violations } from '../violation';

const LARGEST = 1024 * 1024;

/** Checks a ConfigMap. */
export function checkConfigMap(object: JsonObject, violations: Violations): void {
  const checks = new FieldChecks(violations);
  const data = objectOf(object.data);
  const binary = objectOf(object.binaryData);
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    const place = FieldPath.ROOT.field('data').key(key);
    checks.name(place, key, configKeyProblem);
    if (Object.hasOwn(binary, key)) checks.invalid(place, key, 'a key that binaryData does not have');
    size += byteLength(String(value));
  }
  for (const [key, value] of Object.entries(binary)) {
    checks.name(FieldPath.ROOT.field('binaryData').key(key), key, configKeyProblem);
    size += decodedLength(String(value));
  }
  if (size > LARGEST) checks.add('FieldValueTooLong', FieldPath.ROOT, `holds ${size} bytes`, `at most ${LARGEST} bytes`);
}

/** Checks a Namespace, whose name becomes a label of it. */
export function checkNamespace(object: JsonObject, violations: Violations): void {
  const { name } = objectOf(object.metadata);
  new FieldChecks(violations).labels(FieldPath.ROOT.fields('metadata', 'labels'), { 'kubernetes.io/metadata.name': name ?? '' });
}

/** The keys that a type of Secret must have. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

/** Checks a Secret. */
export function checkSecret(object: JsonObject, violations: Violations): void {
  const checks = new FieldChecks(violations);
  const texts = Object.entries(objectOf(object.stringData)).map(([key, value]): [string, Buffer] => [key, Buffer.from(String(value))]);
  const data = new Map([...Object.entries(objectOf(object.data)).map(([key, value]): [string, Buffer] => [key, Buffer.from(String(value), 'base64')]), ...texts]);
  const place = FieldPath.ROOT.field('data');
  let size = 0;
  for (const [key, value] of data) {
    checks.name(place.key(key), key, configKeyProblem);
    size += value.length;
  }
  if (size > LARGEST) checks.add('FieldValueTooLong', place, `holds ${size} bytes`, `at most ${LARGEST} bytes`);
  const type = textOf(object.type) ?? '';
  for (const key of Object.hasOwn(KEYS, type) ? KEYS[type] : []) {
    const value = data.get(key);
    if (value === undefined || (type === 'kubernetes.io/ssh-auth' && value.length === 0)) checks.required(place.key(key), undefined, `the key ${key}, because the type is ${type}`);
    else if (key.startsWith('.docker') && !isJsonObject(value.toString())) checks.add('FieldValueInvalid', place.key(key), 'is no JSON object');
  }
  if (type === 'kubernetes.io/basic-auth' && !data.has('username') && !data.has('password')) {
    for (const key of ['username', 'password']) checks.required(place.key(key), undefined, 'username or password');
  }
  if (type === 'kubernetes.io/service-account-token') {
    const name = 'kubernetes.io/service-account.name';
    checks.required(FieldPath.ROOT.fields('metadata', 'annotations').key(name), objectOf(objectOf(object.metadata).annotations)[name]);
  }
}

function decodedLength(base64: string): number {
  return Buffer.from(base64, 'base64').length;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return value === null || (typeof value === 'object' && !Array.isArray(value));
  } catch {
    return false;
  }
}
