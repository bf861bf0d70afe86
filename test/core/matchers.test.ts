import { HeaderMatch, MethodMatch, PathMatch, PathRewrite, QueryMatch } from '../../src';
import { errorOf } from '../support/manifests';

describe('a path', () => {
  test.each(['api', '', 'http://a', '/a?b', '/a#b', '/a b'])('"%s" is refused everywhere', (path) => {
    for (const make of [PathMatch.exact, PathMatch.prefix, PathMatch.template, PathRewrite.prefix, PathRewrite.full]) {
      expect(errorOf(() => make(path))).toMatchObject({ code: 'MESH-E009', what: `invalid path, got "${path}"`, fix: 'begin it with a slash and leave out query, fragment and white space' });
    }
  });

  test.each([['/api/', '/api'], ['/api///', '/api'], ['/', '/'], ['//', '/']])('prefix %s is %s', (given, path) => expect(PathMatch.prefix(given).path).toBe(path));

  test.each(['/a/{x}', '/a{*}', '/{**}/{*}', '/{**}/{**}', '/a/*', '/{*}a', '/a}'])('template %s is refused', (template) => {
    expect(errorOf(() => PathMatch.template(template))).toMatchObject({ code: 'MESH-E009', what: `invalid path template, got "${template}"` });
  });

  test.each(['/{*}', '/a/{*}/b/{**}', '/{**}/end', '/a'])('template %s is taken', (template) => expect(PathMatch.template(template).toString()).toBe(`template ${template}`));
});

describe('a pattern', () => {
  const makers = [(pattern: string) => PathMatch.regex(pattern), (pattern: string) => HeaderMatch.regex('x', pattern), (pattern: string) => QueryMatch.regex('x', pattern),
    (pattern: string) => PathRewrite.regex(pattern, '/')];

  test.each(['(', 'a(?=b)', '(a)\\1', '[z-a]', '*'])('%s is no RE2', (pattern) => {
    for (const make of makers) { expect(errorOf(() => make(pattern))).toMatchObject({ code: 'MESH-E009', what: `invalid regular expression, got "${pattern}"` }); }
  });

  test.each([['', 0], ['a'.repeat(1025), 1025]])('of an odd length is refused', (pattern, length) => {
    for (const make of makers) { expect(errorOf(() => make(pattern))).toMatchObject({ code: 'MESH-E009', what: `invalid regular expression of ${length} characters` }); }
  });

  test('in RE2 syntax is taken', () => expect(PathMatch.regex('/v[0-9]+(?:/.*)?').toString()).toBe('regex /v[0-9]+(?:/.*)?'));
});

describe('a header', () => {
  test('is the same in upper and lower case', () => expect(HeaderMatch.exact('X-Canary', 'Yes')).toMatchObject({ name: 'x-canary', text: 'Yes', inverted: false }));

  test.each([':method', 'a b', '', 'x:y'])('"%s" is no header name', (name) => {
    expect(errorOf(() => HeaderMatch.present(name))).toMatchObject({ code: 'MESH-E009', what: `invalid header name, got "${name}"` });
  });

  test('is not compared with nothing', () => {
    expect(errorOf(() => HeaderMatch.prefix('x', ''))).toMatchObject({ code: 'MESH-E009', what: 'an empty text' });
    expect(errorOf(() => HeaderMatch.exact('x', ''))).toMatchObject({ code: 'MESH-E009', fix: 'use HeaderMatch.present() to ask only for presence' });
  });

  test('may be turned around, and back', () => {
    const not = HeaderMatch.not(HeaderMatch.exact('x', 'a'));
    expect(not.toString()).toBe('not x exact a');
    expect(HeaderMatch.not(not)).toEqual(HeaderMatch.exact('x', 'a'));
    expect(HeaderMatch.present('x').toString()).toBe('x present');
  });
});

describe('a query parameter', () => {
  test.each(['', 'a=b', 'a&b', 'a b', 'a#'])('"%s" is no name', (name) => {
    expect(errorOf(() => QueryMatch.exact(name, 'x'))).toMatchObject({ code: 'MESH-E009', what: `invalid query parameter name, got "${name}"` });
  });

  test('keeps upper and lower case', () => expect(QueryMatch.exact('Version', '2').toString()).toBe('Version exact 2'));
});

describe('a method', () => {
  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'])('%s is known', (method) => expect(MethodMatch.of(method).toString()).toBe(method));
  test.each(['get', 'BREW', ''])('"%s" is not', (method) => {
    expect(errorOf(() => MethodMatch.of(method))).toMatchObject({ code: 'MESH-E009', what: `unknown HTTP method, got "${method}"` });
  });
});
