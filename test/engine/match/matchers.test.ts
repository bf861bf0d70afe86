import { hostOfAuthority, hostsMatch, intersectHosts, isSubsetOf } from '../../../src/engine/match/host';
import { parseCidr, parseIp } from '../../../src/engine/match/ip';
import { hasSegmentPrefix, normalizePath, queryParameters } from '../../../src/engine/match/path';
import { fullMatch } from '../../../src/engine/match/regex';
import { uriTemplate } from '../../../src/engine/match/uri-template';

describe('regular expressions', () => {
  test('the whole text must match, by any alternative: leftmost-first engines would stop at the first', () => {
    expect(fullMatch('a|ab')!('ab')).toBe(true);
    expect(fullMatch('a')!('ab')).toBe(false);
  });

  test('a pattern that RE2 refuses is none', () => expect(fullMatch('(?=a)')).toBeUndefined());
});

describe('hosts', () => {
  test('matching goes both ways, lying within goes one way', () => {
    expect(hostsMatch('*.com', 'a.com')).toBe(true);
    expect(hostsMatch('a.com', '*.com')).toBe(true);
    expect(isSubsetOf('a.com', '*.com')).toBe(true);
    expect(isSubsetOf('*.com', 'a.com')).toBe(false);
  });

  test('an intersection keeps the narrower of two hosts', () => {
    expect(intersectHosts(['*.foo.com', 'bar.com'], ['a.foo.com', '*.com'])).toEqual(['a.foo.com', '*.foo.com', 'bar.com']);
  });

  test.each([['A.com:80', 'a.com'], ['[::1]:8080', '::1'], ['a.com', 'a.com']])('the host of %s is %s', (authority, host) => {
    expect(hostOfAuthority(authority)).toBe(host);
  });
});

describe('addresses', () => {
  test.each([
    ['10.0.0.0/8', '10.255.0.1', true], ['10.0.0.0/8', '11.0.0.1', false], ['10.1.2.3', '10.1.2.3', true],
    ['0.0.0.0/0', '8.8.8.8', true], ['2001:db8::/32', '2001:db8::1', true], ['2001:db8::/32', '2001:db9::1', false], ['0.0.0.0/0', '::1', false],
  ])('%s holds %s: %s', (range, ip, inside) => expect(parseCidr(range)!.test(parseIp(ip))).toBe(inside));

  test.each(['10.0.0', '10.0.0.256', '1.2.3.4/33', 'x', ':::'])('%s is no range', text => expect(parseCidr(text)).toBeUndefined());
});

describe('paths', () => {
  test('BASE resolves dots and decodes letters but keeps double slashes', () => {
    expect(normalizePath('/a/../b/%41//c?q=..', 'BASE')).toBe('/b/A//c?q=..');
  });

  test('NONE changes nothing, MERGE_SLASHES merges, and only DECODE_AND_MERGE_SLASHES decodes slashes', () => {
    expect(normalizePath('/a//%2fb', 'NONE')).toBe('/a//%2fb');
    expect(normalizePath('/a//%2fb', 'MERGE_SLASHES')).toBe('/a/%2fb');
    expect(normalizePath('/a//%2fb', 'DECODE_AND_MERGE_SLASHES')).toBe('/a/b');
  });

  test('a prefix by segments does not cover a longer word', () => {
    expect(hasSegmentPrefix('/foo/bar', '/foo')).toBe(true);
    expect(hasSegmentPrefix('/foobar', '/foo')).toBe(false);
  });

  test('of repeated parameters the first counts, and nothing is decoded', () => {
    expect([...queryParameters('/?a=1&a=2&b=%20')]).toEqual([['a', '1'], ['b', '%20']]);
  });
});

describe('path templates', () => {
  test.each([
    ['/allow/admin/{**}', '/allow/admin/', true], ['/allow/admin/{**}', '/allow/admin', false],
    ['/store/{**}/cart', '/store//cart', true], ['/store/{**}/cart', '/store/cart', false],
    ['/a/{*}/b', '/a/x/b', true], ['/a/{*}/b', '/a/x/y/b', false], ['/a/{*}/b', '/a//b', false],
  ])('%s covers %s: %s', (template, path, covers) => expect(uriTemplate(template)(path)).toBe(covers));
});
