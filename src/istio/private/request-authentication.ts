import type { Jwt } from '../../core/jwt';
import type { ServicePlan } from '../../core/plan';
import { byText } from '../../private/compare';
import * as crd from '../crd';

/** Lets the proxies of a service check tokens: those that it asks for itself, and those that calls bring which other services send to it. That a token is there is the policy's business: this alone lets requests without one pass. */
export function lowerRequestAuthentication(service: ServicePlan, target: Pick<crd.RequestAuthenticationSpec, 'selector' | 'targetRefs'>): void {
  const issuers = new Map([...service.tokens, ...service.inbound.flatMap((edge) => edge.tokens)].map((token) => [token.issuer, token]));
  if (issuers.size === 0) { return; }
  new crd.RequestAuthentication(service.scope, 'RequestAuthentication', {
    metadata: { name: service.serviceName, namespace: service.namespace },
    spec: { ...target, jwtRules: [...issuers.values()].sort(byText((token) => token.issuer)).map(renderJwt) },
  });
}

/** Where tokens come from, in Istio's words. */
export function renderJwt(jwt: Jwt): crd.JWTRule {
  return {
    issuer: jwt.issuer,
    jwksUri: jwt.jwksUri,
    jwks: jwt.jwks,
    audiences: jwt.audiences.length > 0 ? jwt.audiences : undefined,
    fromHeaders: jwt.headers.length > 0 ? jwt.headers.map((name) => ({ name })) : undefined,
    forwardOriginalToken: jwt.forwardToken || undefined,
  };
}
