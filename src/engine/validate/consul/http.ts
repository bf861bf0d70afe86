import { checkAnyDuration, compiles } from '../istio/fields';
import { Place } from '../place';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'];
const CONDITIONS = ['5xx', 'gateway-error', 'reset', 'connect-failure', 'envoy-ratelimited', 'retriable-4xx', 'refused-stream', 'cancelled', 'deadline-exceeded', 'internal',
  'resource-exhausted', 'unavailable'];
const PATHS = ['pathExact', 'pathPrefix', 'pathRegex'];

/** One of a closed set; an absent text counts as right. */
export function checkChoice(place: Place, values: readonly string[]): void {
  if (place.text !== '' && !values.includes(place.text)) place.error('FieldValueNotSupported', `unknown value ${JSON.stringify(place.text)}`, `one of ${values.join(', ')}`);
}

/** Which requests: by path, methods, headers and parameters. */
export function checkHttp(http: Place): void {
  checkPaths(http);
  checkMethods(http.at('methods'));
  for (const header of http.at('header').items()) checkMatcher(header, ['exact', 'prefix', 'suffix', 'contains', 'regex', 'present']);
  for (const parameter of http.at('queryParam').items()) checkMatcher(parameter, ['exact', 'regex', 'present']);
}

/** At most one kind of path, which begins with a slash. */
export function checkPaths(http: Place): void {
  const paths = PATHS.filter((name) => http.at(name).text !== '');
  if (paths.length > 1) http.at(paths[1]).forbidden(`${paths[0]} is set, too`);
  for (const name of paths.filter((it) => it !== 'pathRegex')) {
    if (!http.at(name).text.startsWith('/')) http.at(name).invalid(`the path ${JSON.stringify(http.at(name).text)} is relative`, 'a path that begins with a slash');
  }
  checkPattern(http.at('pathRegex'));
}

function checkMethods(list: Place): void {
  const seen = new Set<string>();
  for (const method of list.items()) {
    const name = method.text.toUpperCase();
    if (!METHODS.includes(name)) method.error('FieldValueNotSupported', `unknown method ${JSON.stringify(method.text)}`, `one of ${METHODS.join(', ')}`);
    else if (seen.has(name)) method.duplicate();
    seen.add(name);
  }
}

/** Exactly one way to match a value. */
function checkMatcher(matcher: Place, ways: readonly string[]): void {
  if (matcher.at('name').text === '') matcher.at('name').required();
  const given = ways.filter((name) => name === 'present' ? matcher.at(name).isTrue : matcher.at(name).text !== '');
  if (given.length === 0) matcher.required(`it matches nothing: ${ways.join(', ')}`);
  else if (given.length > 1) matcher.at(given[1]).forbidden(`${given[0]} is set, too`);
  checkPattern(matcher.at('regex'));
}

function checkPattern(regex: Place): void {
  if (regex.text !== '' && !compiles(regex.text)) regex.invalid(`invalid regular expression ${JSON.stringify(regex.text)}`, 'the syntax of RE2');
}

/** When a request is sent again. */
export function checkRetryOn(list: Place): void {
  for (const condition of list.items()) checkChoice(condition, CONDITIONS);
}

/** Durations as Go writes them. */
export function checkDurations(place: Place, names: readonly string[]): void {
  for (const name of names) checkAnyDuration(place.at(name));
}
