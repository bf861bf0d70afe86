import { schemaFor } from '../../../src/engine/schema/load-schema';
import { nativeKind } from '../../../src/engine/schema/native-schema';
import { validateDocument } from '../../../src/engine/validate/validate-document';
import { l1Instances } from '../../support/l1-instances';
import { changed, complaintsOf, sentencesOf } from '../../support/validate/complaints';
import { CORE_INSTANCES, UNCOVERED_FIELDS } from '../../support/validate/core-instances';
import { mutants } from '../../support/validate/mutate';
import { Random } from '../../support/validate/random';
import { RULE_BREAKERS } from '../../support/validate/rule-breakers';
import { ruleCases } from '../../support/validate/rule-cases';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 1);

const istio = (kind: string, spec: object) => ({ apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'a', namespace: 'shop' }, spec });
const entry = istio('ServiceEntry', { hosts: ['a.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' });
const route = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'a' },
  spec: { parentRefs: [{ name: 'g' }], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name: 'b', port: 80 }] }] },
};
const certificate = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'a' }, spec: { secretName: 's', issuerRef: { name: 'i' }, dnsNames: ['a'] } };

describe('an object of a custom resource', () => {
  test.each<[string, any, string[]]>([
    ['is fine as its definition wants it', entry, []],
    ['has values of the right types', changed(entry, ['spec.hosts', 'a.example.com']), ['spec.hosts TypeInvalid']],
    ['has all fields that are required', changed(entry, ['spec.hosts', undefined]), ['spec.hosts Required']],
    ['has no field that is unknown', changed(entry, ['spec.host', 'a']), ['spec.host FieldUnknown']],
    ['has values of closed sets', changed(entry, ['spec.resolution', 'SRV']), ['spec.resolution NotSupported']],
    ['keeps to limits of numbers', changed(entry, ['spec.ports.0.number', 5e9]), ['spec.ports[0].number Invalid']],
    ['keeps to limits of lists', changed(entry, ['spec.hosts', Array.from({ length: 257 }, (_, i) => `h${i}.example.com`)]), ['spec.hosts TooMany']],
    ['keeps to its rules', changed(entry, ['spec.endpoints', [{ address: 'a.example.com' }]], ['spec.workloadSelector', { labels: { a: 'b' } }]), ['spec Invalid']],
    ['has unique entries in lists that are maps', changed(route, ['spec.rules.0.matches.0.headers', [{ name: 'a', value: 'b' }, { name: 'a', value: 'c' }]]), ['spec.rules[0].matches[0].headers[1] Duplicate']],
    ['has texts of their formats', changed(certificate, ['status', undefined], ['spec.duration', 5]), ['spec.duration TypeInvalid']],
    ['has a name', changed(entry, ['metadata.name', undefined]), ['metadata.name Required']],
    ['has a name that DNS allows', changed(entry, ['metadata.name', 'A_b']), ['metadata.name Invalid']],
    ['has labels that selectors can name', changed(entry, ['metadata.labels', { 'a b': 'c', 'd': 'e f' }]), ['metadata.labels Invalid']],
    ['has annotations with names', changed(entry, ['metadata.annotations', { 'a/b/c': 'd' }]), ['metadata.annotations Invalid']],
    ['is of a version that is served', { ...entry, apiVersion: 'networking.istio.io/v2' }, ['apiVersion NotSupported']],
  ])('%s', (_, object, complaints) => {
    // One field may break several limits.
    expect([...new Set(complaintsOf(object))]).toEqual(complaints);
  });

  test('may be int or text where either is fine, and nothing else', () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: [{ port: 80, targetPort: 'http' }] } };
    expect(complaintsOf(service)).toEqual([]);
    expect(complaintsOf(changed(service, ['spec.ports.0.targetPort', 8080]))).toEqual([]);
    expect(complaintsOf(changed(service, ['spec.ports.0.targetPort', true]))).toEqual(['spec.ports[0].targetPort TypeInvalid']);
  });

  test('of an unknown kind is not checked, and said to be so', () => {
    expect(validateDocument({ apiVersion: 'example.com/v1', kind: 'Thing' })).toEqual({ isChecked: false, violations: [] });
  });

  test('gets messages that say what is allowed', () => {
    expect(sentencesOf(changed(entry, ['spec.resolution', 'SRV']))).toEqual([expect.stringMatching(/"SRV".*; one of "NONE", "STATIC", "DNS"/)]);
  });

  test('is refused, not crashed upon, when it is nested without end', () => {
    let deep: unknown = {};
    for (let i = 0; i < 100_000; i++) deep = { a: deep };
    expect(() => validateDocument(changed(entry, ['spec.x', 1]))).not.toThrow();
    expect(validateDocument({ apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata: { name: 'a' }, spec: { configPatches: [{ patch: { value: deep } }] } }).isChecked).toBe(true);
  });

  test('that its class makes is accepted, in every kind and with every choice', () => {
    const refused = l1Instances().flatMap((it) => [it.minimal, it.full, ...it.alternatives])
      .map((object) => ({ object, errors: validateDocument(object).violations.filter((it) => it.severity === 'error' && it.source !== 'webhook') }))
      .filter(({ errors }) => errors.length > 0);
    expect(refused.map(({ object, errors }) => `${object.kind}: ${errors[0].field} ${errors[0].message}`)).toEqual([]);
  });

  test('never makes validation fail, however it is changed', () => {
    const random = new Random(20261121);
    let errors = 0;
    for (const { full, apiVersion, kind } of l1Instances()) {
      for (const { object } of mutants(full, schemaFor(apiVersion, kind)!.schema, random, 2 * RUNS)) errors += validateDocument(object).violations.length > 0 ? 1 : 0;
    }
    expect(errors).toBeGreaterThan(50);
  });

  test.each(RULE_BREAKERS.map(([rule, object]) => [`${object.kind}: ${rule}`, rule, object]))('breaks the rule of %s', (_, rule, object) => {
    const broken = validateDocument(object).violations.filter((it) => it.source === 'rule');
    expect(broken.map((it) => it.message)).toEqual([expect.stringContaining(rule)]);
  });

  test('breaks each rule of some kinds when it is made to', () => {
    const random = new Random(1);
    const unbroken = l1Instances().filter((it) => ['AuthorizationPolicy', 'PeerAuthentication', 'Telemetry'].includes(it.kind) && it.apiVersion.includes('istio.io'))
      .flatMap((it) => ruleCases(it, random, { wanted: 1, attempts: 200 }).unbroken.map((rule) => `${it.kind} ${rule.rule}`));
    expect(unbroken.filter((it) => !it.includes('oldSelf'))).toEqual([]);
  });
});

describe('an object of a built-in kind', () => {
  test.each(CORE_INSTANCES.map((it) => [it.kind, it]))('%s is fine as an API server wants it', (_, object) => {
    expect(complaintsOf(object)).toEqual([]);
  });

  test('never makes validation fail, however it is changed', () => {
    const random = new Random(20261121);
    const refused = CORE_INSTANCES.flatMap((object) => mutants(object, nativeKind(object.apiVersion, object.kind)!.schema, random, 20 * RUNS, UNCOVERED_FIELDS))
      .filter(({ object }) => validateDocument(object).violations.length > 0);
    expect(refused.length).toBeGreaterThan(100);
  });

  test.each<[string, any, string[]]>([
    ['a Service without ports', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: {} }, ['spec.ports Required']],
    ['a Service named as a domain', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a.b' }, spec: { ports: [{ port: 80 }] } }, ['metadata.name Invalid']],
    ['a Deployment that selects nothing', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: { selector: {}, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } } } }, ['spec.selector Invalid']],
    ['a text for a number', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: { replicas: '3' } }, ['spec.replicas TypeInvalid']],
    ['a Secret that is no base64', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { a: '???' } }, ['data[a] TypeInvalid']],
  ])('%s is refused', (_, object, complaints) => {
    expect(complaintsOf(object)).toEqual(expect.arrayContaining(complaints));
  });
});
