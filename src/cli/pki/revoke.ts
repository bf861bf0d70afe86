import { declareStore, oneOf, placeOf } from './store-options';
import { REVOCATION_REASONS, RevocationReason } from '../../engine/pki/crl';
import { changeStore } from '../../engine/pki/store/change';
import { revokeCertificate } from '../../engine/pki/store/revoke';
import { EXIT } from '../io';
import { VerbDefinition } from '../verb';

/** `cdk8s-mesh pki revoke`. */
export const REVOKE: VerbDefinition = {
  declare(command) {
    declareStore(command)
      .argument('<certificate>', 'its name or serial number, as "pki list" shows them')
      .option('--reason <reason>', `why: ${Object.keys(REVOCATION_REASONS).join(', ')}`, 'unspecified');
  },

  run([which], given, io) {
    const reason = oneOf('--reason', given.reason, Object.keys(REVOCATION_REASONS) as RevocationReason[]);
    const record = changeStore(placeOf(given, io), new Date(), (draft) => revokeCertificate(draft, which, reason));
    io.out([
      `${record.name} ${record.serial} is revoked`,
      'read the revocation list, once the store is committed and the manifests are applied:',
      '  - gateways of Istio that ask clients for certificates (entry ca.crl of the Secret)',
      '  - proxies of Istio whose istiod has a plugged-in CA, from 1.28 on (entry ca-crl.pem of the Secret cacerts)',
      `read none, so that the certificate stays good there until ${record.notAfter}: Linkerd, Consul, ztunnel before 1.28, and workloads that do not look`,
      '',
    ].join('\n'));
    return EXIT.fine;
  },
};
