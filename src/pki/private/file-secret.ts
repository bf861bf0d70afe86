import * as path from 'path';
import { Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { outputFolder } from './output-folder';
import { SinkSecret } from './sink-secret';
import { warn } from './warn';
import { writeAtomically, readText } from '../../engine/pki/store/atomic-file';
import { isWithin } from '../../engine/pki/store/private-half';
import { fail } from '../../private/errors';

/** Writes a Secret with its private key into a file outside of the output, when the private key is here. */
export function writeSecretFile(construct: Construct, secret: SinkSecret, directory: string): void {
  const outdir = outputFolder(construct);
  if (outdir !== undefined && isWithin(directory, outdir)) {
    fail('MESH-E059', `private keys would be written to ${directory}, which is within the output of the app`, 'name a folder outside of the output', construct.node.path);
  }
  construct.node.addValidation({
    validate: () => {
      if (!secret.session.faultOf(secret.certificateName)) { write(construct, secret, directory); }
      return [];
    },
  });
}

function write(construct: Construct, { name, namespace, type, labels, keyEntry, entries, certificateName, session }: SinkSecret, directory: string): void {
  const key = session.privateKey(certificateName);
  if (key === undefined) {
    warn(construct, `Secret ${namespace}/${name} was not written to ${directory}: its private key is not in ${session.privateFolder}`);
    return;
  }
  const file = path.join(directory, `${namespace}.${name}.yaml`);
  const text = Yaml.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels: { ...labels } }, type, stringData: { ...entries(), [keyEntry]: key } });
  if (readText(file) !== text) { writeAtomically([{ file, text }], 0o600); }
}
