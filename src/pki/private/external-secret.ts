import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { SinkSecret } from './sink-secret';
import { renderDuration } from '../../private/duration-grammar';

/** Where a private key is kept outside of the cluster. */
export interface ExternalPlace {
  readonly storeName: string;
  readonly remotePath: string;
  readonly clusterWide: boolean;
  readonly property?: string;
  readonly milliseconds: number;
}

/** Name of the private key within the template. */
const KEY = 'privateKey';

/** Writes an ExternalSecret: a reference to the private key; everything else stands in its template. */
export function emitExternalSecret(construct: Construct, secret: SinkSecret, { storeName, remotePath, clusterWide, property, milliseconds }: ExternalPlace): void {
  const { name, namespace, type, labels, keyEntry, entries } = secret;
  new ApiObject(construct, 'Resource', {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, namespace, labels: { ...labels } },
    spec: Lazy.any({
      produce: () => ({
        refreshInterval: renderDuration(milliseconds, 'go'),
        secretStoreRef: { name: storeName, kind: clusterWide ? 'ClusterSecretStore' : 'SecretStore' },
        target: {
          name,
          creationPolicy: 'Owner',
          template: { engineVersion: 'v2', type, metadata: { labels: { ...labels } }, data: { ...entries(), [keyEntry]: `{{ .${KEY} }}` } },
        },
        data: [{ secretKey: KEY, remoteRef: { key: remotePath, property } }],
      }),
    }),
  });
}
