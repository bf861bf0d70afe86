import { checkAuthorizationPolicy, checkEgressNetwork, checkMeshTlsAuthentication, checkNetworkAuthentication, checkRateLimit, checkServer, checkServerAuthorization } from './authorization';
import { checkLinkerdHttpRoute } from './routes';
import { checkServiceProfile } from './service-profile';
import { WebhookCheck } from '../webhook-object';

/** What Linkerd's admission checks of its kinds. */
export const LINKERD_CHECKS: Readonly<Record<string, WebhookCheck>> = {
  AuthorizationPolicy: checkAuthorizationPolicy,
  EgressNetwork: checkEgressNetwork,
  HTTPLocalRateLimitPolicy: checkRateLimit,
  HTTPRoute: checkLinkerdHttpRoute,
  MeshTLSAuthentication: checkMeshTlsAuthentication,
  NetworkAuthentication: checkNetworkAuthentication,
  Server: checkServer,
  ServerAuthorization: checkServerAuthorization,
  ServiceProfile: checkServiceProfile,
};
