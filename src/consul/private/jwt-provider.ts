import type { Jwt } from '../../core/jwt';
import type { MeshPlan } from '../../core/plan';
import { byText } from '../../private/compare';
import { fail } from '../../private/errors';
import * as crd from '../crd';

/** Name of the object that tells where tokens of an issuer come from. */
export function providerName({ issuer }: Jwt): string {
  return issuer.replace(/^[a-z]+:\/\//, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 63).replace(/-$/, '');
}

/** Writes one object for each issuer that any service asks for tokens of. */
export function lowerJwtProviders({ services, scope }: MeshPlan, namespace: string): void {
  const providers = new Map<string, { readonly jwt: Jwt; readonly path: string }>();
  for (const service of services) {
    const path = service.scope.node.scope?.node.path ?? '';
    for (const jwt of service.tokens) {
      const name = providerName(jwt);
      const known = providers.get(name);
      if (known && JSON.stringify(known.jwt) !== JSON.stringify(jwt)) {
        fail('MESH-E027', `${known.path} and ${path} ask for tokens of ${jwt.issuer} in different ways, and Consul knows one for all services`, 'use the same Jwt for both', path);
      }
      providers.set(name, { jwt, path });
    }
  }
  for (const [name, { jwt, path }] of [...providers].sort(byText(([key]) => key))) {
    new crd.JWTProvider(scope, `JWTProvider-${name}`, { metadata: { name, namespace }, spec: render(jwt, path) });
  }
}

function render(jwt: Jwt, path: string): crd.JWTProviderSpec {
  if (jwt.jwks === undefined && jwt.jwksUri === undefined) {
    fail('MESH-E030', `no keys for tokens of ${jwt.issuer}, which Consul does not look up by itself`, 'give jwksUri or jwks', path);
  }
  return {
    issuer: jwt.issuer,
    audiences: jwt.audiences.length > 0 ? jwt.audiences : undefined,
    jsonWebKeySet: jwt.jwks !== undefined
      ? { local: { jwks: Buffer.from(jwt.jwks).toString('base64') } }
      : { remote: { uri: jwt.jwksUri, requestTimeoutMs: 5000, fetchAsynchronously: true } },
    locations: jwt.headers.length > 0 ? jwt.headers.map((name) => ({ header: { name, forward: jwt.forwardToken } })) : undefined,
  };
}
