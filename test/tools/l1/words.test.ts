import { enumMember, enumMembers, isNameable } from '../../../tools/l1/enum-member';
import { memberName, pascalCase } from '../../../tools/l1/member-name';
import { isMangled, singular } from '../../../tools/l1/singular';

const words = { invariant: ['tls', 'egress', 'dns'], irregular: { matches: 'match', analyses: 'analysis' } };

describe('the singular of a list name', () => {
  test.each([
    ['rules', 'rule'],
    ['httpRoutes', 'httpRoute'],
    ['policies', 'policy'],
    ['addressPolicies', 'addressPolicy'],
    ['matches', 'match'],
    ['RouteMatches', 'RouteMatch'],
    ['analyses', 'analysis'],
    ['classes', 'class'],
    ['prefixes', 'prefix'],
    ['tls', 'tls'],
    ['hostEgress', 'hostEgress'],
    ['from', 'from'],
    ['gateway', 'gateway'],
    ['status', 'status'],
  ])('of %s is %s', (plural, expected) => {
    expect(singular(plural, words)).toBe(expected);
  });

  test('is refused where it would be mangled', () => {
    expect(() => singular('mtls', words)).toThrow('the singular of mtls would be mtl: list mtls in names.json as invariant or irregular');
  });

  test.each(['Tl', 'Egres', 'Ingres', 'Addres', 'Acces', 'Statu'])('%s is a mangled word', (word) => {
    expect(isMangled(word)).toBe(true);
  });

  test.each(['Rule', 'Address', 'Keystores', 'Access', 'Class', 'Resource'])('%s is a word', (word) => {
    expect(isMangled(word)).toBe(false);
  });
});

describe('an enum member', () => {
  test.each([
    ['ISTIO_MUTUAL', 'ISTIO_MUTUAL'],
    ['RoundRobin', 'ROUND_ROBIN'],
    ['PathPrefix', 'PATH_PREFIX'],
    ['HTTPRoute', 'HTTP_ROUTE'],
    ['create-update', 'CREATE_UPDATE'],
    ['digital signature', 'DIGITAL_SIGNATURE'],
    ['appmesh:v1beta2', 'APPMESH_V1BETA2'],
    ['gRPC', 'GRPC'],
    ['ClusterSetIP', 'CLUSTER_SET_IP'],
    ['2xx', 'VALUE_2XX'],
    ['https', 'HTTPS'],
    ['TLSV1_2', 'TLSV1_2'],
  ])('of %s is %s', (value, member) => {
    expect(enumMember(value)).toBe(member);
  });

  test('is never there twice', () => {
    expect(() => enumMembers(['a-b', 'a_b'])).toThrow('enum values a-b, a_b give the member A_B twice');
  });

  test.each([
    [['A', 'B'], true],
    [['', 'A'], false], // no name for the empty string
    [['A', 1], false],
    [['A'], false], // one value is no choice
    [['a-b', 'a_b'], false],
    [Array.from({ length: 41 }, (_, i) => `v1.${i}`), false], // a catalogue
  ])('exists for every value of %j: %s', (values, expected) => {
    expect(isNameable(values as unknown[])).toBe(expected);
  });
});

describe('a member name', () => {
  test.each([
    ['mirrorPercent', 'mirrorPercent'],
    ['mirror_percent', 'mirrorPercent'],
    ['DisableAnnotations', 'disableAnnotations'],
    ['x-forwarded-for', 'xForwardedFor'],
    ['URL', 'url'],
    ['TLSMode', 'tlsMode'],
    ['clientIP', 'clientIP'],
  ])('of %s is %s', (wire, member) => {
    expect(memberName(wire)).toBe(member);
  });

  test.each(['build', 'equals', 'hashCode', 'getValue'])('%s is forbidden by jsii', (name) => {
    expect(() => memberName(name)).toThrow(`member ${name}: jsii forbids the name ${name}`);
  });

  test('is chosen where jsii forbids the obvious one', () => {
    expect(memberName('getValue', { getValue: 'valueToRead' })).toBe('valueToRead');
  });

  test('becomes the tail of a type name', () => {
    expect(['httpRoute', 'retry_on_failure'].map(pascalCase)).toEqual(['HttpRoute', 'RetryOnFailure']);
  });
});
