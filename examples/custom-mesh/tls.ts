import { extension, Json, TLS_FOLDER } from './envoy-config';
import { Identity } from 'cdk8s-mesh';

const CERTIFICATE: Json = { certificate_chain: { filename: `${TLS_FOLDER}/tls.crt` }, private_key: { filename: `${TLS_FOLDER}/tls.key` } };

const COMMON: Json = { tls_params: { tls_minimum_protocol_version: 'TLSv1_3', tls_maximum_protocol_version: 'TLSv1_3' }, tls_certificates: [CERTIFICATE] };

/** The trusted roots, and which SPIFFE IDs are taken. */
function peers(matcher: Json): Json {
  return { trusted_ca: { filename: `${TLS_FOLDER}/ca.crt` }, match_typed_subject_alt_names: [{ san_type: 'URI', matcher }] };
}

/** Takes nobody without a certificate of the trust domain. */
export function serverTls(trustDomain: string): Json {
  return extension('envoy.transport_sockets.tls', 'extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
    require_client_certificate: true,
    common_tls_context: { ...COMMON, validation_context: peers({ prefix: `spiffe://${trustDomain}/` }) },
  });
}

/** Speaks to nobody but the service that was meant. */
export function clientTls(identity: Identity, sni: string): Json {
  return extension('envoy.transport_sockets.tls', 'extensions.transport_sockets.tls.v3.UpstreamTlsContext', {
    sni,
    common_tls_context: { ...COMMON, validation_context: peers({ exact: identity.spiffeId }) },
  });
}
