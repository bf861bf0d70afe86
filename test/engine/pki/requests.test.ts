import * as fc from 'fast-check';
import { checkIssuerLifetime, DAY, describeSeconds, HOUR, lifetimeFindings, usualLifetime, usualRenewBefore, YEAR } from '../../../src/engine/pki/lifetimes';
import { checkRequest, isSpiffeId, plainAddress, serviceDnsNames } from '../../../src/engine/pki/request';
import { faultOf, requestFor } from '../../support/certificates';
import { holds } from '../../support/properties';

describe('a request', () => {
  test('as usual is fine for every kind', () => {
    (['root', 'intermediate', 'workload', 'gateway'] as const).forEach((kind) => { checkRequest(requestFor(kind)); });
  });

  test.each([
    ['a workload without identity', requestFor('workload', { uris: [] }), 'MESH-E050', 'a workload certificate with 0 identities'],
    ['a workload with two', requestFor('workload', { uris: ['spiffe://a/b', 'spiffe://a/c'] }), 'MESH-E050', 'a workload certificate with 2 identities'],
    ['a workload that is its trust domain', requestFor('workload', { uris: ['spiffe://a'] }), 'MESH-E050', 'a workload certificate with the identity "spiffe://a"'],
    ['a URI that is no SPIFFE ID', requestFor('workload', { uris: ['https://a/b'] }), 'MESH-E050', 'invalid SPIFFE ID, got "https://a/b"'],
    ['a wildcard of a workload', requestFor('workload', { dnsNames: ['*.shop'] }), 'MESH-E050', 'invalid DNS name, got "*.shop"'],
    ['a name in capitals', requestFor('gateway', { dnsNames: ['Shop.example.com'] }), 'MESH-E050', 'invalid DNS name, got "Shop.example.com"'],
    ['a wildcard in the middle', requestFor('gateway', { dnsNames: ['a.*.com'] }), 'MESH-E050', 'invalid DNS name, got "a.*.com"'],
    ['a gateway for no host', requestFor('gateway', { dnsNames: [] }), 'MESH-E050', 'a gateway certificate for no host'],
    ['an address that is none', requestFor('gateway', { ipAddresses: ['10.0.0.300'] }), 'MESH-E050', 'invalid IP address, got "10.0.0.300"'],
    ['an authority without name', requestFor('root', { subject: {} }), 'MESH-E050', 'a root certificate without subject'],
    ['a path length below zero', requestFor('root', { pathLength: -1 }), 'MESH-E050', 'invalid path length, got -1'],
    ['a path length of a workload', requestFor('workload', { pathLength: 0 }), 'MESH-E050', 'a path length for a workload certificate'],
    ['half an hour for a workload', requestFor('workload', { lifetime: HOUR / 2 }), 'MESH-E050', 'invalid lifetime of a workload certificate, got 30 minutes'],
    ['two years for a gateway', requestFor('gateway', { lifetime: 2 * YEAR }), 'MESH-E050', 'invalid lifetime of a gateway certificate, got 730 days'],
    ['a century for a root', requestFor('root', { lifetime: 100 * YEAR }), 'MESH-E050', 'invalid lifetime of a root certificate, got 36500 days'],
    ['a renewal before the beginning', requestFor('workload', { renewBefore: DAY }), 'MESH-E057', 'a workload certificate of 24 hours that is renewed 24 hours before its end'],
    ['no renewal', requestFor('workload', { renewBefore: 0 }), 'MESH-E057', 'a workload certificate of 24 hours that is renewed 0 days before its end'],
    ['a country of three letters', requestFor('root', { subject: { countries: ['DEU'] } }), 'MESH-E050', 'invalid subject attribute C, got "DEU"'],
    ['a common name of 65 characters', requestFor('root', { subject: { commonName: 'ä'.repeat(65) } }), 'MESH-E050', `invalid subject attribute CN, got "${'ä'.repeat(65)}"`],
    ['a serial number that is not printable', requestFor('root', { subject: { commonName: 'a', serialNumber: '4_2' } }), 'MESH-E050', 'invalid subject attribute serialNumber, got "4_2"'],
    ['an attribute without identifier', requestFor('root', { subject: { others: [{ oid: 'title', text: 'x' }] } }), 'MESH-E050', 'invalid subject attribute title, got "x"'],
  ])('for %s is refused', (_, request, code, what) => {
    expect(faultOf(() => { checkRequest(request, 'app/x'); })).toMatchObject({ code, what, path: 'app/x' });
  });
});

describe('names', () => {
  test('of a Service are the four that clients use', () => {
    expect(serviceDnsNames('cart', 'shop', 'cluster.local')).toEqual(['cart', 'cart.shop', 'cart.shop.svc', 'cart.shop.svc.cluster.local']);
  });

  test.each([['spiffe://td', true], ['spiffe://td/a/b', true], ['spiffe://TD/a', false], ['spiffe://td/', false], ['spiffe://td/a//b', false], ['spiffe://td/a/..', false],
    ['spiffe://td/a?b', false], ['spiffe:///a', false], [`spiffe://td/${'a'.repeat(2040)}`, false]])('%s is a SPIFFE ID: %s', (text, good) => {
    expect(isSpiffeId(text)).toBe(good);
  });

  test('of IPv6 have one form for the encoder', () => {
    expect(plainAddress('::ffff:1.2.3.4')).toBe('0000:0000:0000:0000:0000:ffff:0102:0304');
    expect(plainAddress('10.0.0.1')).toBe('10.0.0.1');
    holds(100, fc.ipV6(), (address) => { expect(plainAddress(plainAddress(address))).toBe(plainAddress(address)); });
  });
});

describe('lifetimes', () => {
  test('are days for those who work, and years for those who sign', () => {
    expect((['root', 'intermediate', 'workload', 'gateway'] as const).map((kind) => describeSeconds(usualLifetime(kind)))).toEqual(['3650 days', '365 days', '24 hours', '24 hours']);
    expect(usualRenewBefore(DAY)).toBe(8 * HOUR);
  });

  test('longer than usual are allowed and noticed', () => {
    const findings = (kind: 'root' | 'workload' | 'intermediate', lifetime: number, renewBefore = Math.ceil(lifetime / 3)) => lifetimeFindings({ kind, lifetime, renewBefore });
    expect(findings('workload', 30 * DAY)).toEqual(['a workload certificate that lives 30 days, longer than 24 hours: whoever gets hold of its key can use it that long']);
    expect(findings('intermediate', 2 * YEAR)).toHaveLength(1);
    expect(findings('root', YEAR)).toEqual(['a root that lives 365 days only: every rotation of a root touches every cluster']);
    expect(findings('workload', DAY, HOUR)).toEqual(['a workload certificate of 24 hours that is renewed only 60 minutes before its end: little time is left when a renewal fails']);
    expect([findings('workload', DAY), findings('root', 10 * YEAR)]).toEqual([[], []]);
  });

  test('of an issuer leave room for what it issues', () => {
    const issuer = { kind: 'intermediate' as const, lifetime: 48 * HOUR, renewBefore: 25 * HOUR };
    checkIssuerLifetime(issuer, { what: 'leaves', lifetime: 24 * HOUR });
    expect(faultOf(() => { checkIssuerLifetime({ ...issuer, renewBefore: 12 * HOUR }, { what: 'leaves', lifetime: DAY }, 'app/x'); })).toMatchObject({
      code: 'MESH-E057', what: 'leaves of 24 hours from an issuer of 2 days that is renewed 12 hours before its end', path: 'app/x',
    });
    expect(faultOf(() => { checkIssuerLifetime({ ...issuer, lifetime: 40 * HOUR }, { what: 'leaves', lifetime: DAY }); }).code).toBe('MESH-E057');
  });

  test.each([[1, '1 second'], [59, '59 seconds'], [60, '1 minute'], [120, '2 minutes'], [HOUR, '60 minutes'], [DAY, '24 hours'], [2 * DAY, '2 days'], [90_061, '90061 seconds']])('%d seconds are %s', (seconds, text) => {
    expect(describeSeconds(seconds)).toBe(text);
  });
});
