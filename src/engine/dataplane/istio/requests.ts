import { normalizePath, PathNormalization } from '../../match/path';
import type { JsonObject } from '../../model/json';
import { HttpRequest, httpRequest } from '../../routing/http-request';
import type { Arrival, Client, Passage } from '../data-plane';

/** A request with its path as a proxy normalizes it; undefined for a path that proxies answer with 400. */
export function normalized(http: HttpRequest, mode: PathNormalization): HttpRequest | undefined {
  const path = normalizePath(http.path, mode);
  if (path === undefined) return undefined;
  return path === http.path ? http : withChanges(http, { path });
}

/** A request with some parts changed. */
export function withChanges(
  http: HttpRequest, changes: { readonly path?: string; readonly headers?: ReadonlyMap<string, string>; readonly claims?: JsonObject },
): HttpRequest {
  const headers = new Map<string, string>();
  for (const [name, value] of changes.headers ?? http.headers) {
    if (!name.startsWith(':') && name !== 'host') headers.set(name, value);
  }
  const { authority, method, scheme } = http;
  return httpRequest({ method, authority, scheme, path: changes.path ?? http.path, headers, claims: changes.claims ?? http.claims });
}

/** The identity of a client: what the request says, else that of its pod's account. */
export function identityOf(client: Client, trustDomain: string): string | undefined {
  if (client.identity !== undefined) return client.identity;
  const { pod } = client;
  return pod?.serviceAccount === undefined ? undefined : `${trustDomain}/ns/${pod.namespace}/sa/${pod.serviceAccount}`;
}

/** A request as its client sends it. */
export function departure(passage: Passage, identity: string | undefined, http: HttpRequest | undefined): Arrival {
  const { client, protocol, token } = passage;
  return {
    identity,
    sourceIp: client.ip,
    remoteIp: client.remoteIp,
    http,
    token,
    protocol,
    layer: http ? 'http' : 'tcp',
  };
}
