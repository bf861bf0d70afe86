import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { privateKeysIn } from '../../engine/pki/private-keys';
import { MeshFault } from '../../private/errors';

/** Kinds that carry what programs read, keys included. */
const CARRIERS: ReadonlySet<string> = new Set(['Secret', 'ConfigMap', 'HelmRelease', 'Application']);

const consented = new WeakSet<ApiObject>();
const checkers = new WeakMap<IConstruct, IConstruct>();

/** Says that a private key may stand in an object: somebody asked for it in so many words. */
export function consentTo(object: ApiObject): void {
  consented.add(object);
}

/** Objects of the app in which a private key would stand for everybody to read. The first construct of an app that asks is told. */
export function checkOpenKeys(construct: IConstruct): string[] {
  const { root } = construct.node;
  if ((checkers.get(root) ?? construct) !== construct) { return []; }
  checkers.set(root, construct);
  const objects = root.node.findAll().filter((one): one is ApiObject => ApiObject.isApiObject(one));
  return objects.filter((object) => CARRIERS.has(object.kind) && !consented.has(object)).flatMap((object) => privateKeysIn(manifestOf(object)).map((path) => new MeshFault({
    code: 'MESH-E059',
    what: `${object.kind} "${object.name}" would hold a private key in the open, at ${path}`,
    fix: 'let a certificate of this library write the Secret through a sink, or keep the key out of the app',
    path: object.node.path,
  }).message));
}

/** The manifest of an object; nothing for one that cannot be rendered, which its own construct reports. */
function manifestOf(object: ApiObject): unknown {
  try {
    return object.toJson();
  } catch {
    return undefined;
  }
}
