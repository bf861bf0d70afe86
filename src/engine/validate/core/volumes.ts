import { checkClaimSpec } from './claims';
import { checkDownwardFile } from './environment';
import { each, FieldChecks, isObject, JsonObject, numberOr, objectOf, setOf, textOf } from './field-checks';
import { FieldPath } from '../field-path';
import { dnsLabelProblem, dnsSubdomainProblem } from '../text/names';
import { parseQuantity } from '../text/quantity';
import { backstepProblem, projectedPathProblem } from '../text/text-rules';

/** All kinds of volumes, in the order in which the API server looks at them: the first one that is set counts. */
const KINDS = [
  'emptyDir', 'hostPath', 'gitRepo', 'gcePersistentDisk', 'awsElasticBlockStore', 'secret', 'nfs', 'iscsi', 'glusterfs', 'flocker', 'persistentVolumeClaim', 'rbd',
  'cinder', 'cephfs', 'quobyte', 'downwardAPI', 'fc', 'flexVolume', 'configMap', 'azureFile', 'vsphereVolume', 'photonPersistentDisk', 'portworxVolume', 'azureDisk',
  'storageos', 'projected', 'scaleIO', 'csi', 'ephemeral', 'image',
];
/** Two kinds whose names the API server spells in its own way. */
const SPELLED: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };
const HOST_PATH_TYPES = ['', 'DirectoryOrCreate', 'Directory', 'FileOrCreate', 'File', 'Socket', 'CharDevice', 'BlockDevice'];
const LARGEST_MODE = 0o777;

/**
 * Checks the volumes of a pod.
 *
 * @returns those that are right, by name: the others cannot be mounted
 */
export function checkVolumes(spec: JsonObject, path: FieldPath, checks: FieldChecks, count: () => number): Map<string, JsonObject> {
  const volumes = new Map<string, JsonObject>();
  each(spec.volumes, path.field('volumes'), (volume, place) => {
    const before = count();
    const name = textOf(volume.name) ?? '';
    checkSource(volume, place, checks);
    if (checks.required(place.field('name'), name)) checks.name(place.field('name'), name, dnsLabelProblem);
    if (volumes.has(name)) checks.duplicate(place.field('name'), name);
    if (count() === before) volumes.set(name, volume);
  });
  return volumes;
}

function checkSource(volume: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const [first, ...others] = setOf(volume, KINDS);
  for (const name of others) checks.forbidden(path.field(SPELLED[name] ?? name), `${first} is there already, and a volume has one kind only`);
  const source = first === undefined ? undefined : volume[first];
  if (!isObject(source)) return;
  const place = path.field(first);
  switch (first) {
    case 'emptyDir':
      if (source.sizeLimit !== undefined && (parseQuantity(String(source.sizeLimit)) ?? 0n) < 0n) checks.forbidden(place.field('sizeLimit'), 'cannot be negative');
      break;
    case 'hostPath':
      if (!checks.required(place.field('path'), source.path)) break;
      checks.name(place.field('path'), source.path, backstepProblem);
      if (source.type !== undefined) checks.oneOf(place.field('type'), source.type, HOST_PATH_TYPES);
      break;
    case 'secret':
      checks.required(place.field('secretName'), source.secretName);
      checkFiles(source, place, checks);
      break;
    case 'configMap':
      checks.required(place.field('name'), source.name);
      checkFiles(source, place, checks);
      break;
    case 'nfs':
      checks.required(place.field('server'), source.server);
      checks.required(place.field('path'), source.path);
      if (!(textOf(source.path) ?? '').startsWith('/')) checks.invalid(place.field('path'), source.path ?? '', 'an absolute path');
      break;
    case 'persistentVolumeClaim':
      checks.required(place.field('claimName'), source.claimName);
      break;
    case 'downwardAPI':
      checks.range(place.field('defaultMode'), source.defaultMode, 0, LARGEST_MODE);
      each(source.items, place, (file) => checkFieldFile(file, place, checks));
      break;
    case 'projected':
      checkProjected(source, place, checks);
      break;
    case 'csi':
      checkCsi(source, place, checks);
      break;
    case 'ephemeral':
      if (!isObject(source.volumeClaimTemplate)) checks.required(place.field('volumeClaimTemplate'), undefined);
      else checkClaimSpec(objectOf(source.volumeClaimTemplate.spec), place.fields('volumeClaimTemplate', 'spec'), checks);
  }
}

/** Which keys become which files. */
function checkFiles(source: JsonObject, path: FieldPath, checks: FieldChecks): void {
  checks.range(path.field('defaultMode'), source.defaultMode, 0, LARGEST_MODE);
  each(source.items, path.field('items'), (item, place) => checkKeyFile(item, place, checks));
}

function checkKeyFile(item: JsonObject, path: FieldPath, checks: FieldChecks): void {
  checks.required(path.field('key'), item.key);
  checks.required(path.field('path'), item.path);
  checks.name(path.field('path'), item.path, projectedPathProblem);
  checks.range(path.field('mode'), item.mode, 0, LARGEST_MODE);
}

function checkFieldFile(file: JsonObject, path: FieldPath, checks: FieldChecks): void {
  checks.required(path.field('path'), file.path);
  checks.name(path.field('path'), file.path, projectedPathProblem);
  checkDownwardFile(file, path, checks);
  checks.range(path.field('mode'), file.mode, 0, LARGEST_MODE);
}

function checkProjected(source: JsonObject, path: FieldPath, checks: FieldChecks): void {
  checks.range(path.field('defaultMode'), source.defaultMode, 0, LARGEST_MODE);
  const taken = new Set<string>();
  const take = (file: unknown): void => {
    const name = textOf(file) ?? '';
    if (name === '') return;
    if (taken.has(name)) checks.invalid(path, name, 'a path that no other file of the volume has');
    taken.add(name);
  };
  each(source.sources, path.field('sources'), (part, place) => {
    const kinds = setOf(part, ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken', 'clusterTrustBundle', 'podCertificate']);
    for (const kind of ['secret', 'configMap']) {
      const reference = part[kind];
      if (!isObject(reference)) continue;
      checks.required(place.field(kind).field('name'), reference.name);
      each(reference.items, place.field(kind).field('items'), (item, at) => {
        checkKeyFile(item, at, checks);
        take(item.path);
      });
    }
    each(objectOf(part.downwardAPI).items, place, (file) => {
      checkFieldFile(file, place.field('downwardAPI'), checks);
      take(file.path);
    });
    if (isObject(part.serviceAccountToken)) {
      const { expirationSeconds, path: file } = part.serviceAccountToken;
      checks.range(place.fields('serviceAccountToken', 'expirationSeconds'), numberOr(expirationSeconds, 3600), 600, 2 ** 32);
      if (checks.required(path.field('path'), file)) checks.name(path.field('path'), file, projectedPathProblem);
    }
    if (kinds.length > 1) checks.forbidden(place, 'a source has one kind only');
  });
}

function checkCsi(source: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const driver = textOf(source.driver) ?? '';
  if (checks.required(path.field('driver'), driver)) {
    if (driver.length > 63) checks.add('FieldValueTooLong', path.field('driver'), 'is longer than 63 characters');
    checks.name(path.field('driver'), driver.toLowerCase(), dnsSubdomainProblem);
  }
  const secret = source.nodePublishSecretRef;
  if (isObject(secret) && checks.required(path.fields('nodePublishSecretRef', 'name'), secret.name)) checks.name(path.field('name'), secret.name, dnsSubdomainProblem);
}
