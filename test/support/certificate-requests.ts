import { usualLifetime, usualRenewBefore } from '../../src/engine/pki/lifetimes';
import { CertificateKind, CertificateRequest } from '../../src/engine/pki/request';

/** What is asked for, as usual but for some fields. */
export function requestFor(kind: CertificateKind, fields: Partial<CertificateRequest> = {}): CertificateRequest {
  const lifetime = fields.lifetime ?? usualLifetime(kind);
  const named: Partial<CertificateRequest> = {
    root: { subject: { commonName: 'root' } },
    intermediate: { subject: { commonName: 'intermediate' }, pathLength: 0 },
    workload: { uris: ['spiffe://cluster.local/ns/shop/sa/cart'], dnsNames: ['cart', 'cart.shop'] },
    gateway: { dnsNames: ['shop.example.com'] },
  }[kind];
  return { kind, subject: {}, uris: [], dnsNames: [], ipAddresses: [], keyType: 'ecdsa-p256', lifetime, renewBefore: usualRenewBefore(lifetime), ...named, ...fields };
}
