import { MeshCertificateAuthority } from '../mesh-certificate-authority';

/** Entries of a Secret of type kubernetes.io/tls beside its key, with the lists that gateways of Istio read. */
export function tlsEntries({ trustBundle, revocationLists }: MeshCertificateAuthority, chain: string): { readonly [entry: string]: string } {
  return { 'tls.crt': chain, 'ca.crt': trustBundle, ...revocationLists === '' ? {} : { 'ca.crl': revocationLists } };
}
