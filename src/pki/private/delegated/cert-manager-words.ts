import { CertificateKey } from '../../../certmanager/certificate-key';
import * as crd from '../../../certmanager/crd';
import { fail } from '../../../private/errors';
import { CertificateSubject } from '../../certificate-subject';
import { KeyAlgorithm } from '../../key-algorithm';

/** A kind of key as cert-manager says it. */
export function certManagerKey(algorithm: KeyAlgorithm = KeyAlgorithm.ECDSA_P256): CertificateKey {
  const [family, size] = algorithm.split('-');
  return family === 'rsa' ? CertificateKey.rsa(Number(size)) : CertificateKey.ecdsa(Number(size.slice(1)));
}

/** A subject without its common name as cert-manager says it; undefined when nothing else is said. */
export function certManagerSubject(subject: CertificateSubject = {}, path?: string): crd.CertificateSubject | undefined {
  const { commonName, otherAttributes, units: organizationalUnits, streets: streetAddresses, ...named } = subject;
  if (otherAttributes) { fail('MESH-E050', 'other attributes in a subject that cert-manager makes', 'use a Certificate with literalSubject', path); }
  const said = Object.entries({ ...named, organizationalUnits, streetAddresses }).filter(([, value]) => value !== undefined);
  return said.length > 0 ? Object.fromEntries(said) : undefined;
}
