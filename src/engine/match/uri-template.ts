import { TextTest } from './regex';

/** Characters of a path segment that Envoy's template operators match. */
const SEGMENT = "[A-Za-z0-9\\-._~%!$&'()+,;:@=*]";

/** Whether a path of a policy is a template rather than text with a wildcard at one end. */
export function isUriTemplate(path: string): boolean {
  return path.includes('{*}') || path.includes('{**}');
}

/**
 * Compiles a path template: `{*}` is exactly one segment, `{**}` any number of characters, slashes included.
 *
 * The characters that operators match were checked against Envoy 1.40.
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/path/match/uri_template/v3/uri_template_match.proto
 */
export function uriTemplate(template: string): TextTest {
  const source = template.split(/(\{\*\*\}|\{\*\})/).map(part => {
    if (part === '{**}') return `(?:${SEGMENT}|/)*`;
    if (part === '{*}') return `${SEGMENT}+`;
    return part.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
  }).join('');
  // Written by ourselves from two fixed operators, of which the unbounded one comes last: no catastrophic backtracking.
  const regex = new RegExp(`^${source}$`);
  return path => regex.test(path);
}
