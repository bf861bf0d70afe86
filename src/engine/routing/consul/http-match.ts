import { fullMatch, TextTest } from '../../match/regex';
import { JsonObject, objectsOf, textOf, textsOf } from '../../model/json';
import type { HttpRequest } from '../http-request';

/**
 * Whether a request satisfies a match of a ServiceRouter or a permission of an intention. Prefixes compare characters: `/api` covers `/apix`.
 */
export function matchesHttp(match: JsonObject, request: HttpRequest): boolean {
  const methods = textsOf(match.methods);
  return pathFits(match, request.pathOnly)
    && (methods.length === 0 || methods.includes(request.method))
    && objectsOf(match.header).every(item => headerFits(item, request))
    && objectsOf(match.queryParam).every(item => queryFits(item, request));
}

function pathFits(match: JsonObject, path: string): boolean {
  const [exact, prefix, regex] = [match.pathExact, match.pathPrefix, match.pathRegex].map(item => textOf(item) || undefined);
  const plain = match.caseInsensitive === true ? (text: string): string => text.toLowerCase() : (text: string): string => text;
  if (exact !== undefined) return plain(path) === plain(exact);
  if (prefix !== undefined) return plain(path).startsWith(plain(prefix));
  return regex === undefined || fullMatch(regex)?.(path) === true;
}

function headerFits(match: JsonObject, request: HttpRequest): boolean {
  const value = request.headers.get((textOf(match.name) ?? '').toLowerCase());
  const fits = match.present === true ? value !== undefined : value !== undefined && textTest(match)(value);
  return match.invert === true ? !fits : fits;
}

function queryFits(match: JsonObject, request: HttpRequest): boolean {
  const value = request.query().get(textOf(match.name) ?? '');
  return match.present === true ? value !== undefined : value !== undefined && textTest(match)(value);
}

function textTest(match: JsonObject): TextTest {
  const ignore = match.ignoreCase === true;
  const plain = (text: string): string => (ignore ? text.toLowerCase() : text);
  const wanted = (name: string): string | undefined => { const text = textOf(match[name]) || undefined; return text === undefined ? undefined : plain(text); };
  const [exact, prefix, suffix, contains] = ['exact', 'prefix', 'suffix', 'contains'].map(wanted);
  if (exact !== undefined) return value => plain(value) === exact;
  if (prefix !== undefined) return value => plain(value).startsWith(prefix);
  if (suffix !== undefined) return value => plain(value).endsWith(suffix);
  if (contains !== undefined) return value => plain(value).includes(contains);
  const regex = textOf(match.regex);
  return regex ? fullMatch(regex) ?? (() => false) : () => false;
}
