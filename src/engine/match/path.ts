/** How a proxy normalizes paths before it matches them; the names are those of Istio's mesh config. */
export type PathNormalization = 'NONE' | 'BASE' | 'MERGE_SLASHES' | 'DECODE_AND_MERGE_SLASHES';

/** Characters of a path that are written out as they are; all others are percent-encoded. */
const KEPT = /[A-Za-z0-9\-._~!$&'()*+,;:@=/%[\]]/;

/** Characters whose percent-encoding is undone. */
const UNRESERVED = /[A-Za-z0-9\-._~]/;

/** A request's path without query and fragment. */
export function pathWithoutQuery(path: string): string {
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}

/** The query of a request's path, from the question mark on, or nothing. */
export function queryOf(path: string): string {
  const start = path.indexOf('?');
  return start < 0 ? '' : path.slice(start);
}

/**
 * Normalizes the path of a request as Envoy does; the query stays as it is.
 *
 * Checked against Envoy 1.40: dot segments (also percent-encoded) are resolved, percent-encoded unreserved characters decoded,
 * backslashes become slashes, and characters that a path may not hold are encoded.
 *
 * @returns undefined for a path that Envoy answers with 400
 */
export function normalizePath(path: string, mode: PathNormalization): string | undefined {
  if (!path.startsWith('/') || /[^\x20-\x7e]|#/.test(path)) return path === '*' ? path : undefined;
  if (mode === 'NONE') return path;
  const query = queryOf(path);
  let plain = query ? path.slice(0, path.length - query.length) : path;
  if (mode === 'DECODE_AND_MERGE_SLASHES') plain = plain.replace(/%2f|%5c/gi, '/');
  if (!/[^A-Za-z0-9\-_~/]|\/\//.test(plain)) return plain + query;
  const canonical = canonicalize(plain);
  if (canonical === undefined) return undefined;
  return (mode === 'BASE' ? canonical : mergeSlashes(canonical)) + query;
}

/** Envoy keeps a leading and a trailing slash each, so that a path of slashes alone becomes two. */
function mergeSlashes(path: string): string {
  if (!path.includes('//')) return path;
  return `/${path.split('/').filter(segment => segment !== '').join('/')}${path.endsWith('/') ? '/' : ''}`;
}

function canonicalize(path: string): string | undefined {
  let text = '';
  for (const char of path.replace(/\\/g, '/')) text += KEPT.test(char) ? char : encodeURIComponent(char);
  text = text.replace(/%([0-9a-fA-F]{2})/g, (escape, hex: string) => {
    const char = String.fromCharCode(parseInt(hex, 16));
    return UNRESERVED.test(char) ? char : escape;
  });
  if (/%00/.test(text)) return undefined;
  const output: string[] = [];
  const segments = text.slice(1).split('/');
  segments.forEach((segment, index) => {
    const last = index === segments.length - 1;
    if (segment === '.' || segment === '..') {
      if (segment === '..') output.pop();
      if (last) output.push('');
    } else {
      output.push(segment);
    }
  });
  return `/${output.join('/')}`;
}

/** Whether a path lies below a prefix by whole segments: `/foo` covers `/foo`, `/foo/` and `/foo/bar`, never `/foobar`. */
export function hasSegmentPrefix(path: string, prefix: string): boolean {
  const trimmed = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  return path.startsWith(trimmed) && (path.length === trimmed.length || path.charCodeAt(trimmed.length) === 47);
}

/** A request's query parameters by name; the first of repeated ones counts, and nothing is decoded, as in Envoy's routes. */
export function queryParameters(path: string): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  const query = queryOf(path).slice(1);
  for (const part of query === '' ? [] : query.split('&')) {
    if (part === '') continue;
    const equal = part.indexOf('=');
    const name = equal < 0 ? part : part.slice(0, equal);
    if (!result.has(name)) result.set(name, equal < 0 ? '' : part.slice(equal + 1));
  }
  return result;
}
