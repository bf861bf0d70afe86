import { fail } from '../../../private/errors';
import type { RevocationReason } from '../crl';
import { Draft } from './draft';
import { CertificateRecord, ISSUER } from './store-index';

/** Revokes a certificate, named by what it is issued for or by its serial number. */
export function revokeCertificate(draft: Draft, which: string, reason: RevocationReason): CertificateRecord {
  const record = draft.records.bySerial(which.toLowerCase().replace(/:/g, '')) ?? draft.records.current(which)
    ?? fail('MESH-E054', `no certificate is named "${which}"`, 'use a name or a serial number that "cdk8s-mesh pki list" shows');
  if (record.request.kind === 'root') {
    fail('MESH-E031', `${record.name} is a root, which no list can revoke`, 'replace it with "cdk8s-mesh pki rotate --phase add-root"');
  }
  if (record.name === ISSUER && record.current) {
    fail('MESH-E031', 'the issuer is in use', 'renew it first with "cdk8s-mesh pki rotate --name issuer", then revoke the old one by its serial number');
  }
  if (record.revoked) { fail('MESH-E031', `${record.name} was revoked at ${record.revoked.at}`, 'nothing is left to do'); }
  draft.revoke(record, reason);
  return record;
}
