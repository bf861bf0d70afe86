import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { certManagerKey } from './cert-manager-words';
import { Certificate } from '../../../certmanager/certificate';
import * as crd from '../../../certmanager/crd';
import { checkIssuerLifetime, checkLifetime, usualRenewBefore } from '../../../engine/pki/lifetimes';
import type { CertManagerAuthority } from '../../cert-manager-authority';
import { KeyAlgorithm } from '../../key-algorithm';

/** What a mesh signs with. */
export interface IntermediateFacts {
  readonly authority: CertManagerAuthority;
  readonly secretName: string;
  readonly namespace: string;
  readonly commonName: string;
  readonly lifetime: Duration;
  readonly renewBefore?: Duration;
  /** What the mesh issues with it; the lifetime is in seconds. */
  readonly issued: { readonly what: string; readonly lifetime: number };
  readonly keyAlgorithm?: KeyAlgorithm;
}

/** The certificate of a certificate authority that a mesh runs itself, below the authority of the cluster. */
export function intermediateOf(scope: Construct, facts: IntermediateFacts): Certificate {
  const { authority, secretName, namespace, commonName, issued, keyAlgorithm } = facts;
  const lifetime = facts.lifetime.toSeconds();
  const renewBefore = facts.renewBefore?.toSeconds() ?? usualRenewBefore(lifetime);
  const { path } = scope.node;
  checkLifetime({ kind: 'intermediate', lifetime, renewBefore }, path);
  checkIssuerLifetime({ kind: 'intermediate', lifetime, renewBefore }, issued, path);
  return new Certificate(scope, 'Certificate', {
    issuer: authority.issuer,
    secretName,
    metadata: { name: secretName, namespace },
    isCa: true,
    commonName,
    duration: Duration.seconds(lifetime),
    renewBefore: Duration.seconds(renewBefore),
    privateKey: certManagerKey(keyAlgorithm),
    usages: [crd.KeyUsage.CERT_SIGN, crd.KeyUsage.CRL_SIGN],
  });
}
