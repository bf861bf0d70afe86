import { Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { fingerprintOf } from '../../engine/pki/facts';
import { certificatesIn } from '../../engine/pki/pem';
import { sealingLabel } from '../../engine/pki/seal';
import { SealTarget } from '../../engine/pki/store/issue-certificates';
import * as crd from '../crd';
import { SinkSecret } from './sink-secret';

/** Where a sealed Secret may be opened. */
export type SealingScopeName = 'strict' | 'namespace-wide' | 'cluster-wide';

/** How the controller learns of the scope. */
const SCOPE_ANNOTATIONS: { readonly [scope in SealingScopeName]: { readonly [key: string]: string } } = {
  'strict': {},
  'namespace-wide': { 'sealedsecrets.bitnami.com/namespace-wide': 'true' },
  'cluster-wide': { 'sealedsecrets.bitnami.com/cluster-wide': 'true' },
};

/** What a private key is sealed to. */
export function sealTargetOf(publicCertificate: string, scope: SealingScopeName, namespace: string, name: string): SealTarget {
  return { label: sealingLabel(scope, namespace, name), certificate: ownCertificate(publicCertificate) };
}

/** Writes a SealedSecret: the private key sealed, everything else in its template, where it can be read and compared. */
export function emitSealedSecret(construct: Construct, secret: SinkSecret, publicCertificate: string, scope: SealingScopeName): void {
  const { name, namespace, type, labels, keyEntry, entries, certificateName, session } = secret;
  const annotations = SCOPE_ANNOTATIONS[scope];
  const sealedFor = fingerprintOf(ownCertificate(publicCertificate));
  new crd.SealedSecret(construct, 'Resource', {
    metadata: { name, namespace, annotations: { ...annotations } },
    spec: Lazy.any({
      produce: () => ({
        encryptedData: { [keyEntry]: session.sealedKey(certificateName, sealedFor) },
        template: { type, metadata: { name, namespace, labels: { ...labels }, annotations: { ...annotations } }, data: entries() },
      }),
    }),
  });
}

/** The first certificate, in one form whatever stands around it. */
function ownCertificate(text: string): string {
  return certificatesIn(text)[0];
}
