import * as fc from 'fast-check';
import { HeaderMatch, HttpMatch, MethodMatch, PathMatch, PathMatchKind, QueryMatch, ValueMatchKind } from '../../src';

/** A request as far as matches look at it. */
export interface Request {
  readonly path: string;
  readonly method: string;
  readonly headers: { readonly [name: string]: string };
  readonly query: { readonly [name: string]: string };
  readonly port: number;
}

/** Whether a request satisfies a match: the meaning of matches, written down once more for the tests alone. */
export function satisfies(request: Request, match: HttpMatch): boolean {
  return (match.path === undefined || pathFits(request.path, match.path))
    && (match.method === undefined || match.method.method === request.method)
    && (match.servicePort === undefined || match.servicePort === request.port)
    && (match.headers ?? []).every((header) => textFits(request.headers[header.name], header) !== header.inverted)
    && (match.queryParams ?? []).every((param) => textFits(request.query[param.name], param));
}

function pathFits(path: string, match: PathMatch): boolean {
  switch (match.kind) {
    case PathMatchKind.EXACT: return path === match.path;
    case PathMatchKind.PREFIX: return `${path}/`.startsWith(match.path === '/' ? '/' : `${match.path}/`);
    case PathMatchKind.REGEX: return new RegExp(`^(?:${match.path})$`).test(path);
    case PathMatchKind.TEMPLATE: return new RegExp(`^${match.path.replace(/\{\*\*\}/g, '.*').replace(/\{\*\}/g, '[^/]+')}$`).test(path);
  }
}

function textFits(text: string | undefined, { kind, text: wanted }: HeaderMatch | QueryMatch): boolean {
  if (text === undefined) { return false; }
  switch (kind) {
    case ValueMatchKind.EXACT: return text === wanted;
    case ValueMatchKind.PREFIX: return text.startsWith(wanted);
    case ValueMatchKind.REGEX: return new RegExp(`^(?:${wanted})$`).test(text);
    case ValueMatchKind.PRESENT: return true;
  }
}

const TEXTS = ['a', 'ab', 'abc', 'b'];
const segment = fc.constantFrom('a', 'ab', 'b');
const path = fc.array(segment, { maxLength: 3 }).map((segments) => `/${segments.join('/')}`);
const template = fc.array(fc.oneof(segment, fc.constant('{*}')), { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join('/')}`);

/** Matchers of paths that meet each other often. */
export const pathMatches: fc.Arbitrary<PathMatch> = fc.oneof(
  path.map((text) => PathMatch.exact(text)),
  path.map((text) => PathMatch.prefix(text)),
  fc.oneof(template, template.map((text) => `${text}/{**}`)).map((text) => PathMatch.template(text)),
  fc.constantFrom('/a.*', '/a/.*|/b', '/[ab]+', '/(a|b)/.+').map((text) => PathMatch.regex(text)),
);

const headerMatch = (name: string) => fc.tuple(fc.boolean(), fc.oneof(
  fc.constantFrom(...TEXTS).map((text) => HeaderMatch.exact(name, text)),
  fc.constantFrom(...TEXTS).map((text) => HeaderMatch.prefix(name, text)),
  fc.constantFrom('a.*', '[ab]+').map((text) => HeaderMatch.regex(name, text)),
  fc.constant(HeaderMatch.present(name)),
)).map(([inverted, header]) => (inverted ? HeaderMatch.not(header) : header));

const headers = fc.tuple(fc.option(headerMatch('x'), { nil: undefined }), fc.option(headerMatch('y'), { nil: undefined }))
  .map((list) => list.filter((header) => header !== undefined));

const queryParams = fc.option(fc.oneof(
  fc.constantFrom(...TEXTS).map((text) => QueryMatch.exact('q', text)),
  fc.constantFrom('a.*', '[ab]+').map((text) => QueryMatch.regex('q', text)),
), { nil: undefined }).map((param) => (param ? [param] : []));

/** Matches that meet each other often. */
export const matches: fc.Arbitrary<HttpMatch> = fc.record({
  path: fc.option(pathMatches, { nil: undefined }),
  method: fc.option(fc.constantFrom(MethodMatch.GET, MethodMatch.POST), { nil: undefined }),
  headers,
  queryParams,
  servicePort: fc.option(fc.constantFrom(80, 90), { nil: undefined }),
});

/** Requests that satisfy such matches often. */
export const requests: fc.Arbitrary<Request> = fc.record({
  path: fc.oneof(path, path.map((text) => `${text}/`), path.map((text) => `${text}b`)),
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  headers: fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom(...TEXTS)),
  query: fc.dictionary(fc.constantFrom('q'), fc.constantFrom(...TEXTS)),
  port: fc.constantFrom(80, 90),
});
