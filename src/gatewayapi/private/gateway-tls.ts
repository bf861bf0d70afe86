import type { CertificateRef } from '../certificate-ref';
import type { ClientValidation, GatewayTls } from '../client-validation';
import * as crd from '../crd';

/** What a gateway does about certificates, in the words of the API. */
export function renderGatewayTls(tls: GatewayTls | undefined, clientCertificate: CertificateRef | undefined): crd.GatewayTLSConfig | undefined {
  if (!tls && !clientCertificate) { return undefined; }
  const ports = tls?.portValidations?.map(({ port, validation }) => ({ port, tls: { validation: renderValidation(validation) } }));
  return {
    backend: clientCertificate && { clientCertificateRef: { ...clientCertificate.reference } },
    frontend: tls && { default: { validation: renderValidation(tls.clientValidation) }, perPort: ports },
  };
}

function renderValidation(validation: ClientValidation | undefined): crd.FrontendTLSValidation | undefined {
  return validation && {
    caCertificateRefs: validation.authorities.map(({ reference }) => ({ ...reference })),
    mode: validation.optional ? crd.FrontendValidationMode.ALLOW_INSECURE_FALLBACK : crd.FrontendValidationMode.ALLOW_VALID_ONLY,
  };
}
