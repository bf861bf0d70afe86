import { IConstruct } from 'constructs';
import { fail } from '../../private/errors';

const OWNERS = Symbol.for('cdk8s-mesh.certmanager.SecretOwners');

/** Fails when another certificate of the app writes the same Secret: they would take each other's place for ever. */
export function claimSecret(certificate: IConstruct, secretName: string, namespace: string | undefined): void {
  const root: IConstruct & { [OWNERS]?: Map<string, string> } = certificate.node.root;
  if (!root[OWNERS]) { Object.defineProperty(root, OWNERS, { value: new Map<string, string>() }); }
  const key = `${namespace ?? ''}/${secretName}`;
  const other = root[OWNERS]!.get(key);
  if (other !== undefined) { fail('MESH-E034', `Secret ${key} is written by ${other} and by ${certificate.node.path}`, 'give one of them another secretName', certificate.node.path); }
  root[OWNERS]!.set(key, certificate.node.path);
}
