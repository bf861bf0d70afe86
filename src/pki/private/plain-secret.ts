import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { consentTo } from './check-open-keys';
import { SinkSecret } from './sink-secret';
import { fail } from '../../private/errors';

/** Writes a Secret with its private key into the output. */
export function emitPlainSecret(construct: Construct, secret: SinkSecret): void {
  const { name, namespace, type, labels, certificateName, session } = secret;
  const object = new ApiObject(construct, 'Resource', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { ...labels } },
    type,
    stringData: Lazy.any({ produce: () => plainEntries(secret) }),
  });
  consentTo(object);
  construct.node.addValidation({
    validate: () => {
      if (session.faultOf(certificateName)) { return []; }
      try {
        plainEntries(secret);
        return [];
      } catch (error) {
        return [(error as Error).message];
      }
    },
  });
}

function plainEntries({ entries, keyEntry, certificateName, session }: SinkSecret): { [entry: string]: string } {
  const key = session.privateKey(certificateName) ?? fail('MESH-E058', `the private key of ${certificateName} is not in ${session.privateFolder}`,
    'synthesize where the private half of the store is, or seal the key with SecretSink.sealedSecret()');
  return { ...entries(), [keyEntry]: key };
}
