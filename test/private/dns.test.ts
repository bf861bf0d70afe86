import { dnsLabel, dnsSubdomain, hostName, isDnsLabel, isDnsSubdomain, labelValue, serviceLabel } from '../../src/private/dns';
import { errorOf } from '../support/manifests';

describe('names', () => {
  test.each([['a', true], ['a-b', true], ['9a', true], ['a'.repeat(63), true], ['a'.repeat(64), false], ['', false], ['-a', false], ['a-', false], ['A', false], ['a.b', false]])(
    '%s is a DNS label: %s', (name, expected) => expect(isDnsLabel(name)).toBe(expected));

  test.each([['a.b', true], ['a..b', false], [`${'a.'.repeat(126)}a`, true], [`${'a.'.repeat(127)}a`, false], ['a.', false]])(
    '%s is a DNS subdomain: %s', (name, expected) => expect(isDnsSubdomain(name)).toBe(expected));

  test('that are no labels are refused with the name and how to mend it', () => {
    expect(errorOf(() => dnsLabel('service name', 'My_Service', 'shop/x'))).toMatchObject({
      code: 'MESH-E001',
      what: 'invalid service name, got "My_Service"',
      constructPath: 'shop/x',
      fix: 'use at most 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit',
    });
    expect(errorOf(() => dnsSubdomain('trust domain', 'a_b'))).toMatchObject({ code: 'MESH-E001', what: 'invalid trust domain, got "a_b"' });
  });

  test('of Services begin with a letter', () => {
    expect(serviceLabel('service name', 'a1')).toBe('a1');
    expect(errorOf(() => serviceLabel('service name', '1a'))).toMatchObject({ code: 'MESH-E001', fix: 'begin it with a letter, as Kubernetes demands of Services' });
  });
});

describe('host names', () => {
  test.each(['shop.example.com', 'a.b', 'x--y.example.com'])('%s is taken', (host) => expect(hostName(host)).toBe(host));

  test.each(['shop', 'Shop.example.com', '10.0.0.1', '*.example.com', 'a..b', 'a_b.com', 'shop.example.com.', ''])('%s is refused', (host) => {
    expect(errorOf(() => hostName(host))).toMatchObject({ code: 'MESH-E002', what: `invalid host name, got "${host}"` });
  });

  test('may begin with a wildcard label where that is said', () => {
    expect(hostName('*.example.com', { wildcard: true })).toBe('*.example.com');
    for (const host of ['*', '*.com', 'a.*.com', '*a.example.com']) {
      expect(errorOf(() => hostName(host, { wildcard: true }))).toMatchObject({ code: 'MESH-E002', fix: 'give a full DNS name such as "shop.example.com" or "*.example.com"' });
    }
  });
});

describe('labels', () => {
  test('take what Kubernetes takes', () => {
    expect(labelValue('example.com/name', 'a_B.c-1')).toBe('a_B.c-1');
    expect(labelValue('name', '')).toBe('');
    expect(labelValue('name', 'a'.repeat(63))).toHaveLength(63);
  });

  test.each([['a/b/c', 'v'], ['-a', 'v'], ['A_b.com/x', 'v'], ['/x', 'v'], ['x'.repeat(64), 'v']])('key %s is refused', (key, text) => {
    expect(errorOf(() => labelValue(key, text))).toMatchObject({ code: 'MESH-E001', what: `invalid label key, got "${key}"` });
  });

  test.each(['a b', 'a/b', '-a', 'a'.repeat(64)])('value %s is refused', (text) => {
    expect(errorOf(() => labelValue('version', text))).toMatchObject({ code: 'MESH-E001', what: `invalid value of label version, got "${text}"` });
  });
});
