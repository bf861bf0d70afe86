import { hostOfAuthority } from '../match/host';
import { pathWithoutQuery, queryParameters } from '../match/path';
import { JsonObject } from '../model/json';

/** A request as routes see it. */
export interface HttpRequest {
  readonly method: string;
  /** Normalized, with query. */
  readonly path: string;
  readonly pathOnly: string;
  /** As the client sends it, with port if it sends one. */
  readonly authority: string;
  /** The authority without port, in lower case. */
  readonly host: string;
  readonly scheme: string;
  /** By lower-case name, pseudo headers included. */
  readonly headers: ReadonlyMap<string, string>;
  /** The single values of headers that were sent more than once, by lower-case name. */
  readonly repeated?: ReadonlyMap<string, readonly string[]>;
  /** Payload of the token that the routing proxy validated. */
  readonly claims?: JsonObject;
  /** Parsed on first use. */
  query(): ReadonlyMap<string, string>;
}

/** What a request is made from. */
export interface HttpRequestParts {
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  readonly scheme: string;
  /** By lower-case name, without pseudo headers. */
  readonly headers: Iterable<readonly [string, string]>;
  readonly repeated?: ReadonlyMap<string, readonly string[]>;
  readonly claims?: JsonObject;
}

/** Makes a request of its parts. */
export function httpRequest(parts: HttpRequestParts): HttpRequest {
  let parsed: ReadonlyMap<string, string> | undefined;
  const headers = new Map(parts.headers);
  headers.set(':method', parts.method);
  headers.set(':path', parts.path);
  headers.set(':authority', parts.authority);
  headers.set(':scheme', parts.scheme);
  // The old name of the authority reads the same header.
  headers.set('host', parts.authority);
  const { authority, claims, method, path, repeated, scheme } = parts;
  return {
    method,
    path,
    authority,
    scheme,
    claims,
    headers,
    repeated,
    pathOnly: pathWithoutQuery(path),
    host: hostOfAuthority(authority),
    query: () => (parsed ??= queryParameters(path)),
  };
}
