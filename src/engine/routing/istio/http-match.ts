import { claimAt, claimMatches } from '../../authz/istio/claims';
import { hasSegmentPrefix } from '../../match/path';
import { fullMatch, TextTest } from '../../match/regex';
import { isObject, JsonObject, numberOf, objectOf, StringMap, stringMapOf, textOf, textsOf } from '../../model/json';
import { HttpRequest } from '../http-request';

/** One condition of a route's match. */
export interface Condition {
  /** What is looked at, such as `uri prefix` or `header x-user`. */
  readonly label: string;
  readonly value: string;
  test(request: HttpRequest): boolean;
}

/** Conditions that a proxy's place decides, not the request. */
export interface StaticConditions {
  readonly port?: number;
  readonly gateways: readonly string[];
  readonly sourceLabels: StringMap;
  readonly sourceNamespace: string;
}

/** One entry of a route's `match`, compiled. */
export interface CompiledMatch {
  readonly conditions: readonly Condition[];
  /** Absent when the match holds in every place. */
  readonly place?: StaticConditions;
  /** Whether every request matches, so that nothing after it can. */
  readonly catchAll: boolean;
  /** The prefix that a rewrite replaces; absent for regular expressions. */
  readonly prefix?: string;
  /** Whether the path must be equal, so that a rewrite replaces it whole. */
  readonly exactPath: boolean;
}

/** The match of a rule without one. */
export const MATCH_ALL: CompiledMatch = { conditions: [], catchAll: true, prefix: '/', exactPath: false };

/** Compiles a match; segment-wise prefixes are those of Gateway API. */
export function compileMatch(match: JsonObject, segmentPrefix: boolean): CompiledMatch {
  const conditions: Condition[] = [];
  const uri = uriCondition(match, segmentPrefix);
  if (uri.condition) conditions.push(uri.condition);
  const others: Condition[] = [
    ...Object.entries(objectOf(match.headers)).map(([name, value]) => headerCondition(name, value, false)),
    ...Object.entries(objectOf(match.withoutHeaders)).map(([name, value]) => headerCondition(name, value, true)),
    ...pseudoHeader(match.method, ':method'),
    ...pseudoHeader(match.authority, ':authority'),
    ...pseudoHeader(match.scheme, ':scheme'),
    ...Object.entries(objectOf(match.queryParams)).map(([name, value]) => queryCondition(name, value)),
  ];
  conditions.push(...others);
  return { conditions, place: placeOf(match), catchAll: uri.catchAll && others.length === 0, prefix: uri.prefix, exactPath: uri.exactPath };
}

function placeOf(match: JsonObject): StaticConditions | undefined {
  const place = {
    port: numberOf(match.port) || undefined,
    gateways: textsOf(match.gateways),
    sourceLabels: stringMapOf(match.sourceLabels),
    sourceNamespace: textOf(match.sourceNamespace) ?? '',
  };
  const everywhere = place.port === undefined && place.gateways.length === 0 && place.sourceNamespace === '' &&
    Object.keys(place.sourceLabels).length === 0;
  return everywhere ? undefined : place;
}

interface UriCondition {
  readonly condition?: Condition;
  readonly catchAll: boolean;
  readonly prefix?: string;
  readonly exactPath: boolean;
}

function uriCondition(match: JsonObject, segmentPrefix: boolean): UriCondition {
  const uri = objectOf(match.uri);
  const fold = match.ignoreUriCase === true;
  const folded = (text: string): string => (fold ? text.toLowerCase() : text);
  if (typeof uri.exact === 'string') {
    const wanted = folded(uri.exact);
    const condition = { label: 'uri exact', value: uri.exact, test: ({ pathOnly }: HttpRequest) => folded(pathOnly) === wanted };
    return { condition, catchAll: false, prefix: uri.exact, exactPath: true };
  }
  if (typeof uri.prefix === 'string') {
    const segments = segmentPrefix && uri.prefix !== '/';
    const prefix = segments ? uri.prefix.replace(/\/$/, '') : uri.prefix;
    const wanted = folded(prefix);
    const test: TextTest = segments ? path => hasSegmentPrefix(folded(path), wanted) : path => folded(path).startsWith(wanted);
    if (!segments && prefix === '/') return { catchAll: true, prefix, exactPath: false };
    const label = segments ? 'path prefix' : 'uri prefix';
    return { condition: { label, value: prefix, test: ({ pathOnly }) => test(pathOnly) }, catchAll: false, prefix, exactPath: false };
  }
  if (typeof uri.regex === 'string') {
    const test = fullMatch(uri.regex) ?? never;
    const condition = { label: 'uri regex', value: uri.regex, test: ({ pathOnly }: HttpRequest) => test(pathOnly) };
    return { condition, catchAll: uri.regex === '.*', exactPath: false };
  }
  return { catchAll: true, prefix: '/', exactPath: false };
}

function headerCondition(name: string, value: unknown, inverted: boolean): Condition {
  const path = claimPath(name);
  const text = textTest(value);
  const label = `${inverted ? 'without ' : ''}header ${name}`;
  if (path) {
    const test = text ?? (() => false);
    const matches = ({ claims }: HttpRequest): boolean => claimMatches(claimAt(claims, path), test);
    return { label, value: describe(value), test: inverted ? request => !matches(request) : matches };
  }
  const key = name.toLowerCase();
  if (!text) return { label, value: 'present', test: ({ headers }) => headers.has(key) !== inverted };
  // A header that must not match and is missing is compared as the empty text.
  const test = inverted
    ? ({ headers }: HttpRequest): boolean => !text(headers.get(key) ?? '')
    : ({ headers }: HttpRequest): boolean => { const actual = headers.get(key); return actual !== undefined && text(actual); };
  return { label, value: describe(value), test };
}

function pseudoHeader(value: unknown, name: string): Condition[] {
  return value === undefined || value === null ? [] : [headerCondition(name, value, false)];
}

function queryCondition(name: string, value: unknown): Condition {
  const text = textTest(value);
  const label = `query parameter ${name}`;
  if (!text) return { label, value: 'present', test: request => request.query().has(name) };
  return {
    label,
    value: describe(value),
    test: request => {
      const actual = request.query().get(name);
      return actual !== undefined && text(actual);
    },
  };
}

/** The test of a text match; undefined for those that only ask whether there is a text: `{}` and the regex `*`. */
export function textTest(value: unknown): TextTest | undefined {
  const match = objectOf(value);
  if (typeof match.exact === 'string') {
    const wanted = match.exact;
    return text => text === wanted;
  }
  if (typeof match.prefix === 'string') {
    const wanted = match.prefix;
    return text => text.startsWith(wanted);
  }
  if (typeof match.regex === 'string' && match.regex !== '*') return fullMatch(match.regex) ?? never;
  return undefined;
}

function describe(value: unknown): string {
  if (!isObject(value)) return 'present';
  const [kind] = Object.keys(value);
  return kind === undefined ? 'present' : `${kind} ${String(value[kind])}`;
}

/** The claim that a pseudo header such as `@request.auth.claims.group` or `@request.auth.claims[group][id]` names. */
function claimPath(name: string): string[] | undefined {
  const start = '@request.auth.claims';
  if (!name.toLowerCase().startsWith(start)) return undefined;
  const rest = name.slice(start.length);
  if (rest.startsWith('.') && rest.length > 1) return rest.slice(1).split('.');
  return rest.startsWith('[') && rest.endsWith(']') && rest.length > 2 ? rest.slice(1, -1).split('][') : undefined;
}

const never: TextTest = () => false;
