import { ipVersion } from './go-net';

/** The parts of a URL that CEL rules can ask for. */
export interface GoUrl {
  readonly scheme: string;
  /** With the port. */
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly escapedPath: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads a URL as Go's `net/url.ParseRequestURI` does: absolute, or a path from the root.
 *
 * JavaScript's `URL` follows another standard and mends what Go refuses.
 *
 * @returns undefined when Go refuses it
 */
export function parseRequestUri(text: string): GoUrl | undefined {
  // eslint-disable-next-line no-control-regex
  if (text === '' || /[\u0000-\u001f\u007f]/.test(text)) return undefined;
  if (text === '*') return url({ path: '*' });
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text);
  const [beforeQuery, ...queries] = text.slice(scheme ? scheme[0].length : 0).split('?');
  const parts = { scheme: scheme?.[1].toLowerCase(), query: queries.join('?').split('#')[0] };
  if (!beforeQuery.startsWith('/')) {
    // An opaque URL such as `mailto:someone` has a scheme and no slash.
    return scheme ? url(parts) : undefined;
  }
  const authority = scheme ? /^\/\/([^/]*)/.exec(beforeQuery) : null;
  const host = authority ? hostOf(authority[1], parts.scheme) : '';
  const path = authority ? beforeQuery.slice(authority[0].length) : beforeQuery;
  return host === undefined || !hasValidEscapes(path) ? undefined : url({ ...parts, host, path: path.split('#')[0] });
}

function url(parts: { scheme?: string; host?: string; path?: string; query?: string }): GoUrl {
  const host = parts.host ?? '';
  const colon = host.indexOf(':', host.lastIndexOf(']') + 1);
  const name = colon < 0 ? host : host.slice(0, colon);
  return {
    scheme: parts.scheme ?? '',
    host,
    hostname: name.replace(/^\[(.*)\]$/, '$1'),
    port: colon < 0 ? '' : host.slice(colon + 1),
    escapedPath: escapePath(parts.path ?? ''),
    query: queryOf(parts.query ?? ''),
  };
}

/** The host of `user:password@host:port`, or undefined when Go refuses it. */
function hostOf(authority: string, scheme: string | undefined): string | undefined {
  const at = authority.lastIndexOf('@');
  if (at >= 0 && !(/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(authority.slice(0, at)) && hasValidEscapes(authority.slice(0, at)))) return undefined;
  const host = authority.slice(at + 1);
  if (host.lastIndexOf('[') > 0) return undefined;
  if (host.startsWith('[')) {
    const literal = /^\[([0-9a-fA-F:.]*)(?:%25(.*))?\](?::\d*)?$/.exec(host);
    return literal && ipVersion(literal[1]) === 6 && (literal[2] === undefined || isZone(literal[2])) ? host : undefined;
  }
  const port = scheme === 'http' || scheme === 'https' ? host.indexOf(':') : host.lastIndexOf(':');
  if (port >= 0 && !/^:\d*$/.test(host.slice(port))) return undefined;
  // Only characters beyond ASCII may be written as escapes here.
  if (/%(?!25|[89a-fA-F][0-9a-fA-F])/.test(host)) return undefined;
  return /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]*$/u.test(host) ? host : undefined;
}

function isZone(text: string): boolean {
  return text !== '' && hasValidEscapes(text) && /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]*$/u.test(text);
}

function hasValidEscapes(text: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/.test(text);
}

function escapePath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/[\]%]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''));
}

function queryOf(text: string): Map<string, string[]> {
  const query = new Map<string, string[]>();
  for (const part of text.split('&').filter((it) => it !== '' && !it.includes(';'))) {
    const [name, ...value] = part.split('=');
    try {
      const [key, content] = [name, value.join('=')].map((it) => decodeURIComponent(it.replace(/\+/g, ' ')));
      query.set(key, [...query.get(key) ?? [], content]);
    } catch {
      // Go leaves out what it cannot read.
    }
  }
  return query;
}
