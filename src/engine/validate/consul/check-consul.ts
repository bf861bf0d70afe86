import { checkIntentions } from './intentions';
import { checkGatewayPolicy, checkJwtProvider, checkOnly, checkPeering, checkProxyDefaults, checkRouteRetryFilter, checkSamenessGroup, checkServiceDefaults } from './settings';
import { checkResolver, checkRouter, checkSplitter } from './traffic';
import { WebhookCheck, WebhookObject } from '../webhook-object';

const CHECKS: Readonly<Record<string, WebhookCheck>> = {
  GatewayPolicy: checkGatewayPolicy,
  JWTProvider: checkJwtProvider,
  PeeringAcceptor: checkPeering,
  PeeringDialer: checkPeering,
  ProxyDefaults: checkProxyDefaults,
  RouteRetryFilter: checkRouteRetryFilter,
  SamenessGroup: checkSamenessGroup,
  ServiceDefaults: checkServiceDefaults,
  ServiceIntentions: checkIntentions,
  ServiceResolver: checkResolver,
  ServiceRouter: checkRouter,
  ServiceSplitter: checkSplitter,
};

/** What Consul's webhook checks of its kinds, and what its servers check of them, which the webhook lets pass. */
export function checkConsul(object: WebhookObject, kind: string): void {
  checkOnly(object, kind);
  CHECKS[kind]?.(object);
}
